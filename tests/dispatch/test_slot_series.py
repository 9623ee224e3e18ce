"""What repeats each week ends on a day, and is copied from one day to others."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from dispatch.errors import InvalidError
from dispatch.recurrence import Recurrence
from dispatch.slots import CalendarRule
from dispatch.usecases.slot_rules import CopyDay, EndRule
from dispatch.vocabulary import PersonId
from tests.dispatch.desk import Desk

TODAY = date(2026, 11, 23)  # a Monday
TUESDAYS = Recurrence("America/New_York", TODAY, None, time(9), time(12), frozenset({1}))
WEDNESDAY = replace(
    TUESDAYS, first_day=date(2026, 11, 25), last_day=date(2026, 11, 25), weekdays=frozenset()
)


def rules(desk: Desk, host: int) -> list[CalendarRule]:
    return list(desk.store.ask(lambda reading: reading.calendar_rules([PersonId(host)])))


def test_a_series_ends_on_a_day_and_a_single_slot_cannot(desk: Desk) -> None:
    desk.open_hours(desk.dan, TUESDAYS, WEDNESDAY, by=desk.dan)
    weekly, alone = rules(desk, desk.dan)
    end = EndRule(desk.dan, weekly.id, date(2026, 12, 1), 1)
    desk.does(desk.dan, end)
    start = desk.now
    slots = desk.store.ask(lambda r: r.slots([desk.dan], start, start + timedelta(days=60)))
    assert [f"{slot.starts_at:%m-%d}" for slot in slots] == ["11-24", "11-25", "12-01"]
    for last_day in (date(2026, 11, 22), date(2026, 11, 23), date(2050, 1, 1)):
        again = replace(end, last_day=last_day, expected_version=2)
        with pytest.raises(InvalidError):
            desk.does(desk.dan, again)
    with pytest.raises(InvalidError):
        desk.does(desk.dan, replace(end, rule_id=alone.id))


def test_a_series_that_ended_is_not_drawn_out_over_the_one_that_follows_it(desk: Desk) -> None:
    # S12
    autumn = replace(TUESDAYS, last_day=date(2026, 12, 8))
    winter = replace(TUESDAYS, first_day=date(2026, 12, 15))
    desk.open_hours(desk.dan, autumn, winter, by=desk.dan)
    before = rules(desk, desk.dan)
    end = EndRule(desk.dan, before[0].id, date(2026, 12, 15), 1)
    with pytest.raises(InvalidError) as refused:
        desk.does(desk.dan, end)
    assert refused.value.sentence.startswith("It overlaps a slot that is there")
    assert refused.value.at == datetime(2026, 12, 15, 14, tzinfo=UTC)
    assert rules(desk, desk.dan) == before
    desk.does(desk.dan, replace(end, last_day=date(2026, 12, 14)))


def test_a_day_is_copied_to_others_each_to_be_changed_by_itself(desk: Desk) -> None:
    # S12
    afternoon = replace(TUESDAYS, starts=time(13), ends=time(16), last_day=date(2026, 12, 31))
    desk.open_hours(desk.dan, TUESDAYS, afternoon, by=desk.dan)
    copy = CopyDay(desk.dan, 1, frozenset({1, 3, 4}))
    desk.does(desk.dan, copy)
    spread = [
        (sorted(r.when.weekdays), r.when.starts, r.when.last_day) for r in rules(desk, desk.dan)
    ]
    assert spread == [
        ([1], time(9), None),
        ([1], time(13), date(2026, 12, 31)),
        ([3], time(9), None),
        ([4], time(9), None),
        ([3], time(13), date(2026, 12, 31)),
        ([4], time(13), date(2026, 12, 31)),
    ]
    done = desk.does(desk.dan, copy)
    assert done.was_there
    assert len(rules(desk, desk.dan)) == 6


def test_a_day_that_has_something_else_then_is_not_copied_over(desk: Desk) -> None:
    friday = replace(TUESDAYS, weekdays=frozenset({4}), starts=time(11), ends=time(13))
    desk.open_hours(desk.dan, TUESDAYS, friday, by=desk.dan)
    for to in (frozenset({3, 4}), frozenset(), frozenset({1}), frozenset({9})):
        with pytest.raises(InvalidError):
            desk.does(desk.dan, CopyDay(desk.dan, 1, to))
    with pytest.raises(InvalidError):
        desk.does(desk.dan, CopyDay(desk.dan, 6, frozenset({3})))
    assert len(rules(desk, desk.dan)) == 2
