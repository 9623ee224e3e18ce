"""A provider says that they are available, and until when."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.docket import available_hosts, clinic_of
from dispatch.errors import NotAllowedError
from dispatch.events import EntityRef, provider_changed, request_changed
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.roster import everyone_passed
from dispatch.vocabulary import ClinicId, EntityKind, NoticeKind


@dataclass(frozen=True, slots=True)
class SetAvailability:
    """Turn one's own toggle on, until an instant or (None) until turned off, or off."""

    is_on: bool
    until_at: datetime | None = None


def set_availability(command: SetAvailability, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Set it; every board and open Assign dialog hears of it (S39, S41, S87).

    Raises:
        NotAllowedError: the actor is no host.
        InvalidError: the end is past, or more than 12 hours away.
    """
    if not actor.hosts_in:
        raise NotAllowedError("Only providers have an availability.")
    unit.hosts.lock([actor.person_id])
    availability = unit.hosts.availability(actor.person_id)
    if command.is_on:
        changed = availability.turn_on(command.until_at, now)
    else:
        changed = availability.turn_off(now)
    unit.hosts.save_availability(changed)
    clinics = unit.clinics.with_host(actor.person_id)
    kind = "available" if command.is_on else "unavailable"
    ids = [clinic.id for clinic in clinics]
    unit.record(actor, *provider_changed(kind, actor.person_id, ids))
    _look_at_passes_again(ids, actor, unit, now)
    return Done(EntityRef(EntityKind.AVAILABILITY, actor.person_id))


def _look_at_passes_again(clinics: list[ClinicId], actor: Actor, unit: Unit, now: datetime) -> None:
    """Tell the boards of requests that this change leaves without, or gives, somebody to answer."""
    for request in unit.requests.passed_on(clinics):
        clinic = clinic_of(request, unit)
        unit.record(actor, request_changed("passes_reviewed", request, clinic))
        available = available_hosts(request, clinic, unit, now)
        if everyone_passed(available, unit.requests.passed_by(request.id)):
            about = EntityRef(EntityKind.REQUEST, request.id)
            unit.notify(NoticeKind.ALL_PASSED, unit.clinics.schedulers(clinic.id), about)
