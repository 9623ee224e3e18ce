"""What hours of a provider's calendar cannot be: never, without end, or over each other."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from dispatch.errors import InvalidError
from dispatch.local_time import edge_instant, to_instant, zone_named
from dispatch.recurrence import MIDNIGHT, Recurrence
from dispatch.slots import CalendarRule, first_clash
from dispatch.vocabulary import RuleKind

HORIZON = timedelta(days=366)  # nothing begins further ahead
LONGEST_SERIES = timedelta(days=5 * 366)
LONGEST_SLOT = timedelta(hours=24)


def refuse_hours(rule: CalendarRule, now: datetime, since: date | None = None) -> None:
    """Refuse hours that cannot be meant; ``since`` is a first day that stands already."""
    when, today = rule.when, now.date()
    zone_named(when.zone)
    if not today - HORIZON <= when.first_day <= today + HORIZON and when.first_day != since:
        raise InvalidError("Choose a day within a year.", field="first_day")
    if when.last_day is not None and when.last_day < when.first_day:
        raise InvalidError("The last day comes before the first.", field="last_day")
    if when.is_weekly:
        _check_weekly(when, now)
        return
    starts_at, ends_at = _edges(rule)
    if ends_at <= starts_at:
        raise InvalidError("It ends before it starts.", field="ends")
    if ends_at <= now:
        raise InvalidError("Choose a time that is still to come.", field="first_day")
    longest = LONGEST_SLOT if rule.kind is RuleKind.SLOT else HORIZON
    if ends_at - starts_at > longest:
        said = "24 hours" if rule.kind is RuleKind.SLOT else "a year"
        raise InvalidError(f"Keep it under {said}.", field="ends")


def _edges(rule: CalendarRule) -> tuple[datetime, datetime]:
    """Return the instants of one stretch; a midnight at the edge of a day is never refused."""
    when = rule.when
    first = datetime.combine(when.first_day, when.starts)
    last = datetime.combine(when.last_day or when.first_day, when.ends)
    if when.starts == MIDNIGHT and rule.kind is RuleKind.OUT_OF_OFFICE:
        starts_at = edge_instant(first, when.zone, later=when.starts_later)
    else:
        starts_at = to_instant(first, when.zone, later=when.starts_later, field="starts")
    if when.ends == MIDNIGHT:
        return starts_at, edge_instant(last, when.zone, later=when.ends_later)
    return starts_at, to_instant(last, when.zone, later=when.ends_later, field="ends")


def _check_weekly(when: Recurrence, now: datetime) -> None:
    if not when.weekdays <= set(range(7)):
        raise InvalidError("Choose the days of the week.", field="weekdays")
    if when.ends <= when.starts and when.ends != MIDNIGHT:
        raise InvalidError("It ends before it starts.", field="ends")
    refuse_end(when, now)


def refuse_end(when: Recurrence, now: datetime) -> None:
    """Refuse a series that is over, that never ends, or that has no day in it."""
    if when.last_day is None:
        return
    if when.last_day < now.date() - timedelta(days=1):
        raise InvalidError("Choose a last day that is still to come.", field="last_day")
    if when.last_day > now.date() + LONGEST_SERIES:
        raise InvalidError("Choose a last day within five years, or none.", field="last_day")
    span = (when.last_day - when.first_day).days
    days = {(when.first_day + timedelta(days=n)).weekday() for n in range(min(span, 6) + 1)}
    if not days & when.weekdays:
        raise InvalidError("None of those days comes before the last day.", field="last_day")


def refuse_clash(rule: CalendarRule, others: Collection[CalendarRule], now: datetime) -> None:
    """Refuse a slot that overlaps another, and say where; time off may lie over anything."""
    if rule.kind is RuleKind.SLOT:
        slots = [other for other in others if other.kind is RuleKind.SLOT]
        at = first_clash(rule.when, [other.when for other in slots], now)
        if at is not None:
            raise InvalidError("It overlaps a slot that is there: {at}.", at=at, field="starts")
