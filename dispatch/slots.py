"""Appointment slots, and which of the requested times they cover (S40)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from dispatch.recurrence import Recurrence
from dispatch.vocabulary import CalendarRuleId, PersonId, RuleKind

_DAY = timedelta(days=1)
_A_WEEK = timedelta(days=7)
_A_YEAR = timedelta(days=367)


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of time in which a host takes appointments; half open, ``[starts_at, ends_at)``.

    ``counted_from`` is where the slot began before time off took its first part away: the times
    that patients can ask for are counted from there, so that they stay at round minutes.
    """

    host_id: PersonId
    starts_at: datetime
    ends_at: datetime
    counted_from: datetime | None = None

    def covers(self, starts_at: datetime, duration: timedelta) -> bool:
        """Return whether a session of that length fits into the slot."""
        return self.starts_at <= starts_at and starts_at + duration <= self.ends_at


@dataclass(frozen=True, slots=True)
class CalendarRule:
    """What a host said about their hours: when they take appointments, or when they are away."""

    id: CalendarRuleId
    host_id: PersonId
    kind: RuleKind
    when: Recurrence
    version: int = 1


def expand(rules: Iterable[CalendarRule], start: datetime, end: datetime) -> tuple[Slot, ...]:
    """Return the slots that touch ``[start, end]``, by host and start, without their time off.

    Time off beats slots and deletes none of them: what is left of a slot is there, and all of it
    again when the time off is taken back (V8).
    """
    slots: list[Slot] = []
    away: dict[PersonId, list[tuple[datetime, datetime]]] = {}
    for rule in rules:
        stretches = rule.when.between(start, end)
        if rule.kind is RuleKind.SLOT:
            slots += (Slot(rule.host_id, *stretch) for stretch in stretches)
        else:
            away.setdefault(rule.host_id, []).extend(stretches)
    left = (part for slot in slots for part in _without(slot, away.get(slot.host_id, ())))
    near = (slot for slot in left if slot.starts_at <= end and start <= slot.ends_at)
    return tuple(sorted(near, key=lambda slot: (slot.host_id, slot.starts_at, slot.ends_at)))


def spans(times: Iterable[datetime], duration: timedelta) -> tuple[tuple[datetime, datetime], ...]:
    """Return the stretches in which to look for slots that cover some times.

    Times of one week are one stretch. Those further apart are looked at by themselves: nobody
    writes out the weeks that lie between two wishes.
    """
    found: list[tuple[datetime, datetime]] = []
    for at in sorted(times):
        if found and at - found[-1][1] <= _A_WEEK:
            found[-1] = (found[-1][0], at + duration)
        else:
            found.append((at, at + duration))
    return tuple(found)


def covered_times(
    slots: Iterable[Slot], times: Sequence[datetime], duration: timedelta
) -> tuple[datetime, ...]:
    """Return those of the times that some slot covers in whole, in the order given."""
    slots = tuple(slots)
    return tuple(at for at in times if any(slot.covers(at, duration) for slot in slots))


def first_clash(new: Recurrence, others: Iterable[Recurrence], now: datetime) -> datetime | None:
    """Return where hours first overlap others from now on, looked at for a year of each pair.

    A year holds every week of two series and both changes of the clocks between two zones.
    """
    clashes = (_clash(new, other, now) for other in others)
    return min((at for at in clashes if at is not None), default=None)


def _clash(one: Recurrence, other: Recurrence, now: datetime) -> datetime | None:
    if one.is_weekly and other.is_weekly and one.zone == other.zone and _are_apart(one, other):
        return None
    later = max(one.first_day, other.first_day)
    start = max(now, datetime.combine(later, time(), UTC) - _DAY)
    last_days = [when.last_day for when in (one, other) if when.last_day is not None]
    end = start + _A_YEAR
    if last_days:
        end = min(end, datetime.combine(min(last_days), time(), UTC) + 3 * _DAY)
    stretches = sorted([*one.between(start, end), *other.between(start, end)])
    overlaps = (after[0] for before, after in pairwise(stretches) if after[0] < before[1])
    return next(overlaps, None)


def _are_apart(one: Recurrence, other: Recurrence) -> bool:
    """Return whether series on one clock can never meet: most pairs of a calendar."""
    one_ends, other_ends = (time.max if w.ends == time() else w.ends for w in (one, other))
    return not one.weekdays & other.weekdays or one_ends <= other.starts or other_ends <= one.starts


def _without(slot: Slot, away: Iterable[tuple[datetime, datetime]]) -> Iterator[Slot]:
    """Return what is left of a slot."""
    counted_from = slot.counted_from or slot.starts_at
    free_from = slot.starts_at
    for leaves_at, returns_at in sorted(away):
        if leaves_at >= slot.ends_at or returns_at <= free_from:
            continue
        if free_from < leaves_at:
            yield _part(slot, free_from, leaves_at, counted_from)
        free_from = returns_at
    if free_from < slot.ends_at:
        yield _part(slot, free_from, slot.ends_at, counted_from)


def _part(slot: Slot, starts_at: datetime, ends_at: datetime, counted_from: datetime) -> Slot:
    started_late = counted_from if starts_at > counted_from else None
    return replace(slot, starts_at=starts_at, ends_at=ends_at, counted_from=started_late)
