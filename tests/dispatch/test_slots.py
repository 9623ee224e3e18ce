"""Hours on somebody's clock become slots: each week at the same hour, less the time off."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from dispatch.recurrence import MIDNIGHT, Recurrence, once
from dispatch.slots import CalendarRule, Slot, expand, first_clash, spans
from dispatch.vocabulary import CalendarRuleId, PersonId, RuleKind
from tests.builders import NOON, hours, minutes

ADA, BEN = PersonId(7), PersonId(8)
MONDAYS = Recurrence("America/New_York", date(2026, 3, 2), None, time(9), time(12), frozenset({0}))


def rule(when: Recurrence, host: PersonId = ADA, kind: RuleKind = RuleKind.SLOT) -> CalendarRule:
    return CalendarRule(CalendarRuleId(0), host, kind, when)


def away(when: Recurrence, host: PersonId = ADA) -> CalendarRule:
    return rule(when, host, RuleKind.OUT_OF_OFFICE)


def weekly(zone: str, day: int, starts: time, ends: time, **more: bool) -> Recurrence:
    return Recurrence(zone, date(2026, 1, 1), None, starts, ends, frozenset({day}), **more)


def stretches(when: Recurrence, start: str, end: str) -> list[tuple[str, str]]:
    """Return what follows between two days of UTC, as texts without the offset."""
    first, last = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (start, end))
    found = when.between(first, last)
    return [(f"{a:%m-%dT%H:%M}", f"{b:%m-%dT%H:%M}") for a, b in found]


def test_a_weekly_slot_keeps_its_local_hour_when_the_clocks_change() -> None:
    # S40 S92
    assert stretches(MONDAYS, "2026-03-01", "2026-03-17") == [
        ("03-02T14:00", "03-02T17:00"),
        ("03-09T13:00", "03-09T16:00"),  # the clocks went forward on the 8th
        ("03-16T13:00", "03-16T16:00"),
    ]


def test_a_series_has_a_first_and_a_last_day_and_only_its_weekdays() -> None:
    when = Recurrence(
        "UTC", date(2026, 3, 3), date(2026, 3, 10), time(9), time(10), frozenset({0, 1})
    )
    assert [start for start, _ in stretches(when, "2026-01-01", "2027-01-01")] == [
        "03-03T09:00",
        "03-09T09:00",
        "03-10T09:00",
    ]


def test_a_slot_until_midnight_ends_with_its_day_even_where_that_midnight_is_skipped() -> None:
    # S92: Cairo goes from 00:00 to 01:00 on 24 April 2026
    thursdays = weekly("Africa/Cairo", 3, time(22), MIDNIGHT)
    assert stretches(thursdays, "2026-04-16", "2026-05-01") == [
        ("04-16T20:00", "04-16T22:00"),
        ("04-23T20:00", "04-23T22:00"),
        ("04-30T19:00", "04-30T21:00"),
    ]


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (time(1), time(2, 30), ("03-08T06:00", "03-08T07:00")),  # ends with the hour that was
        (time(2, 30), time(5), ("03-08T07:00", "03-08T09:00")),  # begins when the clocks change
        (time(1), time(5), ("03-08T06:00", "03-08T09:00")),  # an hour shorter than other weeks
        (time(2), time(3), None),  # nobody's clock showed any of it
        (time(2, 15), time(2, 45), None),
    ],
)
def test_an_edge_in_the_gap_is_the_moment_of_the_change(
    starts: time, ends: time, expected: tuple[str, str] | None
) -> None:
    # S92
    sundays = weekly("America/New_York", 6, starts, ends)
    assert stretches(sundays, "2026-03-08", "2026-03-09") == ([expected] if expected else [])


def test_of_an_edge_that_is_shown_twice_a_slot_takes_the_first_and_time_off_the_longest() -> None:
    # S92: 1:00 to 2:00 comes twice on 1 November in New York
    half_hour = weekly("America/New_York", 6, time(1, 15), time(1, 45))
    assert stretches(half_hour, "2026-11-01", "2026-11-02") == [("11-01T05:15", "11-01T05:45")]
    off = weekly("America/New_York", 6, time(1, 15), time(1, 45), ends_later=True)
    assert stretches(off, "2026-11-01", "2026-11-02") == [("11-01T05:15", "11-01T06:45")]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia"])
def test_one_stretch_between_two_instants_is_just_that_in_every_zone(zone: str) -> None:
    when = once(NOON - hours(5), NOON + hours(5), zone)
    assert list(when.between(NOON, NOON)) == [(NOON - hours(5), NOON + hours(5))]
    assert not list(when.between(NOON + hours(6), NOON + hours(7)))


@pytest.mark.parametrize("hour", range(4, 9))
def test_one_stretch_on_the_night_of_a_change_knows_which_of_two_equal_times_it_means(
    hour: int,
) -> None:
    # S92
    start = datetime(2026, 11, 1, hour, 30, tzinfo=UTC)
    when = once(start, start + hours(1), "America/New_York")
    assert list(when.between(start, start)) == [(start, start + hours(1))]


def test_time_off_takes_a_part_of_a_slot_and_only_of_its_own_host() -> None:
    # V8
    day = once(NOON, NOON + hours(6), "UTC")
    found = expand(
        [
            rule(day),
            rule(day, BEN),
            away(once(NOON + hours(1), NOON + hours(2), "UTC")),
            away(
                once(
                    NOON
                    + hours(
                        1,
                    )
                    + minutes(30),
                    NOON + hours(3),
                    "UTC",
                )
            ),
            away(once(NOON + hours(5), NOON + hours(9), "UTC")),
        ],
        NOON,
        NOON + hours(6),
    )
    assert found == (
        Slot(ADA, NOON, NOON + hours(1)),
        Slot(ADA, NOON + hours(3), NOON + hours(5), counted_from=NOON),
        Slot(BEN, NOON, NOON + hours(6)),
    )


def test_weekly_time_off_beats_every_week() -> None:
    # V8
    lunch = weekly("America/New_York", 0, time(10), time(11))
    start = datetime(2026, 3, 2, tzinfo=UTC)
    found = expand([rule(MONDAYS), away(lunch)], start, start + timedelta(days=13))
    assert [(f"{slot.starts_at:%d %H}", f"{slot.ends_at:%H}") for slot in found] == [
        ("02 14", "15"),
        ("02 16", "17"),
        ("09 13", "14"),
        ("09 15", "16"),
    ]


def test_wishes_that_lie_months_apart_are_looked_at_by_themselves() -> None:
    # S40
    far = NOON + timedelta(days=300)
    times = (far, NOON + timedelta(days=2), NOON)
    assert spans(times, minutes(20)) == (
        (NOON, NOON + timedelta(days=2, minutes=20)),
        (far, far + minutes(20)),
    )
    assert spans((), minutes(20)) == ()


@pytest.mark.parametrize(
    ("other", "clashes"),
    [
        (weekly("America/New_York", 0, time(11), time(13)), True),
        (weekly("America/New_York", 0, time(12), time(13)), False),  # back to back
        (weekly("America/New_York", 1, time(9), time(12)), False),
        (weekly("UTC", 0, time(13, 30), time(14)), True),  # in summer only
        (weekly("Asia/Tokyo", 1, time(1), time(2)), True),  # Tuesday there is Monday here
        (once(NOON + hours(3), NOON + hours(4), "UTC"), True),
        (once(NOON + hours(5), NOON + hours(6), "UTC"), False),
        (
            once(NOON + timedelta(days=700, hours=3), NOON + timedelta(days=700, hours=4), "UTC"),
            True,
        ),
    ],
)
def test_hours_that_ever_overlap_are_found(other: Recurrence, clashes: bool) -> None:
    for one, two in ((MONDAYS, other), (other, MONDAYS)):
        assert (first_clash(one, [two], NOON) is not None) is clashes


def test_what_overlapped_in_the_past_is_past() -> None:
    ended = Recurrence(
        "America/New_York", date(2026, 3, 2), date(2026, 11, 16), time(9), time(12), frozenset({0})
    )
    assert first_clash(MONDAYS, [ended], NOON) is None
    assert first_clash(MONDAYS, [ended], NOON - timedelta(days=7)) is not None
