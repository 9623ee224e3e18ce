"""The free times of a calendar as a page shows them: from an instant on, by day and part of day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from dispatch.booking import OpenCalendar
from dispatch.clinic import Service
from dispatch.clinic_rules import on_closed_day
from dispatch.openings import openings
from dispatch.ports import Reading
from dispatch.submission import HORIZON
from dispatch.usecases.calendar import clinic_openings
from server.rendering.spoken_time import spoken_day

MOST_DAYS, MOST_TIMES_SHOWN = 7, 200  # on one page; whichever comes first
NEAREST = 3  # times offered in place of one that has gone
_STEPS = tuple(timedelta(days=days) for days in (7, 23, 60, 120, 156))  # further and further ahead
_AROUND = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """Morning, afternoon or evening, with its times."""

    name: str
    times: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class Day:
    """A day on the reader's calendar, with its times."""

    name: str
    parts: Sequence[PartOfDay]


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of free times; ``later_at`` is where the next one begins, if there is one."""

    days: Sequence[Day]
    first_at: datetime | None
    later_at: datetime | None


def window(
    reading: Reading,
    shown: OpenCalendar,
    service: Service,
    start: datetime,
    zone: str,
    now: datetime,
) -> Window:
    """Return the next free times from an instant on, however far ahead the first of them is."""
    start, horizon = max(start, now), now + HORIZON
    found: list[datetime] = []
    at = start
    for step in _STEPS:
        end = min(at + step, horizon)
        if end <= at:
            break
        found += free_times(reading, shown, service, at, end, now)
        at = end
        if found and (found[0] + timedelta(days=MOST_DAYS) < at or len(found) > MOST_TIMES_SHOWN):
            break
    kept = list(_first_days(found, zone))
    later = found[len(kept)] if len(kept) < len(found) else _next(reading, shown, service, at, now)
    return Window(_by_day(kept, zone), kept[0] if kept else None, later if kept else None)


def free_times(
    reading: Reading,
    shown: OpenCalendar,
    service: Service,
    start: datetime,
    end: datetime,
    now: datetime,
) -> list[datetime]:
    """Return the free times in ``[start, end)``, in order; a closed day has none."""
    clinic = shown.clinic
    found = clinic_openings(reading, clinic, service, start, end, now, hosts=shown.hosts)
    times = (opening.starts_at for opening in found)
    return [at for at in times if on_closed_day(clinic, at, 1) is None]


def is_free(
    reading: Reading, shown: OpenCalendar, service: Service, at: datetime, now: datetime
) -> bool:
    """Return whether a time can be asked for."""
    until = at + timedelta(seconds=1)
    return now < at <= now + HORIZON and at in free_times(reading, shown, service, at, until, now)


def was_taken(
    reading: Reading, shown: OpenCalendar, service: Service, at: datetime, now: datetime
) -> bool:
    """Return whether a time would be free if nobody had a session then."""
    until = at + service.duration
    slots = reading.slots(shown.hosts, at, until)
    found = openings(slots, (), service.duration, at, until, now)
    return any(opening.starts_at == at for opening in found)


def nearest(
    reading: Reading, shown: OpenCalendar, service: Service, at: datetime, now: datetime
) -> list[datetime]:
    """Return the free times of the days around one, those that lie nearest to it first."""
    found = free_times(reading, shown, service, max(at - _AROUND, now), at + _AROUND, now)
    return sorted(found, key=lambda each: (abs(each - at), each))


def _next(
    reading: Reading, shown: OpenCalendar, service: Service, start: datetime, now: datetime
) -> datetime | None:
    """Return the first free time from there on."""
    at, horizon = start, now + HORIZON
    for step in _STEPS:
        end = min(at + step, horizon)
        if end <= at:
            return None
        if found := free_times(reading, shown, service, at, end, now):
            return found[0]
        at = end
    return None


def _first_days(times: Iterable[datetime], zone: str) -> Iterator[datetime]:
    """Yield those of the first days, and no more than a page holds."""
    days: set[str] = set()
    for count, at in enumerate(times):
        days.add(spoken_day(at, zone))
        if len(days) > MOST_DAYS or count >= MOST_TIMES_SHOWN:
            return
        yield at


def _by_day(times: Sequence[datetime], zone: str) -> list[Day]:
    return [
        Day(
            name,
            [
                PartOfDay(part, list(inside))
                for part, inside in groupby(own, lambda at: _part(at, zone))
            ],
        )
        for name, own in groupby(times, lambda at: spoken_day(at, zone))
    ]


def _part(at: datetime, zone: str) -> str:
    hour = at.astimezone(ZoneInfo(zone)).hour
    if hour < 12:
        return "Morning"
    return "Afternoon" if hour < 17 else "Evening"
