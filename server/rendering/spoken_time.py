"""Instants as people say them, always with the zone; knows no page and no viewer."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def iso(at: datetime) -> str:
    """Return an instant for machines: ``2026-11-22T15:34:00.000Z``."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def spoken_time(at: datetime, zone: str) -> str:
    """Return ``10:42am EST``."""
    there = _in_zone(at, zone)
    return f"{_clock(there)} {_zone_name(there)}"


def spoken_day(at: datetime, zone: str) -> str:
    """Return ``Tuesday 24 November 2026``."""
    there = _in_zone(at, zone)
    return f"{there:%A} {there.day} {there:%B %Y}"


def spoken_datetime(at: datetime, zone: str) -> str:
    """Return ``Tue 24 Nov 2026, 2:30pm EST``."""
    there = _in_zone(at, zone)
    return f"{there:%a} {there.day} {there:%b %Y}, {_clock(there)} {_zone_name(there)}"


def spoken_at(at: datetime, zone: str, now: datetime) -> str:
    """Return the time alone for today, else with its day: what belongs into a sentence."""
    ahead = _in_zone(at, zone).date() - _in_zone(now, zone).date()
    if ahead.days == 0:
        return spoken_time(at, zone)
    if ahead.days == 1:
        return f"{spoken_time(at, zone)} tomorrow"
    return spoken_datetime(at, zone)


SPELLINGS: Mapping[str, Callable[[datetime, str], str]] = {
    "time": spoken_time,
    "datetime": spoken_datetime,
    "day": spoken_day,
}


def _in_zone(at: datetime, zone: str) -> datetime:
    try:
        return at.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return at.astimezone(UTC)  # a zone that time zone data no longer knows


def _clock(there: datetime) -> str:
    # The minutes not by %M: a row holds several times, and that alone takes longer than the rest.
    return f"{there.hour % 12 or 12}:{there.minute:02}{'am' if there.hour < 12 else 'pm'}"


def _zone_name(there: datetime) -> str:
    name = there.tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name  # zones without letters of their own
