"""A request is answered: accepted for a host at one of its times, or accepted and given back."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch import permissions
from dispatch.clinic import Clinic
from dispatch.diary import UNAVAILABLE as UNAVAILABLE
from dispatch.diary import Sitting, keep, require_confirmation, seen_by
from dispatch.docket import (
    find_request,
    leave_the_line,
    refuse_if_decided,
    service_of,
    wished_for,
)
from dispatch.errors import DecidedError, InvalidError, NotAllowedError, StaleError
from dispatch.events import EntityRef, request_changed, session_changed
from dispatch.people import Actor
from dispatch.permissions import Relation
from dispatch.ports import Done, Unit
from dispatch.reply import RESPONSE_LIMIT
from dispatch.request import SessionRequest
from dispatch.vocabulary import EntityKind, NoticeKind, PersonId, RequestNumber, RequestStatus, Verb


@dataclass(frozen=True, slots=True)
class AcceptRequest:
    """Accept for one host at one time; ``confirmed`` names what the actor was shown and accepts."""

    number: RequestNumber
    expected_version: int
    host_id: PersonId | None
    time: datetime | None = None  # None for a Now request
    response: str = ""
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ReturnToQueue:
    """Give an accepted request back to the board."""

    number: RequestNumber
    expected_version: int


def accept_request(command: AcceptRequest, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Accept it: session, invitation and events in one step, or nothing of them (S62).

    Raises:
        DecidedError: somebody was first; says who, for whom and when (S65).
        ConfirmationError: the host is Not Available (S53), or the time overlaps (S66).
    """
    request, clinic = find_request(command.number, actor, unit)
    permissions.require(actor, Verb.ACCEPT, request, clinic)
    refuse_if_decided(request, unit, now)
    host_id = _host(command, actor, request, clinic, unit)
    if len(command.response) > RESPONSE_LIMIT:
        raise InvalidError(f"Keep the reply under {RESPONSE_LIMIT} characters.", field="response")
    _refuse_if_changed(request, command.expected_version, unit)
    accepted = request.accept(host_id, command.time, command.response.strip(), actor.person_id, now)
    session = accepted.session_for(service_of(request, unit).duration, unit.token())
    unit.hosts.lock([host_id])  # overlaps are read after this, so two acceptances see each other
    require_confirmation(
        session,
        clinic,
        command.confirmed,
        unit,
        now,
        minds_absence=actor.person_id != host_id,  # a host who accepts for themself knows
        question="Accept anyway?",
    )
    session = unit.sessions.add(session)
    accepted = replace(accepted, session_id=session.id)
    unit.requests.save(accepted, was=request)
    about = EntityRef(EntityKind.SESSION, session.id)
    unit.notify(NoticeKind.INVITATION, [request.requester_id], about)
    if host_id != actor.person_id:
        unit.notify(NoticeKind.ASSIGNED, [host_id], about)
    unit.record(
        actor,
        request_changed("accepted", accepted, clinic),
        session_changed("created", session, seen_by(host_id, unit)),
        *leave_the_line(request, unit),
    )
    return Done(about, request.number)


def return_to_queue(command: ReturnToQueue, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Cancel the session and put the request back in its old place, passes cleared.

    Raises:
        DecidedError: the session has started, or the request is not accepted any more.
        InvalidError: the requester has another open request in this clinic.
    """
    request, clinic = find_request(command.number, actor, unit)
    permissions.require(actor, Verb.RETURN_TO_QUEUE, request, clinic)
    if request.status is RequestStatus.PENDING:
        return Done(EntityRef(EntityKind.REQUEST, request.id), request.number, was_there=True)
    session = request.session_id and unit.sessions.by_id(request.session_id)
    if request.status is not RequestStatus.ACCEPTED or not session:
        raise DecidedError(f"This request was {request.status}, so it can't go back.")
    if request.version != command.expected_version:
        raise StaleError("This request changed since you looked. See below what is true now.")
    another = unit.requests.open_of(request.requester_id, request.clinic_id)
    if another is not None:
        raise InvalidError(f"The requester already waits with request {another.number}.")
    cancelled = session.cancel(now)
    if request.times and max(request.times) <= now:  # it would end unanswered at once
        raise InvalidError("Every time they asked for has passed. Reschedule or cancel it instead.")
    returned = request.return_to_queue(clinic, now)
    unit.requests.save(returned, was=request)
    unit.requests.clear_passes(request.id)
    about = EntityRef(EntityKind.SESSION, session.id)
    people = [request.requester_id, session.host_id]
    unit.notify(NoticeKind.CANCELLED, people, about, cancelled.revision)
    wished = wished_for("wished_for", returned, unit)
    unit.record(actor, request_changed("returned", returned, clinic), *wished)
    keep("cancelled", Sitting(session, request, clinic), cancelled, actor, unit)
    return Done(EntityRef(EntityKind.REQUEST, request.id), request.number)


def _refuse_if_changed(request: SessionRequest, expected_version: int, unit: Unit) -> None:
    if request.version == expected_version:
        return
    if request.declining is not None:
        who = unit.people.name(request.declining.by_id)
        raise StaleError(f"{who} is declining this request. Undo that first, or accept again.")
    raise StaleError("This request changed since you looked. Check it and press again.")


def _host(
    command: AcceptRequest, actor: Actor, request: SessionRequest, clinic: Clinic, unit: Unit
) -> PersonId:
    """Return for whom it is accepted: anyone of the group for a scheduler, oneself for a host."""
    is_scheduler = Relation.SCHEDULER in permissions.relations(actor, request, clinic)
    if command.host_id is None:
        raise InvalidError("Choose a provider first.", field="host")
    if not is_scheduler and command.host_id != actor.person_id:
        raise NotAllowedError("You can accept for yourself only.")
    if command.host_id not in {p.id for p in unit.people.in_host_group(clinic.host_group.id)}:
        raise InvalidError("Choose a provider of this clinic.", field="host")
    return command.host_id
