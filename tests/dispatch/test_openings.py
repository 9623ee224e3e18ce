"""The times that patients can ask for: slots, in steps of the visit, less what sessions took."""

from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dispatch.openings import Opening, openings
from dispatch.recurrence import Recurrence, once
from dispatch.slots import Slot
from dispatch.timetable import Closure
from dispatch.usecases.calendar import clinic_openings, provider_openings
from dispatch.vocabulary import PersonId, RuleKind, SessionStatus
from tests.builders import NOON, a_session, a_slot, hours, minutes
from tests.dispatch.desk import Desk

ADA, BEN = PersonId(7), PersonId(8)
DAY = (NOON, NOON + hours(24), NOON - hours(1))
TWENTY = minutes(20)


def starts(found: tuple[Opening, ...]) -> list[str]:
    return [f"{one.starts_at:%H:%M}" for one in found]


def test_a_slot_is_cut_in_steps_of_the_visit_and_the_last_one_ends_inside_it() -> None:
    # S12
    assert starts(openings([a_slot()], [], TWENTY, *DAY)) == ["12:00", "12:20", "12:40"]
    assert starts(openings([a_slot()], [], minutes(25), *DAY)) == ["12:00", "12:25"]
    assert starts(openings([a_slot()], [], minutes(60), *DAY)) == ["12:00"]
    assert openings([a_slot()], [], minutes(61), *DAY) == ()
    assert openings([a_slot()], [], timedelta(), *DAY) == ()


def test_what_time_off_left_of_a_slot_keeps_the_round_minutes_of_the_slot() -> None:
    # V8
    rest = Slot(ADA, NOON + minutes(50), NOON + hours(2), counted_from=NOON)
    assert starts(openings([rest], [], TWENTY, *DAY)) == ["13:00", "13:20", "13:40"]


def test_only_times_inside_the_window_that_are_still_to_come_are_there() -> None:
    # S12
    slot = a_slot(NOON, hours(2))
    window = (NOON + minutes(20), NOON + minutes(80))
    assert starts(openings([slot], [], TWENTY, *window, NOON)) == ["12:20", "12:40", "13:00"]
    assert starts(openings([slot], [], TWENTY, *window, NOON + minutes(40))) == ["13:00"]


def test_a_time_is_there_as_long_as_one_host_is_free_and_names_those_who_are() -> None:
    # S12
    slots = [a_slot(host=7), a_slot(host=8)]
    taken = a_session(NOON + minutes(10), minutes(20), host_id=ADA)
    found = openings(slots, [taken], TWENTY, *DAY)
    assert [one.hosts for one in found] == [(BEN,), (BEN,), (ADA, BEN)]
    alone = openings(slots[:1], [taken], TWENTY, *DAY)
    assert starts(alone) == ["12:40"]


def test_a_session_that_ends_as_the_visit_begins_takes_nothing() -> None:
    before, after = a_session(NOON - minutes(20), TWENTY), a_session(NOON + minutes(60), TWENTY)
    assert len(openings([a_slot()], [before, after], TWENTY, *DAY)) == 3


def test_a_cancelled_session_gives_its_time_back() -> None:
    gone = a_session(NOON, hours(1), status=SessionStatus.CANCELLED)
    assert len(openings([a_slot()], [gone], TWENTY, *DAY)) == 3


