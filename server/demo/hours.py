"""When Harbor's providers take appointments: a weekly pattern each."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from dispatch.local_time import to_instant
from dispatch.people import system_actor
from dispatch.ports import Reading, Store
from dispatch.recurrence import MIDNIGHT, Recurrence
from dispatch.slots import CalendarRule
from dispatch.usecases.slot_rules import AddRules, add_rules
from dispatch.vocabulary import PersonId, RuleKind
from server.demo.cast import ACCOUNT, PROVIDER, Cast
from server.demo.places import ZONE

_MONDAY_TO_FRIDAY = range(5)

# Weekdays (Monday is 0) and the stretches of a day, in hours of the providers' own zone; Harbor's
# own clock is an hour behind it.
Pattern = tuple[Sequence[int], Sequence[tuple[int, int]]]
PATTERNS: Mapping[str, Pattern] = {
    PROVIDER: (_MONDAY_TO_FRIDAY, ((10, 13), (14, 17))),
    "npi:0000000003": ((0, 2, 4), ((9, 13),)),
    "npi:0000000004": (_MONDAY_TO_FRIDAY, ((11, 15),)),
    "npi:0000000006": ((1, 3), ((10, 13), (14, 19))),
    "demo:provider-2": ((0, 1, 2, 3), ((15, 19),)),
    "demo:provider-3": ((0, 3, 5), ((10, 14),)),
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


async def keep_hours(store: Store, cast: Cast, now: datetime) -> None:
    """Give each of them their week, unless they have one; the rest follows from it for ever."""
    for who, pattern in PATTERNS.items():
        host = cast.people[who]
        rules = await store.read(partial(_rules, host))
        if not any(rule.when.is_weekly for rule in rules):
            week = _week(pattern, _first_day(rules, ZONE, now))
            await store.perform(add_rules, AddRules(host, week), system_actor(ACCOUNT))
            if who == PROVIDER:  # whom a visitor becomes: their calendar shows some of everything
                day = working_day(now, ZONE, 9)
                away = Recurrence(ZONE, day, day + timedelta(days=1), MIDNIGHT, MIDNIGHT)
                command = AddRules(host, (away,), RuleKind.OUT_OF_OFFICE)
                await store.perform(add_rules, command, system_actor(ACCOUNT))


def _rules(host: PersonId, reading: Reading) -> Sequence[CalendarRule]:
    return reading.calendar_rules([host])


def _first_day(rules: Sequence[CalendarRule], zone: str, now: datetime) -> date:
    """Return today, or the day after the slots that an earlier release wrote out one by one."""
    today = now.astimezone(ZoneInfo(zone)).date()
    written = (rule.when.last_day + timedelta(days=1) for rule in rules if rule.when.last_day)
    return max(today, *written) if rules else today


def _week(pattern: Pattern, first_day: date) -> tuple[Recurrence, ...]:
    """Return each day by itself, as somebody who copies one day to others would have made them."""
    weekdays, stretches = pattern
    return tuple(
        Recurrence(ZONE, first_day, None, time(start), time(end), frozenset({weekday}))
        for weekday in weekdays
        for start, end in stretches
    )
