"""Knows the nights on which clocks change in nine zones, worked out by hand and not by ``zoneinfo``.

All lie within a year of the examples' noon. Three of the zones skip midnight, one changes by half
an hour, two are a quarter or half of an hour away from everybody else.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest


@dataclass(frozen=True, slots=True)
class Nights:
    """The gap and the fold of one zone; local times are naive, instants are UTC."""

    zone: str
    skipped: datetime  # a local time in the gap
    following: datetime  # the first local time after it
    forward_at: datetime  # the instant of that change
    twice: datetime  # a local time in the fold
    first: datetime
    second: datetime
    moved: timedelta  # by how much the clocks move on both nights
    skips_midnight: bool = False

    def __str__(self) -> str:
        return self.zone.rpartition("/")[2]


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _nights(
    zone: str,
    gap: tuple[str, str, str],
    fold: tuple[str, str, str],
    minutes: int = 60,
    **more: bool,
) -> Nights:
    skipped, following, forward = gap
    twice, first, second = fold
    return Nights(
        zone,
        _local(skipped),
        _local(following),
        _local(forward).replace(tzinfo=UTC),
        _local(twice),
        _local(first).replace(tzinfo=UTC),
        _local(second).replace(tzinfo=UTC),
        timedelta(minutes=minutes),
        **more,
    )


NIGHTS = (
    _nights(
        "America/New_York",
        ("2027-03-14T02:30", "2027-03-14T03:00", "2027-03-14T07:00"),
        ("2027-11-07T01:30", "2027-11-07T05:30", "2027-11-07T06:30"),
    ),
    _nights(
        "America/St_Johns",
        ("2027-03-14T02:30", "2027-03-14T03:00", "2027-03-14T05:30"),
        ("2027-11-07T01:30", "2027-11-07T04:00", "2027-11-07T05:00"),
    ),
    _nights(
        "America/Santiago",
        ("2027-09-05T00:30", "2027-09-05T01:00", "2027-09-05T04:00"),
        ("2027-04-03T23:30", "2027-04-04T02:30", "2027-04-04T03:30"),
        skips_midnight=True,
    ),
    _nights(
        "Europe/London",
        ("2027-03-28T01:30", "2027-03-28T02:00", "2027-03-28T01:00"),
        ("2027-10-31T01:30", "2027-10-31T00:30", "2027-10-31T01:30"),
    ),
    _nights(
        "Europe/Berlin",
        ("2027-03-28T02:30", "2027-03-28T03:00", "2027-03-28T01:00"),
        ("2027-10-31T02:30", "2027-10-31T00:30", "2027-10-31T01:30"),
    ),
    _nights(
        "Africa/Cairo",
        ("2027-04-30T00:30", "2027-04-30T01:00", "2027-04-29T22:00"),
        ("2027-10-28T23:30", "2027-10-28T20:30", "2027-10-28T21:30"),
        skips_midnight=True,
    ),
    _nights(
        "Asia/Beirut",
        ("2027-03-28T00:30", "2027-03-28T01:00", "2027-03-27T22:00"),
        ("2027-10-30T23:30", "2027-10-30T20:30", "2027-10-30T21:30"),
        skips_midnight=True,
    ),
    _nights(
        "Australia/Lord_Howe",
        ("2027-10-03T02:10", "2027-10-03T02:30", "2027-10-02T15:30"),
        ("2027-04-04T01:45", "2027-04-03T14:45", "2027-04-03T15:15"),
        minutes=30,
    ),
    _nights(
        "Pacific/Chatham",
        ("2027-09-26T03:00", "2027-09-26T03:45", "2027-09-25T14:00"),
        ("2027-04-04T03:00", "2027-04-03T13:15", "2027-04-03T14:15"),
    ),
)
each_zone = pytest.mark.parametrize("nights", NIGHTS, ids=str)


def clock(local: datetime) -> str:
    """Return a local time as a page says it: ``2:30am``."""
    return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"
