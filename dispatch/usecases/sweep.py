"""What time alone brings about, one transaction each: safe to run twice and in any process."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dispatch.diary import find_sitting, keep
from dispatch.docket import clinic_of, connection_changed, end_if_due, note_touch, review_passes
from dispatch.errors import NotAllowedError, NotFoundError
from dispatch.events import Change, EntityRef, clinic_stream, provider_changed, request_changed
from dispatch.notice import Addressee
from dispatch.people import Actor
from dispatch.ports import Done, Due, Unit
from dispatch.vocabulary import (
    EntityKind,
    NoticeKind,
    PersonId,
    RequestId,
    RequestStatus,
    SessionId,
    SessionStatus,
    SessionVerb,
)


@dataclass(frozen=True, slots=True)
class Settle:
    """Do what is due, if it still is."""

    due: Due


def settle(command: Settle, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Do what fell due, if it still is: end it, tell somebody, release, switch off or have back.

    Raises:
        NotAllowedError: the actor is a person.
    """
    if not actor.is_system:
        raise NotAllowedError("Only the system does what is due.")
    due = command.due
    match due.kind:
        case "toggle" | "break" | "connected":
            return _of_host(due.kind, PersonId(due.id), actor, unit, now)
        case "absence" | "visit":
            act = _leave if due.kind == "absence" else _close
            return act(SessionId(due.id), actor, unit, now)
        case "claim":
            return _drop_claim(RequestId(due.id), actor, unit, now)
        case "decline" | "expiry":
            return _end(RequestId(due.id), actor, unit, now)
        case "reminder":
            return _remind(RequestId(due.id), unit, now)
        case "escalation":
            return _escalate(RequestId(due.id), actor, unit, now)


def _of_host(
    kind: Literal["toggle", "break", "connected"],
    host_id: PersonId,
    actor: Actor,
    unit: Unit,
    now: datetime,
) -> Done:
    match kind:
        case "toggle":
            return _switch_off(host_id, actor, unit, now)
        case "break":
            return _have_back(host_id, actor, unit, now)
        case "connected":
            return _disconnect(host_id, actor, unit, now)


def _end(request_id: RequestId, actor: Actor, unit: Unit, now: datetime) -> Done:
    about = EntityRef(EntityKind.REQUEST, request_id)
    request = unit.requests.by_id(request_id)
    if request is None:
        raise NotFoundError
    changes = end_if_due(request, clinic_of(request, unit), unit, now)
    unit.record(actor, *changes)
    return Done(about, request.number, was_there=not changes)


def _drop_claim(request_id: RequestId, actor: Actor, unit: Unit, now: datetime) -> Done:
    about = EntityRef(EntityKind.REQUEST, request_id)
    request = unit.requests.by_id(request_id)
    held = unit.claims.of(request_id)
    if request is None or held is None or held.is_live(now):
        return Done(about, was_there=True)
    unit.claims.drop(request_id)
    if request.status is RequestStatus.PENDING:
        clinic = clinic_of(request, unit)
        note_touch(request, clinic, unit, now)
        unit.record(actor, request_changed("claim_lapsed", request, clinic))
    return Done(about, request.number)


def _remind(request_id: RequestId, unit: Unit, now: datetime) -> Done:
    """Remind the schedulers of a request that ends soon; no page shows that they were."""
    about = EntityRef(EntityKind.REQUEST, request_id)
    request = unit.requests.by_id(request_id)
    if request is None:
        raise NotFoundError
    if request.reminds_at is None or request.reminds_at > now or not request.is_left_alone(now):
        return Done(about, request.number, was_there=True)
    unit.requests.save(request.reminded(), was=request)
    schedulers = unit.clinics.schedulers(request.clinic_id)
    unit.notify(NoticeKind.EXPIRING, schedulers, about, occasion=request.version)
    return Done(about, request.number)


