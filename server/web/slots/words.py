"""A provider's hours in words, day by day; it knows no page and no form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from dispatch.local_time import next_change, zone_named
from dispatch.recurrence import MIDNIGHT, Recurrence
from dispatch.slots import CalendarRule
from dispatch.vocabulary import RuleKind

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = timedelta(days=1)
_NOTICED_AHEAD = timedelta(weeks=13)


@dataclass(frozen=True, slots=True)
class Line:
    """One rule as it stands in a list."""

    id: int
    hours: str  # what it is about: "9am to 12 midday"
    more: tuple[str, ...]  # "repeats weekly until 31 Dec 2026"


@dataclass(frozen=True, slots=True)
class Weekday:
    """One day of the week, and what comes again on it."""

    number: int  # Monday is 0
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A whole calendar in words; what is over is left out."""

    week: tuple[Weekday, ...]
    single: tuple[Line, ...]
    time_off: tuple[Line, ...]
    change: tuple[str, ...]  # about the clocks, where a series meets their next change


def listed(rules: Sequence[CalendarRule], zone: str, now: datetime) -> Listed:
    """Return the rules of a host whose own zone is named, in words."""
    current = [rule for rule in rules if not rule.when.is_over(now)]
    slots = [rule for rule in current if rule.kind is RuleKind.SLOT]
    away = [rule for rule in current if rule.kind is RuleKind.OUT_OF_OFFICE]
    weekly = sorted((r for r in slots if r.when.is_weekly), key=lambda r: (r.when.starts, r.id))
    single = sorted((r for r in slots if not r.when.is_weekly), key=_when)
    return Listed(
        week=tuple(
            Weekday(number, name, tuple(_of_day(r, number, zone, now) for r in _on(weekly, number)))
            for number, name in enumerate(DAYS)
        ),
        single=tuple(_once(rule, zone) for rule in single),
        time_off=tuple(
            _weekly_off(rule, zone, now) if rule.when.is_weekly else _once(rule, zone)
            for rule in sorted(away, key=_when)
        ),
        change=_change([rule.when for rule in weekly], now),
    )


def in_words(rule: CalendarRule, zone: str, now: datetime) -> str:
    """Return one rule in a sentence of its own."""
    line = _weekly_off(rule, zone, now) if rule.when.is_weekly else _once(rule, zone)
    return ", ".join([line.hours, *line.more])


def place(zone: str) -> str:
    """Return whose clock it is: ``New York time``."""
    city = zone.rpartition("/")[2].replace("_", " ")
    return city if city in ("UTC", "GMT") else f"{city} time"


