"""The state machine as data: from which status a verb is allowed, and where it leads."""

from dispatch.vocabulary import RequestStatus, SessionStatus, SessionVerb, Verb

_PENDING = RequestStatus.PENDING

# A decline is pending until it falls due (ten seconds), so a lost browser strands nothing.
TRANSITIONS: dict[tuple[RequestStatus | None, Verb], RequestStatus] = {
    (None, Verb.SUBMIT): _PENDING,
    (_PENDING, Verb.CLAIM): _PENDING,
    (_PENDING, Verb.PASS): _PENDING,
    (_PENDING, Verb.DECLINE): _PENDING,
    (_PENDING, Verb.UNDO_DECLINE): _PENDING,
    (_PENDING, Verb.ACCEPT): RequestStatus.ACCEPTED,
    (_PENDING, Verb.COMPLETE_DECLINE): RequestStatus.DECLINED,
    (_PENDING, Verb.AUTO_DECLINE): RequestStatus.DECLINED,
    (_PENDING, Verb.WITHDRAW): RequestStatus.WITHDRAWN,
    (_PENDING, Verb.EXPIRE): RequestStatus.EXPIRED,
    (RequestStatus.ACCEPTED, Verb.RETURN_TO_QUEUE): _PENDING,
    (RequestStatus.DECLINED, Verb.DISMISS): RequestStatus.DECLINED,
}


def next_status(status: RequestStatus | None, verb: Verb) -> RequestStatus | None:
    """Return where the verb leads from here, or None when it is not allowed here."""
    return TRANSITIONS.get((status, verb))


_READY, _SCHEDULED = SessionStatus.READY, SessionStatus.SCHEDULED
_WAITING, _AWAY = SessionStatus.PATIENT_WAITING, SessionStatus.PATIENT_AWAY
_TO_COME = (_READY, _SCHEDULED, _WAITING, _AWAY)  # nobody has started it
# A host may start without the patient in the waiting room: who cannot open the page is called.
SESSION_TRANSITIONS: dict[tuple[SessionStatus, SessionVerb], SessionStatus] = {
    **{(status, SessionVerb.ARRIVE): _WAITING for status in _TO_COME},
    (_WAITING, SessionVerb.LEAVE): _AWAY,
    **{(status, SessionVerb.START): SessionStatus.IN_PROGRESS for status in _TO_COME},
    (SessionStatus.IN_PROGRESS, SessionVerb.COMPLETE): SessionStatus.COMPLETED,
    **{(status, SessionVerb.RESCHEDULE): _SCHEDULED for status in _TO_COME},
    **{(status, SessionVerb.CHANGE_HOST): status for status in _TO_COME},
    **{(status, SessionVerb.REMIND): status for status in (_READY, _SCHEDULED, _AWAY)},
    **{(status, SessionVerb.CANCEL): SessionStatus.CANCELLED for status in _TO_COME},
    **{(status, SessionVerb.RETURN): SessionStatus.CANCELLED for status in _TO_COME},
    **{(status, SessionVerb.MISS_PATIENT): SessionStatus.NO_SHOW_PATIENT for status in _TO_COME},
    **{(status, SessionVerb.MISS_HOST): SessionStatus.NO_SHOW_HOST for status in (_WAITING, _AWAY)},
    **{(status, SessionVerb.PRESUME): SessionStatus.COMPLETED for status in (_READY, _SCHEDULED)},
}
OPEN_SESSIONS = frozenset({*_TO_COME, SessionStatus.IN_PROGRESS})


def next_session_status(status: SessionStatus, verb: SessionVerb) -> SessionStatus | None:
    """Return where the verb leads a session from here, or None when it is not allowed here."""
    return SESSION_TRANSITIONS.get((status, verb))
