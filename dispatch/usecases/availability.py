"""A provider says that they are available, and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.availability import Availability
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


@dataclass(frozen=True, slots=True)
class TakeBreak:
    """Be away for so many minutes; the end of the toggle stays where it is."""

    minutes: int


@dataclass(frozen=True, slots=True)
class EndBreak:
    """Be back before the break is over."""


def set_availability(command: SetAvailability, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Set it; every board and open Assign dialog hears of it (S39, S41, S87).

    Raises:
        NotAllowedError: the actor is no host.
        InvalidError: the end is past, or more than 12 hours away.
    """
    availability = _own(actor, unit)
    if command.is_on:
        until_at = command.until_at if command.lasts is None else now + command.lasts
        changed = availability.turn_on(until_at, now)
    else:
        changed = availability.turn_off(now)
    return _keep(changed, "available" if command.is_on else "unavailable", actor, unit, now)


def take_break(command: TakeBreak, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Hide the provider until the break is over; the sweep has them back by itself.

    Raises:
        NotAllowedError: the actor is no host.
        InvalidError: no break of that length, or they are not available anyway.
    """
    away = _own(actor, unit).take_break(command.minutes, now)
    return _keep(away, "away", actor, unit, now)


def end_break(command: EndBreak, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Have the provider back at once; who is on no break is left alone.

    Raises:
        NotAllowedError: the actor is no host.
    """
    availability = _own(actor, unit)
    if not availability.is_on_break_at(now):
        return Done(EntityRef(EntityKind.AVAILABILITY, actor.person_id), was_there=True)
    return _keep(availability.end_break(now), "back", actor, unit, now)


def _own(actor: Actor, unit: Unit) -> Availability:
    if not actor.hosts_in:
        raise NotAllowedError("Only providers have an availability.")
    unit.hosts.lock([actor.person_id])
    return unit.hosts.availability(actor.person_id)


def _keep(availability: Availability, kind: str, actor: Actor, unit: Unit, now: datetime) -> Done:
    unit.hosts.save_availability(availability)
    ids = [clinic.id for clinic in unit.clinics.with_host(actor.person_id)]
    unit.record(actor, *provider_changed(kind, actor.person_id, ids))
    review_passes(ids, actor, unit, now)
    return Done(EntityRef(EntityKind.AVAILABILITY, actor.person_id))
