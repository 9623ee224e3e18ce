"""The form of a provider's hours becomes local time in a zone, with every mistake found at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from dispatch.errors import InvalidError
from dispatch.local_time import to_instant
from dispatch.recurrence import MIDNIGHT, Recurrence
from dispatch.vocabulary import RuleKind
from server.web.forms import Form, Problems

_DAY = timedelta(days=1)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class Hours:
    """What was read: hours, or what stands in their way."""

    when: Recurrence | None
    problems: Mapping[str, str]


def read(form: Form, kind: RuleKind, zone: str) -> Hours:
    """Return the hours that a form says; which of two equal times is meant is asked here (S92)."""
    problems = Problems()
    is_weekly = problems.attempt(lambda: _is_weekly(form))
    is_all_day = kind is RuleKind.OUT_OF_OFFICE and form.text("all_day") == "1"
    starts, ends = (MIDNIGHT, MIDNIGHT) if is_all_day else _clocks(form, problems)
    first_day = problems.attempt(lambda: day(form, "first_day"))
    may_last = is_weekly or kind is RuleKind.OUT_OF_OFFICE
    last_day = problems.attempt(lambda: optional_day(form, "last_day")) if may_last else None
    weekdays = problems.attempt(lambda: weekdays_of(form, "weekdays")) if is_weekly else ()
    if starts is None or ends is None or first_day is None or problems.by_field:
        return Hours(None, problems.by_field)
    if is_weekly:
        is_away = kind is RuleKind.OUT_OF_OFFICE
        when = Recurrence(
            zone, first_day, last_day, starts, ends, frozenset(weekdays or ()), ends_later=is_away
        )
        return Hours(when, {})
    last_day = last_day or first_day
    if ends == MIDNIGHT and last_day < date.max:
        last_day += _DAY  # the end of the day that was named
    first, last = datetime.combine(first_day, starts), datetime.combine(last_day, ends)
    for name, local in () if is_all_day else (("starts", first), ("ends", last)):
        if name == "starts" or ends != MIDNIGHT:
            problems.attempt(partial(_settle, form, name, local, zone))
    when = Recurrence(
        zone,
        first_day,
        last_day,
        starts,
        ends,
        starts_later=bool(form.which_of_two("starts")),
        ends_later=bool(form.which_of_two("ends")),
    )
    return Hours(None if problems.by_field else when, problems.by_field)


def typed_of(when: Recurrence, kind: RuleKind) -> dict[str, str]:
    """Return the fields as they would be typed for hours that are there; weekdays go beside."""
    is_midnight = when.ends == MIDNIGHT and not when.is_weekly
    last_day = when.last_day
    if is_midnight and last_day is not None:
        last_day -= _DAY
    if not when.is_weekly and last_day == when.first_day:
        last_day = None
    typed = {
        "repeats": "weekly" if when.is_weekly else "once",
        "first_day": when.first_day.isoformat(),
        "last_day": last_day.isoformat() if last_day else "",
        "starts": f"{when.starts:%H:%M}",
        "ends": f"{when.ends:%H:%M}",
    }
    if kind is RuleKind.OUT_OF_OFFICE and when.starts == when.ends == MIDNIGHT:
        typed |= {"all_day": "1", "starts": "", "ends": ""}
    elif not when.is_weekly:
        typed |= {"starts_later": "second"} if when.starts_later else {}
        typed |= {"ends_later": "second"} if when.ends_later else {}
    return typed


def day(form: Form, name: str) -> date:
    """Return the date of a field."""
    found = optional_day(form, name)
    if found is None:
        raise InvalidError("Enter a day, like 24 November 2026.", field=name)
    return found


def optional_day(form: Form, name: str) -> date | None:
    """Return the same, or None for an empty or missing field."""
    text = form.text(name)
    if not text:
        return None
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidError("Enter a day, like 24 November 2026.", field=name) from None


def clock(form: Form, name: str, otherwise: str) -> time:
    """Return the time of day of a field; ``otherwise`` is what a person reads without one."""
    text = form.text(name)
    try:
        if not _CLOCK.fullmatch(text):
            raise ValueError
        return time.fromisoformat(text)
    except ValueError:
        raise InvalidError(otherwise, field=name) from None


def weekdays_of(form: Form, name: str) -> frozenset[int]:
    """Return the days of the week that are ticked; at least one is."""
    ticked = form.many(name)
    if not ticked or not set(ticked) <= set("0123456"):
        raise InvalidError("Choose the days of the week.", field=name)
    return frozenset(map(int, ticked))


def _clocks(form: Form, problems: Problems) -> tuple[time | None, time | None]:
    return (
        problems.attempt(lambda: clock(form, "starts", "Enter when it starts, like 9:00am.")),
        problems.attempt(lambda: clock(form, "ends", "Enter when it ends, like 5:00pm.")),
    )


def _is_weekly(form: Form) -> bool:
    match form.text("repeats"):
        case "weekly":
            return True
        case "once":
            return False
        case _:
            raise InvalidError("Choose whether it repeats.", field="repeats")


def _settle(form: Form, name: str, local: datetime, zone: str) -> None:
    """Refuse a time that nobody's clock shows, and ask which one is meant where it comes twice."""
    to_instant(local, zone, later=form.which_of_two(name), field=name)
