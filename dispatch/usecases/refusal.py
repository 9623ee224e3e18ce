"""A request is not taken: declined with ten seconds to think again, or passed on by one host."""

from dataclasses import dataclass
from datetime import datetime

from dispatch import permissions
from dispatch.docket import available_hosts, find_request, refuse_if_decided
from dispatch.errors import DecidedError, InvalidError, NotAllowedError, StaleError
from dispatch.events import EntityRef, passes_changed, request_changed
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.reply import RESPONSE_LIMIT, sentence_for
from dispatch.roster import everyone_passed
from dispatch.vocabulary import DeclineReason, EntityKind, NoticeKind, RequestNumber, Verb


@dataclass(frozen=True, slots=True)
class DeclineRequest:
    """Decline it; no provider and no time are needed (S51)."""

    number: RequestNumber
    expected_version: int
    reason: DeclineReason = DeclineReason.OTHER
    response: str = ""


@dataclass(frozen=True, slots=True)
class UndoDecline:
    """Think again within the ten seconds."""

    number: RequestNumber


@dataclass(frozen=True, slots=True)
class PassRequest:
    """Leave a request that is directed to one's group to the others."""

    number: RequestNumber
    reason: str = ""


def decline_request(command: DeclineRequest, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Start the ten seconds; the requester hears nothing until they are over.

    Raises:
        DecidedError: somebody was first; says who and when (S65).
        NotAllowedError: a host of the group, who can only pass.
    """
    request, clinic = find_request(command.number, actor, unit)
    if permissions.may(actor, Verb.PASS, request, clinic) and not permissions.may(
        actor, Verb.DECLINE, request, clinic
    ):
        raise NotAllowedError("This request is for your whole group: you can pass on it.")
    permissions.require(actor, Verb.DECLINE, request, clinic)
    refuse_if_decided(request, unit, now)
    if len(command.response) > RESPONSE_LIMIT:
        raise InvalidError(f"Keep the reply under {RESPONSE_LIMIT} characters.", field="response")
    if request.declining is not None:
        who = unit.people.name(request.declining.by_id)
        raise DecidedError(f"{who} is already declining this.")
    if request.version != command.expected_version:
        raise StaleError("This request changed since you looked. Check it and press again.")
    sentence = sentence_for(command.reason, clinic, unit.replies.sentences(clinic.id))
    response = command.response.strip()
    declining = request.decline(command.reason, response, actor.person_id, now, sentence)
    unit.requests.save(declining, was=request)
    unit.record(actor, request_changed("declining", declining, clinic))
    return Done(EntityRef(EntityKind.REQUEST, request.id), request.number)


def undo_decline(command: UndoDecline, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Stop a decline that is not due yet.

    Raises:
        DecidedError: it was sent, or there is none.
    """
    request, clinic = find_request(command.number, actor, unit)
    permissions.require(actor, Verb.UNDO_DECLINE, request, clinic)
    refuse_if_decided(request, unit, now)
    undone = request.undo_decline(now).watched(clinic, now)
    unit.requests.save(undone, was=request)
    unit.record(actor, request_changed("decline_undone", undone, clinic))
    return Done(EntityRef(EntityKind.REQUEST, request.id), request.number)


def pass_request(command: PassRequest, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Hide it for this host; it stays pending for the others. Passing twice changes nothing."""
    request, clinic = find_request(command.number, actor, unit)
    permissions.require(actor, Verb.PASS, request, clinic)
    refuse_if_decided(request, unit, now)
    about = EntityRef(EntityKind.REQUEST, request.id)
    passed = unit.requests.passed_by(request.id)
    if actor.person_id in passed:
        return Done(about, request.number, was_there=True)
    unit.requests.add_pass(request.id, actor.person_id, command.reason[:RESPONSE_LIMIT], now)
    if everyone_passed(available_hosts(request, clinic, unit, now), passed | {actor.person_id}):
        unit.notify(NoticeKind.ALL_PASSED, unit.clinics.schedulers(clinic.id), about)
    unit.record(
        actor,
        request_changed("passed", request, clinic),
        *passes_changed("added", request.id, [actor.person_id]),
    )
    return Done(about, request.number)
