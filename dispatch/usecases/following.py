"""The next session of the same two, planned from the one that they have (V11, Schedule Next)."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.clinic_rules import closed_for_good
from dispatch.diary import Sitting, find_sitting, require_confirmation, seen_by
from dispatch.docket import refuse_if_archived
from dispatch.errors import InvalidError
from dispatch.events import EntityRef, request_changed, session_changed
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.request import SessionRequest
from dispatch.session import FARTHEST
from dispatch.vocabulary import (
    EntityKind,
    NoticeKind,
    RequestId,
    RequestNumber,
    RequestType,
    SessionId,
    SessionVerb,
)


@dataclass(frozen=True, slots=True)
class ScheduleNext:
    """Hold another one; ``confirmed`` names what the actor was shown and accepts."""

    session_id: SessionId
    starts_at: datetime
    confirmed: frozenset[str] = frozenset()


def schedule_next(command: ScheduleNext, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Make a request for that time, accepted in the same step: patient, host and service stay.

    It is a request like any other, so that it can be moved, cancelled or given back like any other.

    Raises:
        InvalidError: the time is past or too far, host or service have left the clinic, or it has
            closed for good.
        ConfirmationError: the host has another session then, or is Not Available (S53, S66).
    """
    sitting = find_sitting(command.session_id, actor, SessionVerb.FOLLOW, unit)
    service = sitting.clinic.service(sitting.session.service_id)
    if service is None:
        raise InvalidError("This clinic no longer offers that service.")
    _refuse_unless_possible(command, sitting, unit, now)
    host_id = sitting.session.host_id
    asked = _asked(command, sitting, actor, now)
    accepted = asked.accept(host_id, command.starts_at, "", actor.person_id, now)
    session = accepted.session_for(service.duration, unit.token())
    unit.hosts.lock([host_id])
    require_confirmation(
        session,
        sitting.clinic,
        command.confirmed,
        unit,
        now,
        minds_absence=False,  # the two have spoken about it
        question="Schedule it anyway?",
    )
    added = unit.requests.add(accepted)
    refuse_if_archived(sitting.clinic, unit)
    session = unit.sessions.add(replace(session, request_id=added.id))
    unit.requests.save(replace(added, session_id=session.id), was=added)
    about = EntityRef(EntityKind.SESSION, session.id)
    unit.notify(NoticeKind.INVITATION, [session.requester_id], about)
    if host_id != actor.person_id:
        unit.notify(NoticeKind.ASSIGNED, [host_id], about)
    clinics = seen_by(host_id, unit) | {sitting.clinic.id}
    unit.record(
        actor,
        request_changed("accepted", added, sitting.clinic),
        session_changed("created", session, clinics),
    )
    return Done(about, added.number)


def _refuse_unless_possible(
    command: ScheduleNext, sitting: Sitting, unit: Unit, now: datetime
) -> None:
    if command.starts_at > now + FARTHEST:
        raise InvalidError("Choose a date within a year.", field="time")
    clinic, session = sitting.clinic, sitting.session
    if (closed := closed_for_good(clinic)) is not None:
        raise closed
    if session.host_id not in {p.id for p in unit.people.in_host_group(clinic.host_group.id)}:
        raise InvalidError("This provider has left the clinic.")
    if not unit.people.in_patient_group(clinic.patient_group.id, session.requester_id):
        raise InvalidError("This patient has left the clinic.")


def _asked(command: ScheduleNext, sitting: Sitting, actor: Actor, now: datetime) -> SessionRequest:
    was = sitting.session
    return SessionRequest(
        id=RequestId(0),
        account_id=was.account_id,
        number=RequestNumber(0),
        clinic_id=was.clinic_id,
        service_id=was.service_id,
        requester_id=was.requester_id,
        type=RequestType.SCHEDULED,
        times=(command.starts_at,),
        zone=sitting.request.zone,
        target_host_id=was.host_id,
        note="",
        submitted_at=now,
        submitted_by_id=actor.person_id,
        expires_at=command.starts_at,
    )
