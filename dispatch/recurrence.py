"""Hours on somebody's clock, once or each week: what stays at nine stays at nine all year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from dispatch.local_time import edge_instant, shown_at, zone_named

MIDNIGHT = time(0)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A stretch of local time in a zone.

    Without ``weekdays`` it is one stretch, from ``first_day`` at ``starts`` to ``last_day`` at
    ``ends``. With them it is one on each such day from ``first_day`` to ``last_day`` (None: without
    end), and an end at midnight is the end of that day.

    The wall time is what is kept, so the stretch follows the clocks when they change. An edge that
    the clocks skip is the moment of the change; of one that they show twice the first is meant,
    unless ``starts_later`` or ``ends_later``.
    """

    zone: str  # IANA name
    first_day: date
    last_day: date | None
    starts: time
    ends: time
    weekdays: frozenset[int] = frozenset()  # Monday is 0; none of them: once
    starts_later: bool = False
    ends_later: bool = False

    @property
    def is_weekly(self) -> bool:
        """Return whether it comes again each week."""
        return bool(self.weekdays)

    def is_over(self, now: datetime) -> bool:
        """Return whether nothing of it is still to come."""
        if self.is_weekly:
            if self.last_day is None:
                return False
            last = datetime.combine(self.last_day + _DAY, MIDNIGHT)
        else:
            last = datetime.combine(self.last_day or self.first_day, self.ends)
        return edge_instant(last, self.zone, later=self.ends_later) <= now

    def between(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Return its stretches that touch ``[start, end]`` as instants, in order.

        Those that a change of the clocks leaves without length are not there.
        """
        for first, last in self._days(start, end):
            starts_at = edge_instant(
                datetime.combine(first, self.starts), self.zone, later=self.starts_later
            )
            ends_at = edge_instant(
                datetime.combine(last, self.ends), self.zone, later=self.ends_later
            )
            if starts_at < ends_at and starts_at <= end and start <= ends_at:
                yield starts_at, ends_at

    def _days(self, start: datetime, end: datetime) -> Iterator[tuple[date, date]]:
        """Return the days on which a stretch begins and ends, those near the window at least."""
        if not self.is_weekly:
            yield self.first_day, self.last_day or self.first_day
            return
        tz = zone_named(self.zone)
        day = max(self.first_day, start.astimezone(tz).date() - _DAY)
        last = end.astimezone(tz).date()
        if self.last_day is not None:
            last = min(last, self.last_day)
        while day <= last:
            if day.weekday() in self.weekdays:
                yield day, day + _DAY if self.ends == MIDNIGHT else day
            day += _DAY


def once(starts_at: datetime, ends_at: datetime, zone: str) -> Recurrence:
    """Return the one stretch between two instants, as the clocks of the zone show it."""
    tz = zone_named(zone)
    first, last = (at.astimezone(tz).replace(tzinfo=None) for at in (starts_at, ends_at))
    return Recurrence(
        zone=zone,
        first_day=first.date(),
        last_day=last.date(),
        starts=first.time(),
        ends=last.time(),
        starts_later=starts_at.astimezone(UTC) != shown_at(first, zone)[0],
        ends_later=ends_at.astimezone(UTC) != shown_at(last, zone)[0],
    )
