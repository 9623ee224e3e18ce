"""The state machine as data: from which status a verb is allowed, and where it leads."""

from dispatch.vocabulary import RequestStatus, Verb

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


def verbs_from(status: RequestStatus | None) -> frozenset[Verb]:
    """Return what can happen next, whoever does it."""
    return frozenset(verb for (source, verb) in TRANSITIONS if source == status)
