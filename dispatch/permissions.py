"""Who may do what to a request: one table by relation, and one answer for what one may not see."""

from enum import StrEnum

from dispatch.clinic import Clinic
from dispatch.errors import NotAllowedError, NotFoundError
from dispatch.people import Actor
from dispatch.request import SessionRequest
from dispatch.vocabulary import SessionVerb, Verb


class Relation(StrEnum):
    """How an actor stands to a request."""

    REQUESTER = "requester"
    SCHEDULER = "scheduler"  # of its clinic
    DIRECTED_HOST = "directed_host"  # it names them
    GROUP_HOST = "group_host"  # it names their whole group
    SESSION_HOST = "session_host"  # it was accepted for them
    SYSTEM = "system"


_STAFF = frozenset({Relation.SCHEDULER, Relation.DIRECTED_HOST, Relation.GROUP_HOST})

PERMITTED: dict[Verb, frozenset[Relation]] = {
    # Submit is decided on the clinic, before there is a request: see may_ask and may_ask_for.
    Verb.SUBMIT: frozenset({Relation.REQUESTER, Relation.SCHEDULER}),
    Verb.CLAIM: _STAFF,
    Verb.PASS: frozenset({Relation.GROUP_HOST}),
    Verb.ACCEPT: _STAFF,
    Verb.DECLINE: frozenset({Relation.SCHEDULER, Relation.DIRECTED_HOST}),
    Verb.UNDO_DECLINE: frozenset({Relation.SCHEDULER, Relation.DIRECTED_HOST}),
    Verb.COMPLETE_DECLINE: frozenset({Relation.SYSTEM}),
    Verb.AUTO_DECLINE: frozenset({Relation.SYSTEM}),
    Verb.WITHDRAW: frozenset({Relation.REQUESTER, Relation.SCHEDULER}),
    Verb.EXPIRE: frozenset({Relation.SYSTEM}),
    Verb.RETURN_TO_QUEUE: frozenset({Relation.SCHEDULER, Relation.SESSION_HOST}),
    Verb.DISMISS: frozenset({Relation.REQUESTER}),
}

_SESSION_STAFF = frozenset({Relation.SCHEDULER, Relation.SESSION_HOST})

SESSION_PERMITTED: dict[SessionVerb, frozenset[Relation]] = {
    SessionVerb.ARRIVE: frozenset({Relation.REQUESTER}),
    SessionVerb.LEAVE: frozenset({Relation.REQUESTER, Relation.SYSTEM}),
    SessionVerb.START: frozenset({Relation.SESSION_HOST}),
    SessionVerb.COMPLETE: _SESSION_STAFF | {Relation.SYSTEM},
    SessionVerb.RESCHEDULE: _SESSION_STAFF,
    SessionVerb.CHANGE_HOST: frozenset({Relation.SCHEDULER}),
    SessionVerb.REMIND: _SESSION_STAFF,
    SessionVerb.CANCEL: _SESSION_STAFF,
    SessionVerb.RETURN: _SESSION_STAFF,
    SessionVerb.MISS_PATIENT: _SESSION_STAFF | {Relation.SYSTEM},
    SessionVerb.MISS_HOST: frozenset({Relation.SYSTEM}),
    SessionVerb.FOLLOW: _SESSION_STAFF,
    SessionVerb.PRESUME: frozenset({Relation.SYSTEM}),
}
_KNOW_THE_SESSION = _SESSION_STAFF | {Relation.REQUESTER, Relation.SYSTEM}


def relations(actor: Actor, request: SessionRequest, clinic: Clinic) -> frozenset[Relation]:
    """Return every way in which the actor stands to the request; empty means it is not theirs."""
    if actor.account_id != request.account_id:
        return frozenset()
    directed = request.target_host_id
    accepted_for = request.decision.host_id if request.decision else None
    is_host = clinic.host_group.id in actor.hosts_in
    held = {
        Relation.SYSTEM: actor.is_system,
        Relation.REQUESTER: actor.person_id == request.requester_id,
        Relation.SCHEDULER: request.clinic_id in actor.schedules,
        Relation.DIRECTED_HOST: is_host and directed == actor.person_id,
        Relation.GROUP_HOST: is_host and directed is None,
        Relation.SESSION_HOST: accepted_for is not None and accepted_for == actor.person_id,
    }
    return frozenset(relation for relation, holds in held.items() if holds)


def may(actor: Actor, verb: Verb, request: SessionRequest, clinic: Clinic) -> bool:
    """Return whether one of the actor's relations permits the verb."""
    return bool(PERMITTED[verb] & relations(actor, request, clinic))


def require(actor: Actor, verb: Verb, request: SessionRequest, clinic: Clinic) -> None:
    """Let pass or refuse.

    Raises:
        NotFoundError: the request is not theirs to know of (S28, S55, S67).
        NotAllowedError: they know of it, and this is not theirs to do.
    """
    if not relations(actor, request, clinic):
        raise NotFoundError
    if not may(actor, verb, request, clinic):
        raise NotAllowedError("That is not yours to do for this request.")


def session_relations(actor: Actor, request: SessionRequest, clinic: Clinic) -> frozenset[Relation]:
    """Return every way in which the actor stands to the session of an accepted request.

    Hosts who might have had it are strangers to it, unlike to the request while that waited.
    """
    return relations(actor, request, clinic) & _KNOW_THE_SESSION


def require_session(
    actor: Actor, verb: SessionVerb, request: SessionRequest, clinic: Clinic
) -> None:
    """Let pass or refuse.

    Raises:
        NotFoundError: the session is not theirs to know of.
        NotAllowedError: they know of it, and this is not theirs to do.
    """
    held = session_relations(actor, request, clinic)
    if not held:
        raise NotFoundError("session")
    if not SESSION_PERMITTED[verb] & held:
        raise NotAllowedError("That is not yours to do for this session.")


def may_ask(actor: Actor, clinic: Clinic) -> bool:
    """Return whether the actor can ask in this clinic for themself (S3)."""
    return actor.account_id == clinic.account_id and clinic.patient_group.id in actor.asks_in


def may_ask_for_others(actor: Actor, clinic: Clinic) -> bool:
    """Return whether the actor can ask on a patient's behalf."""
    return actor.account_id == clinic.account_id and clinic.id in actor.schedules


def require_administrator(actor: Actor) -> None:
    """Let whoever may configure the account pass.

    Raises:
        NotAllowedError: the actor is no administrator.
    """
    if not (actor.is_administrator or actor.is_system):
        raise NotAllowedError("Only an administrator can do that.")
