"""A provider says that they are available, and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.docket import review_passes
from dispatch.errors import NotAllowedError
from dispatch.events import EntityRef, provider_changed
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.vocabulary import EntityKind


@dataclass(frozen=True, slots=True)
class SetAvailability:
    """Turn one's own toggle on, until an instant or (None) until turned off, or off.

    ``lasts`` says the end by its distance instead: a wish for an hour that is sent again a moment
    later is the same command.
    """

    is_on: bool
    until_at: datetime | None = None
    lasts: timedelta | None = None


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
        until_at = command.until_at if command.lasts is None else now + command.lasts
        changed = availability.turn_on(until_at, now)
    else:
        changed = availability.turn_off(now)
    unit.hosts.save_availability(changed)
    clinics = unit.clinics.with_host(actor.person_id)
    kind = "available" if command.is_on else "unavailable"
    ids = [clinic.id for clinic in clinics]
    unit.record(actor, *provider_changed(kind, actor.person_id, ids))
    review_passes(ids, actor, unit, now)
    return Done(EntityRef(EntityKind.AVAILABILITY, actor.person_id))
