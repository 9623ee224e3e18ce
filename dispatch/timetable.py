"""When a clinic is open: hours that repeat each week in its own zone, and days it is closed.

A clinic without hours is open at all hours; closures close it whatever its hours say. Hours bind
requests for now. Closures bind those for set times too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from dispatch.errors import InvalidError
from dispatch.local_time import zone_named
from dispatch.wording import one_line

DAY_MINUTES = 24 * 60
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_A_DAY = 2  # stretches: a break at noon is what most need
MOST_CLOSURES = 200
LONGEST_CLOSURE_DAYS = 366
LOOK_AHEAD_DAYS = 400  # past the longest closure


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """Open on that day of each week from one minute of it to another: half open."""

    weekday: int  # 0 is Monday
    opens: int  # minutes since midnight by the clock on the wall
    closes: int  # up to 24:00, which is the end of the day


@dataclass(frozen=True, slots=True, order=True)
class Closure:
    """Closed from the first day to the last, both included."""

    first: date
    last: date
    reason: str = ""  # patients read it


@dataclass(frozen=True, slots=True)
class Timetable:
    """A clinic's hours and closures, with the zone they are in."""

    zone: str
    hours: tuple[Hours, ...] = ()
    closures: tuple[Closure, ...] = ()

    @property
    def tz(self) -> ZoneInfo:
        """Return the zone."""
        return zone_named(self.zone)

    def is_open(self, now: datetime) -> bool:
        """Return whether somebody may ask to be seen now."""
        if not self.hours and not self.closures:
            return True
        return any(start <= now < end for start, end in self._stretches(now, days=2))

    def opens_at(self, now: datetime) -> datetime | None:
        """Return when it opens next, ``now`` while it is open; None if it never does."""
        for start, end in self._stretches(now, days=LOOK_AHEAD_DAYS):
            if now < end:
                return max(start, now)
        return None

    def closure_on(self, at: datetime) -> Closure | None:
        """Return the closure that an instant falls into."""
        day = at.astimezone(self.tz).date()
        return next((one for one in self.closures if one.first <= day <= one.last), None)

    def _stretches(self, now: datetime, *, days: int) -> Iterator[tuple[datetime, datetime]]:
        """Yield when it is open from the day before now on, in order."""
        zone = self.tz
        today = now.astimezone(zone).date()
        whole = tuple(Hours(weekday, 0, DAY_MINUTES) for weekday in range(7))
        for day in (today + timedelta(days=n) for n in range(-1, days)):
            if any(one.first <= day <= one.last for one in self.closures):
                continue
            for each in sorted(self.hours or whole):
                if each.weekday == day.weekday():
                    # What the clocks skip or show twice is read as zoneinfo reads it: an hour of
                    # opening more or less on one night harms nobody.
                    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
                    start = midnight + timedelta(minutes=each.opens)
                    end = midnight + timedelta(minutes=each.closes)
                    yield start.astimezone(UTC), end.astimezone(UTC)


def fit_hours(hours: Sequence[Hours]) -> tuple[Hours, ...]:
    """Return the hours in order.

    Raises:
        InvalidError: one ends before it begins, two overlap, or there are too many on a day.
    """
    ordered = tuple(sorted(hours))
    for each in ordered:
        field = f"day{each.weekday}"
        if not (0 <= each.weekday < len(DAYS) and 0 <= each.opens < DAY_MINUTES):
            raise InvalidError("Enter a time of the day, like 9:00.", field=field)
        if not each.opens < each.closes <= DAY_MINUTES:
            raise InvalidError(
                f"{DAYS[each.weekday]}: the clinic closes after it opens.", field=field
            )
    for before, after in pairwise(ordered):
        if before.weekday == after.weekday and after.opens < before.closes:
            raise InvalidError(
                f"{DAYS[after.weekday]}: these hours overlap.", field=f"day{after.weekday}"
            )
    for weekday, name in enumerate(DAYS):
        if sum(each.weekday == weekday for each in ordered) > MOST_A_DAY:
            raise InvalidError(f"{name}: {MOST_A_DAY} stretches at most.", field=f"day{weekday}")
    return ordered


def fit_closure(closure: Closure) -> Closure:
    """Return the closure with its reason tidied.

    Raises:
        InvalidError: it ends before it begins, or lasts longer than a year.
    """
    if closure.last < closure.first:
        raise InvalidError("The last day comes after the first, or is the same.", field="last")
    if (closure.last - closure.first).days >= LONGEST_CLOSURE_DAYS:
        raise InvalidError("Close for a year at most. Or stop taking requests.", field="last")
    reason = one_line(closure.reason, field="reason", longest=100)
    return Closure(closure.first, closure.last, reason)
