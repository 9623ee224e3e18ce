"""What a person sets for themself."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.errors import InvalidError, NotAllowedError
from dispatch.events import CONTROL, Change, EntityRef, host_stream
from dispatch.local_time import zone_named
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.vocabulary import EntityKind

LONGEST_ZONE = 64  # characters


@dataclass(frozen=True, slots=True)
class SetZone:
    """The zone in which one is shown, and types, every time (S91)."""

    zone: str  # IANA name


def set_zone(command: SetZone, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Keep it; hours of a calendar that are there stay on the clock that they were made on.

    Raises:
        InvalidError: there is no such zone.
        NotAllowedError: the system has no clock of its own.
    """
    if not actor.person_id:
        raise NotAllowedError("Only a person has a time zone.")
    if len(command.zone) > LONGEST_ZONE:
        raise InvalidError("Choose a time zone from the list.", field="zone")
    zone_named(command.zone)
    about = EntityRef(EntityKind.PERSON, actor.person_id)
    if command.zone == actor.zone:
        return Done(about, was_there=True)
    unit.people.set_zone(actor.person_id, command.zone)
    unit.record(actor, Change("person.zone_changed", about, frozenset({CONTROL})))
    if actor.hosts_in:  # their toggle says its end in their own zone
        toggle = EntityRef(EntityKind.AVAILABILITY, actor.person_id)
        stream = frozenset({host_stream(actor.person_id)})
        unit.record(actor, Change("availability.zone_changed", toggle, stream))
    return Done(about)