def clock(at: time, *, is_end: bool = False) -> str:
    """Return ``9am``, ``9:30am``, ``12 midday``."""
    if at == MIDNIGHT:
        return "12 midnight" if is_end else "midnight"
    if at == time(12):
        return "12 midday"
    minutes = f":{at:%M}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def spoken_day(day: date) -> str:
    """Return ``Tue 24 Nov 2026``."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def _span(when: Recurrence) -> str:
    return f"{clock(when.starts)} to {clock(when.ends, is_end=True)}"


def _on(weekly: Iterable[CalendarRule], number: int) -> Iterable[CalendarRule]:
    return (rule for rule in weekly if number in rule.when.weekdays)


def _of_day(rule: CalendarRule, number: int, zone: str, now: datetime) -> Line:
    others = [DAYS[n][:3] for n in sorted(rule.when.weekdays) if n != number]
    together = (f"together with {_listing(others)}",) if others else ()
    return Line(rule.id, _span(rule.when), (*_series(rule.when, zone, now), *together))


def _weekly_off(rule: CalendarRule, zone: str, now: datetime) -> Line:
    days = _listing([DAYS[number] for number in sorted(rule.when.weekdays)])
    is_whole = rule.when.starts == rule.when.ends == MIDNIGHT
    hours = f"{days}, {'all day' if is_whole else _span(rule.when)}"
    return Line(rule.id, hours, _series(rule.when, zone, now))


def _series(when: Recurrence, zone: str, now: datetime) -> tuple[str, ...]:
    today = now.astimezone(zone_named(when.zone)).date()
    said = "repeats weekly"
    if when.first_day > today:
        said += f" from {spoken_day(when.first_day)}"
    if when.last_day is not None:
        said += f" until {spoken_day(when.last_day)}"
    return (said, *_elsewhere(when, zone))


def _once(rule: CalendarRule, zone: str) -> Line:
    when = rule.when
    last_day = when.last_day or when.first_day
    if when.ends == MIDNIGHT:
        last_day -= _DAY
    if rule.kind is RuleKind.OUT_OF_OFFICE and when.starts == when.ends == MIDNIGHT:
        until = "" if last_day == when.first_day else f" to {spoken_day(last_day)}"
        return Line(
            rule.id, f"{spoken_day(when.first_day)}{until}, all day", _elsewhere(when, zone)
        )
    second = {True: "the second ", False: ""}
    starts = f"{second[when.starts_later]}{clock(when.starts)}"
    ends = f"{second[when.ends_later]}{clock(when.ends, is_end=True)}"
    end_day = "" if last_day == when.first_day else f"{spoken_day(last_day)}, "
    hours = f"{spoken_day(when.first_day)}, {starts} to {end_day}{ends}"
    return Line(rule.id, hours, _elsewhere(when, zone))


def _elsewhere(when: Recurrence, zone: str) -> tuple[str, ...]:
    """Name the clock of hours that were made in another zone than the host's own."""
    return () if when.zone == zone else (place(when.zone),)


def _change(weekly: Sequence[Recurrence], now: datetime) -> tuple[str, ...]:
    """Say what the next change of the clocks does to series that go on beyond it (S92)."""
    said: list[str] = []
    for zone in sorted({when.zone for when in weekly}):
        at = next_change(zone, now, now + _NOTICED_AHEAD)
        if at is None:
            continue
        tz = zone_named(zone)
        day = at.astimezone(tz).date()
        before = (at - timedelta(seconds=1)).astimezone(tz).utcoffset() or timedelta()
        moved = (at.astimezone(tz).utcoffset() or timedelta()) - before
        met = [w for w in weekly if w.zone == zone and (w.last_day is None or w.last_day >= day)]
        if met:
            way = "forward" if moved > timedelta() else "back"
            said.append(
                f"The clocks go {way} by {_length(abs(moved))} on {spoken_day(day)} in "
                f"{place(zone).removesuffix(' time')}. Weekly hours stay at the same time of day."
            )
            said += [line for when in met for line in _on_the_night(when, day)]
    return tuple(said)


def _on_the_night(when: Recurrence, day: date) -> Iterable[str]:
    """Say what is left of hours on a day when the clocks change while they last."""
    if day.weekday() not in when.weekdays or day < when.first_day:
        return
    tz = zone_named(when.zone)
    midnight = datetime.combine(day, MIDNIGHT, tz).astimezone(UTC)
    nominal = datetime.combine(day, when.ends) - datetime.combine(day, when.starts)
    if when.ends == MIDNIGHT:
        nominal += _DAY
    found = [
        ends_at - starts_at
        for starts_at, ends_at in when.between(midnight, midnight + _DAY)
        if starts_at.astimezone(tz).date() == day
    ]
    lasts = found[0] if found else timedelta()
    if lasts != nominal:
        left = f"lasts {_length(lasts)} that day" if lasts else "is left out that day"
        yield f"{DAYS[day.weekday()]} {_span(when)} {left}."


def _length(of: timedelta) -> str:
    hours, minutes = divmod(of // timedelta(minutes=1), 60)
    said = [f"{hours} {'hour' if hours == 1 else 'hours'}"] if hours else []
    said += [f"{minutes} minutes"] if minutes else []
    return " ".join(said) or "no time"


def _listing(names: Sequence[str]) -> str:
    """Return ``Monday, Tuesday and Friday``."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _when(rule: CalendarRule) -> tuple[bool, date, time, int]:
    return (not rule.when.is_weekly, rule.when.first_day, rule.when.starts, rule.id)