@given(
    st.integers(1, 90),
    st.integers(0, 300),
    st.integers(0, 300),
    st.lists(st.tuples(st.integers(-60, 300), st.integers(1, 60)), max_size=4),
)
def test_every_opening_fits_its_slot_and_meets_no_session(
    length: int, begins: int, lasts: int, held: list[tuple[int, int]]
) -> None:
    # S12
    slot = Slot(ADA, NOON + minutes(begins), NOON + minutes(begins + lasts), counted_from=NOON)
    sessions = [a_session(NOON + minutes(at), minutes(long)) for at, long in held]
    found = openings([slot], sessions, minutes(length), *DAY)
    for one in found:
        assert slot.covers(one.starts_at, minutes(length))
        assert (one.starts_at - NOON) % minutes(length) == timedelta()
        assert not any(
            s.starts_at < one.starts_at + minutes(length) and one.starts_at < s.ends_at
            for s in sessions
        )
    fitting = {
        at
        for step in range(601)
        if slot.covers(at := NOON + step * minutes(length), minutes(length))
        and not any(s.starts_at < at + minutes(length) and at < s.ends_at for s in sessions)
    }
    assert {one.starts_at for one in found} == fitting


def asked(desk: Desk, days: int = 14, **more: Any) -> tuple[Opening, ...]:
    service = desk.daytime.services[0]
    window = (desk.now, desk.now + timedelta(days=days), desk.now)
    return desk.store.ask(
        lambda reading: clinic_openings(reading, desk.daytime, service, *window, **more)
    )


def test_a_clinic_offers_the_free_times_of_its_own_providers(desk: Desk) -> None:
    # S12
    at = desk.now + timedelta(days=1)
    for host in (desk.ada, desk.dan, desk.ben):  # Ben does not answer in this clinic
        desk.open_slot(host, at, minutes(40))
    both = tuple(sorted((desk.ada, desk.dan)))
    assert asked(desk) == (Opening(at, both), Opening(at + TWENTY, both))
    number = desk.ask(at, clinic=desk.daytime)
    assert len(asked(desk)) == 2, "a pending request holds nothing"
    desk.accept(number, by=desk.tom, host_id=desk.ada, time=at)
    assert asked(desk) == (Opening(at, (desk.dan,)), Opening(at + TWENTY, both))
    assert [one.hosts for one in asked(desk, hosts=[desk.ada])] == [(desk.ada,)]
    service = desk.daytime.services[0]
    window = (desk.now, desk.now + timedelta(days=2), desk.now)
    own = desk.store.ask(lambda r: provider_openings(r, desk.daytime, service, desk.ada, *window))
    assert own == (Opening(at + TWENTY, (desk.ada,)),)
    not_here = desk.store.ask(
        lambda r: provider_openings(r, desk.daytime, service, desk.ben, *window)
    )
    assert not_here == ()


def test_time_off_takes_times_away_and_gives_them_back(desk: Desk) -> None:
    # S12 V8
    mondays = Recurrence("UTC", date(2026, 11, 23), None, time(13), time(14), frozenset({0}))
    desk.open_hours(desk.dan, mondays)
    assert [f"{one.starts_at:%d %H:%M}" for one in asked(desk)] == [
        f"{day} 13:{minute}" for day in ("23", "30") for minute in ("00", "20", "40")
    ]
    holiday = once(desk.now, desk.now + timedelta(days=2), "UTC")
    desk.open_hours(desk.dan, holiday, kind=RuleKind.OUT_OF_OFFICE)
    assert {one.starts_at.date() for one in asked(desk)} == {date(2026, 11, 30)}


def test_a_window_that_is_over_offers_nothing(desk: Desk) -> None:
    desk.open_slot(desk.dan, desk.now, hours(1))
    service, long_ago = desk.daytime.services[0], datetime(2020, 1, 1, tzinfo=NOON.tzinfo)
    assert not desk.store.ask(
        lambda r: clinic_openings(r, desk.daytime, service, long_ago, desk.now, desk.now)
    )


def test_a_day_that_the_clinic_is_closed_offers_nothing(desk: Desk) -> None:
    at = desk.now + timedelta(days=1)
    desk.open_slot(desk.dan, at, minutes(40))
    assert len(asked(desk)) == 2
    clinic = desk.daytime
    day = at.astimezone(clinic.timetable.tz).date()
    desk.daytime = desk.change_clinic(clinic, closures=(Closure(day, day),))
    assert asked(desk) == ()
