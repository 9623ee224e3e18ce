"""When Harbor's providers take appointments: a weekly pattern each, written out two weeks ahead."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatch.local_time import to_instant
from dispatch.people import system_actor
from dispatch.ports import Store
from dispatch.slots import Slot
from dispatch.usecases.administration import AddSlots, add_slots
from dispatch.vocabulary import PersonId
from server.demo.cast import ACCOUNT, PROVIDER, Cast

DAYS_AHEAD = 14
_MONDAY_TO_FRIDAY = range(5)

# Weekdays (Monday is 0) and the stretches of a day, in hours of the clinic's zone.
Pattern = tuple[Sequence[int], Sequence[tuple[int, int]]]
PATTERNS: Mapping[str, Pattern] = {
    PROVIDER: (_MONDAY_TO_FRIDAY, ((9, 12), (13, 16))),
    "npi:0000000003": ((0, 2, 4), ((8, 12),)),
    "npi:0000000004": (_MONDAY_TO_FRIDAY, ((10, 14),)),
    "npi:0000000006": ((1, 3), ((9, 12), (13, 18))),
    "demo:provider-2": ((0, 1, 2, 3), ((14, 18),)),
    "demo:provider-3": ((0, 3, 5), ((9, 13),)),
}


def working_day(now: datetime, zone: str, ahead: int) -> date:
    """Return the weekday that comes as that many-th after today, in the zone."""
    day = now.astimezone(ZoneInfo(zone)).date()
    while ahead:
        day += timedelta(days=1)
        ahead -= day.weekday() in _MONDAY_TO_FRIDAY
    return day


def at(day: date, hour: int, minute: int, zone: str) -> datetime:
    """Return the instant of a wall-clock time; the demo keeps to hours that every day has."""
    return to_instant(datetime.combine(day, time(hour, minute)), zone)


async def extend_hours(store: Store, cast: Cast, now: datetime) -> None:
    """Write the slots of those of the next days that have none yet."""
    zone = cast.harbor.zone
    today = now.astimezone(ZoneInfo(zone)).date()
    hosts = [cast.people[who] for who in PATTERNS]
    first, last = at(today, 6, 0, zone), at(today + timedelta(days=DAYS_AHEAD), 6, 0, zone)
    there = await store.read(lambda reading: reading.slots(hosts, first, last))
    known = {(slot.host_id, slot.starts_at) for slot in there}
    missing = [
        slot
        for days in range(DAYS_AHEAD)
        for who, pattern in PATTERNS.items()
        for slot in _slots(cast.people[who], pattern, today + timedelta(days=days), zone)
        if (slot.host_id, slot.starts_at) not in known
    ]
    if missing:
        await store.perform(add_slots, AddSlots(tuple(missing)), system_actor(ACCOUNT))


def _slots(host: PersonId, pattern: Pattern, day: date, zone: str) -> list[Slot]:
    weekdays, stretches = pattern
    if day.weekday() not in weekdays:
        return []
    return [Slot(host, at(day, start, 0, zone), at(day, end, 0, zone)) for start, end in stretches]
