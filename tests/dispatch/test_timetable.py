"""A clinic's hours are wall clock in its own zone; closures beat them, and both bind who asks."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import InvalidError
from dispatch.timetable import Closure, Hours, Timetable, fit_closure, fit_hours
from dispatch.usecases.hours import (
    AddClosure,
    RemoveClosure,
    SetHours,
    add_closure,
    remove_closure,
    set_hours,
)
from dispatch.vocabulary import RequestType
from tests.builders import hours, minutes
from tests.dispatch.desk import Desk

NEW_YORK = "America/New_York"
WORKDAYS = tuple(Hours(day, 9 * 60, 17 * 60) for day in range(5))
WEEK = Timetable(NEW_YORK, WORKDAYS)


def there(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(NEW_YORK)).astimezone(UTC)


def test_it_is_open_from_the_first_minute_to_before_the_last() -> None:
    assert not WEEK.is_open(there(2026, 11, 24, 8, 59))
    assert WEEK.is_open(there(2026, 11, 24, 9))
    assert WEEK.is_open(there(2026, 11, 24, 16, 59))
    assert not WEEK.is_open(there(2026, 11, 24, 17))
    assert not WEEK.is_open(there(2026, 11, 28, 12)), "a Saturday"
    assert Timetable(NEW_YORK).is_open(there(2026, 11, 28, 3)), "without hours, at all hours"


def test_it_opens_next_after_the_night_the_weekend_or_the_closure() -> None:
    assert WEEK.opens_at(there(2026, 11, 24, 12)) == there(2026, 11, 24, 12)
    assert WEEK.opens_at(there(2026, 11, 24, 17)) == there(2026, 11, 25, 9)
    assert WEEK.opens_at(there(2026, 11, 27, 18)) == there(2026, 11, 30, 9)
    closed = replace(WEEK, closures=(Closure(date(2026, 11, 30), date(2026, 12, 1)),))
    assert closed.opens_at(there(2026, 11, 27, 18)) == there(2026, 12, 2, 9)
    years = tuple(
        Closure(date(2026 + n, 1, 1), date(2026 + n, 12, 31), "For good") for n in range(3)
    )
    assert replace(WEEK, closures=years).opens_at(there(2026, 11, 27, 18)) is None


def test_a_stretch_to_midnight_goes_on_into_the_next_day_s() -> None:
    night = Timetable(NEW_YORK, (Hours(0, 22 * 60, 24 * 60), Hours(1, 0, 6 * 60)))
    assert night.is_open(there(2026, 11, 23, 23, 59))
    assert night.is_open(there(2026, 11, 24))
    assert not night.is_open(there(2026, 11, 24, 6))


@pytest.mark.parametrize(("day", "offset"), [(date(2026, 3, 6), 14), (date(2026, 3, 9), 13)])
def test_the_hour_on_the_wall_stays_when_the_clocks_change(day: date, offset: int) -> None:
    opens = WEEK.opens_at(datetime.combine(day, time(10), UTC))
    assert opens == datetime.combine(day, time(offset), UTC), "9:00 there, in winter and summer"


ANY_WEEK = st.lists(
    st.builds(
        lambda day, start, length: Hours(day, start, min(start + length, 1440)),
        st.integers(0, 6),
        st.integers(0, 1439),
        st.integers(1, 1440),
    ),
    max_size=6,
)


@given(
    ANY_WEEK,
    st.integers(0, 365 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + minutes(n)),
    st.sampled_from([NEW_YORK, "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]),
)
def test_it_is_open_at_the_moment_it_opens(week: list[Hours], now: datetime, zone: str) -> None:
    timetable = Timetable(zone, tuple(week))
    opens = timetable.opens_at(now)
    assert opens is not None
    assert opens >= now
    assert timetable.is_open(opens)
    assert timetable.is_open(now) == (opens == now)


@pytest.mark.parametrize(
    "wrong",
    [
        (Hours(0, 600, 600),),
        (Hours(0, 600, 540),),
        (Hours(0, -1, 540),),
        (Hours(7, 0, 540),),
        (Hours(0, 0, 1441),),
        (Hours(0, 540, 720), Hours(0, 700, 800)),
        tuple(Hours(0, n * 100, n * 100 + 10) for n in range(5)),
    ],
)
def test_hours_that_cannot_be_are_refused(wrong: tuple[Hours, ...]) -> None:
    with pytest.raises(InvalidError):
        fit_hours(wrong)


def test_hours_may_touch_and_come_in_any_order() -> None:
    two = (Hours(0, 720, 1020), Hours(0, 540, 720))
    assert fit_hours(two) == two[::-1]


def test_a_closure_ends_after_it_begins() -> None:
    with pytest.raises(InvalidError):
        fit_closure(Closure(date(2026, 12, 2), date(2026, 12, 1)))
    with pytest.raises(InvalidError):
        fit_closure(Closure(date(2026, 1, 1), date(2027, 6, 1)))
    one = fit_closure(Closure(date(2026, 12, 1), date(2026, 12, 1), " Snow \n storm "))
    assert one.reason == "Snow storm"


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_nobody_asks_to_be_seen_now_while_the_clinic_is_closed(desk: Desk) -> None:
    # S2: NOON is on a Tuesday
    root = desk.actor(desk.root)
    tomorrow = (desk.now.weekday() + 1) % 7
    night = (Hours(tomorrow, 8 * 60, 17 * 60),)
    desk.store.run(set_hours, SetHours(desk.evening.id, night), root)
    with pytest.raises(InvalidError) as refused:
        desk.ask()
    assert refused.value.sentence == "Evening Clinic opens at {at}. Pick a time instead."
    assert refused.value.at
    assert refused.value.field == "type"
    assert not desk.store.rows.requests
    desk.ask(desk.now + hours(3))
    desk.store.run(set_hours, SetHours(desk.evening.id, ()), root)
    desk.ask(by=desk.omar)


def test_a_clinic_that_takes_no_set_times_gives_its_phone(desk: Desk) -> None:
    desk.change_clinic(
        desk.evening,
        accepts_scheduled=False,
        phone="555-0100",
        hours=(Hours((desk.now.weekday() + 1) % 7, 540, 600),),
    )
    with pytest.raises(InvalidError) as refused:
        desk.ask()
    assert refused.value.sentence.endswith("You can call 555-0100.")


def test_a_closure_binds_both_kinds_of_request(desk: Desk) -> None:
    root, today = desk.actor(desk.root), desk.now.date()
    closure = Closure(today, today, "Snow")
    desk.store.run(add_closure, AddClosure(desk.evening.id, closure), root)
    with pytest.raises(InvalidError) as refused:
        desk.ask()
    assert refused.value.field == "type"
    with pytest.raises(InvalidError) as refused:
        desk.ask(desk.now + hours(48), desk.now + hours(2))
    assert refused.value.field == "time2"
    assert "(Snow). Pick another day." in refused.value.sentence
    assert not desk.store.rows.requests
    desk.store.run(remove_closure, RemoveClosure(desk.evening.id, closure), root)
    desk.ask()


def test_a_closure_that_is_over_is_refused_and_one_given_twice_is_one(desk: Desk) -> None:
    root, today = desk.actor(desk.root), desk.now.date()
    past = Closure(date(2020, 1, 1), date(2020, 1, 2))
    with pytest.raises(InvalidError):
        desk.store.run(add_closure, AddClosure(desk.evening.id, past), root)
    once = AddClosure(desk.evening.id, Closure(today, today))
    assert not desk.store.run(add_closure, once, root).was_there
    assert desk.store.run(add_closure, once, root).was_there
    assert len(desk.store.rows.clinics[desk.evening.id].closures) == 1


def test_what_waits_already_goes_on_waiting(desk: Desk) -> None:
    number = desk.ask()
    week = (Hours((desk.now.weekday() + 1) % 7, 540, 600),)
    desk.does(desk.root, SetHours(desk.evening.id, week))
    assert desk.request(number).type is RequestType.NOW
    assert desk.request(number).status == "pending"
