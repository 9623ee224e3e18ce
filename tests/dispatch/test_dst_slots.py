"""Slots and what they offer on the nights when the clocks change, in nine zones."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.errors import InvalidError
from dispatch.local_time import edge_instant, next_change, shown_at, to_instant
from dispatch.openings import openings
from dispatch.recurrence import MIDNIGHT, Recurrence, once
from dispatch.slots import Slot
from dispatch.vocabulary import PersonId, RuleKind
from tests.builders import NOON, hours, minutes
from tests.clock_changes import Nights, each_zone
from tests.dispatch.desk import Desk

ADA = PersonId(7)
DAY = timedelta(days=1)


def weekly(zone: str, on: datetime, starts: time, ends: time) -> Recurrence:
    first = on.date() - timedelta(days=35)
    return Recurrence(zone, first, None, starts, ends, frozenset({on.weekday()}))


def slots_at(desk: Desk, at: datetime) -> Sequence[Slot]:
    return desk.store.ask(lambda reading: reading.slots([desk.dan], at, at))


def on_the_day(when: Recurrence, day: datetime) -> list[tuple[datetime, datetime]]:
    midnight = edge_instant(datetime.combine(day.date(), MIDNIGHT), when.zone)
    return list(when.between(midnight, midnight + hours(26)))


@each_zone
def test_one_function_decides_on_every_gap_and_fold(nights: Nights) -> None:
    # S92
    zone = nights.zone
    assert shown_at(nights.skipped, zone) == ()
    assert shown_at(nights.following, zone) == (nights.forward_at,)
    assert shown_at(nights.twice, zone) == (nights.first, nights.second)
    assert edge_instant(nights.skipped, zone) == nights.forward_at
    assert edge_instant(nights.twice, zone) == nights.first
    assert edge_instant(nights.twice, zone, later=True) == nights.second
    assert nights.second - nights.first == nights.moved
    with pytest.raises(InvalidError):
        to_instant(nights.skipped, zone)
    with pytest.raises(InvalidError):
        to_instant(nights.twice, zone)


@each_zone
def test_the_next_change_of_the_clocks_is_found_to_the_second(nights: Nights) -> None:
    # S92
    week = timedelta(days=7)
    at = nights.forward_at
    assert next_change(nights.zone, at - week, at + week) == at
    assert next_change(nights.zone, at, at + week) is None
    assert next_change(nights.zone, at - week, at - timedelta(seconds=1)) is None


@each_zone
def test_a_weekly_slot_is_at_the_same_hour_and_as_long_on_every_day_of_a_year(
    nights: Nights,
) -> None:
    # S40 S92
    noon = Recurrence(nights.zone, NOON.date(), None, time(12), time(13), frozenset(range(7)))
    found = list(noon.between(NOON + DAY, NOON + 365 * DAY))
    assert 364 <= len(found) <= 366
    for starts_at, ends_at in found:
        assert starts_at.astimezone(ZoneInfo(nights.zone)).time() == time(12)
        assert ends_at - starts_at == hours(1)


@each_zone
def test_a_slot_around_the_gap_is_shorter_by_it_and_one_inside_is_not_there(
    nights: Nights,
) -> None:
    # S92
    day, before = nights.following, nights.following - nights.moved
    if nights.skips_midnight:  # the day has no midnight: its first hour is the gap
        around = weekly(nights.zone, day, MIDNIGHT, time(4))
        assert on_the_day(around, day) == [(nights.forward_at, nights.forward_at + hours(3))]
    else:
        around = weekly(nights.zone, day, (before - hours(1)).time(), (day + hours(1)).time())
        assert on_the_day(around, day) == [
            (nights.forward_at - hours(1), nights.forward_at + hours(1))
        ]
    inside = weekly(nights.zone, day, before.time(), day.time())
    assert on_the_day(inside, day) == []
    begins_in_it = weekly(nights.zone, day, nights.skipped.time(), (day + hours(2)).time())
    assert on_the_day(begins_in_it, day) == [(nights.forward_at, nights.forward_at + hours(2))]
    week_before = day - timedelta(days=7)
    [(starts_at, ends_at)] = on_the_day(inside, week_before)
    assert ends_at - starts_at == nights.moved, "other weeks have it"


@each_zone
def test_of_edges_that_come_twice_a_slot_takes_the_first_and_time_off_may_last(
    nights: Nights,
) -> None:
    # S92 V8
    starts = (nights.twice - minutes(10)).time()
    slot = weekly(nights.zone, nights.twice, starts, nights.twice.time())
    assert on_the_day(slot, nights.twice) == [(nights.first - minutes(10), nights.first)]
    off = Recurrence(
        nights.zone,
        nights.twice.date(),
        nights.twice.date(),
        starts,
        nights.twice.time(),
        ends_later=True,
    )
    assert list(off.between(nights.first, nights.first)) == [
        (nights.first - minutes(10), nights.second)
    ]


@each_zone
def test_a_slot_until_midnight_touches_the_next_day_on_both_nights(nights: Nights) -> None:
    # S92
    for day in (nights.skipped, nights.twice):
        evening = weekly(nights.zone, day, time(20), MIDNIGHT)
        [(_, ends_at)] = on_the_day(evening, day)
        assert ends_at == edge_instant(datetime.combine(day.date() + DAY, MIDNIGHT), nights.zone)
        eve = weekly(nights.zone, day - DAY, time(20), MIDNIGHT)
        morning = weekly(nights.zone, day, MIDNIGHT, time(5))
        assert on_the_day(eve, day - DAY)[0][1] == on_the_day(morning, day)[0][0]


@each_zone
def test_patients_are_offered_each_instant_of_both_nights_once(nights: Nights) -> None:
    # S12 S92
    for middle in (nights.forward_at, nights.second):
        slot = Slot(ADA, middle - hours(2), middle + hours(2))
        found = openings([slot], [], minutes(20), NOON, middle + DAY, NOON)
        starts = [one.starts_at for one in found]
        assert starts == [slot.starts_at + n * minutes(20) for n in range(12)]
        shown = [at.astimezone(ZoneInfo(nights.zone)) for at in starts]
        assert len({(at.replace(tzinfo=None), at.utcoffset()) for at in shown}) == 12


@each_zone
def test_one_slot_and_time_off_on_those_nights_are_kept_as_they_were_meant(
    desk: Desk, nights: Nights
) -> None:
    # S12 S92 V8
    for at in (nights.first, nights.second, nights.forward_at):
        when = once(at, at + hours(2), nights.zone)
        desk.open_hours(desk.dan, when, by=desk.dan)
        [slot] = slots_at(desk, at)
        assert (slot.starts_at, slot.ends_at) == (at, at + hours(2))
        desk.open_hours(desk.dan, when, kind=RuleKind.OUT_OF_OFFICE, by=desk.dan)
        assert not slots_at(desk, at)
        for host, rule in list(desk.store.rows.calendars.items()):
            if rule.host_id == desk.dan:
                desk.store.rows.calendars.pop(host)
    day = nights.skipped.date()
    skipped = Recurrence(
        nights.zone, day, day, nights.skipped.time(), (nights.skipped + hours(3)).time()
    )
    with pytest.raises(InvalidError) as error:
        desk.open_hours(desk.dan, skipped, by=desk.dan)
    assert error.value.field == "starts"


@each_zone
def test_a_whole_day_off_is_taken_on_a_day_without_midnight_too(desk: Desk, nights: Nights) -> None:
    # S92 V8
    day = nights.skipped.date()
    off = Recurrence(nights.zone, day, day + DAY, MIDNIGHT, MIDNIGHT)
    desk.open_hours(desk.dan, off, kind=RuleKind.OUT_OF_OFFICE, by=desk.dan)
    start = edge_instant(datetime.combine(day, MIDNIGHT), nights.zone)
    desk.open_slot(desk.dan, start - hours(10), hours(20))
    [slot] = desk.store.ask(lambda r: r.slots([desk.dan], start - hours(10), start + hours(10)))
    assert slot.ends_at == start
    assert slot.ends_at.tzinfo is UTC