def _escalate(request_id: RequestId, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Tell the clinic's escalation address of a late request on which nobody works."""
    about = EntityRef(EntityKind.REQUEST, request_id)
    request = unit.requests.by_id(request_id)
    if request is None:
        raise NotFoundError
    is_due = request.escalates_at is not None and request.escalates_at <= now
    if not is_due or not request.is_left_alone(now):
        return Done(about, request.number, was_there=True)
    clinic = clinic_of(request, unit)
    if not clinic.escalation_email:
        return Done(about, request.number, was_there=True)
    held = unit.claims.of(request_id)
    is_held = held is not None and held.is_live(now)
    # That a claim was taken counts, not that its page is still open: nobody may sit before it.
    again = request.watched(clinic, held.since if held and is_held else request.submitted_at)
    if again.escalates_at is None or again.escalates_at > now:
        # Somebody works on it, or the clinic has more patience now than when this was set.
        unit.requests.save(again, was=request)
        return Done(about, request.number, was_there=True)
    unit.requests.save(request.escalated(now), was=request)
    on_call = Addressee(clinic.account_id, clinic.escalation_email, "on-call team", clinic.zone)
    unit.notify_address(NoticeKind.ESCALATED, on_call, about, occasion=request.version)
    streams = frozenset({clinic_stream(clinic.id)})
    unit.record(actor, Change("request.escalated", about, streams))
    return Done(about, request.number)


def _switch_off(host_id: PersonId, actor: Actor, unit: Unit, now: datetime) -> Done:
    unit.hosts.lock([host_id])
    availability = unit.hosts.availability(host_id)
    if not availability.has_lapsed(now):
        return Done(EntityRef(EntityKind.AVAILABILITY, host_id), was_there=True)
    unit.hosts.save_availability(availability.turn_off(now))
    return _tell("lapsed", host_id, actor, unit, now)


def _have_back(host_id: PersonId, actor: Actor, unit: Unit, now: datetime) -> Done:
    unit.hosts.lock([host_id])
    availability = unit.hosts.availability(host_id)
    if not availability.is_back(now):
        return Done(EntityRef(EntityKind.AVAILABILITY, host_id), was_there=True)
    unit.hosts.save_availability(availability.end_break(now))
    return _tell("back", host_id, actor, unit, now)


def _disconnect(host_id: PersonId, actor: Actor, unit: Unit, now: datetime) -> Done:
    is_gone = unit.connected.drop(host_id, now)
    if is_gone:
        unit.record(actor, connection_changed("disconnected", host_id, unit))
    return Done(EntityRef(EntityKind.PROVIDER, host_id), was_there=not is_gone)


def _tell(kind: str, host_id: PersonId, actor: Actor, unit: Unit, now: datetime) -> Done:
    clinics = [clinic.id for clinic in unit.clinics.with_host(host_id)]
    unit.record(actor, *provider_changed(kind, host_id, clinics))
    review_passes(clinics, actor, unit, now)
    return Done(EntityRef(EntityKind.AVAILABILITY, host_id))


def _leave(session_id: SessionId, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Take a patient whose page is gone as away; the session waits for them."""
    sitting = find_sitting(session_id, actor, SessionVerb.LEAVE, unit)
    held = unit.attendances.of(session_id)
    if held is None or held.is_live(now):
        return Done(sitting.about, was_there=True)
    unit.attendances.drop(session_id)
    if sitting.session.status is SessionStatus.PATIENT_WAITING:
        keep("patient_lost", sitting, sitting.session.leave(now), actor, unit)
    return Done(sitting.about, sitting.request.number)


def _close(session_id: SessionId, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Give a session the outcome that nobody gave it; one that somebody gave stays."""
    sitting = find_sitting(session_id, actor, SessionVerb.PRESUME, unit)
    has_room = unit.videos.has_room(sitting.clinic.id, sitting.session.host_id)
    ended = sitting.session.ended_by_time(now, has_room=has_room)
    if ended is None:
        return Done(sitting.about, was_there=True)
    keep(f"ended_{ended.status}", sitting, ended, actor, unit)
    return Done(sitting.about, sitting.request.number)
