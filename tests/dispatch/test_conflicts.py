"""Possible conflicting sessions: two hours around each requested time, to the second."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.conflicts import WINDOW, conflicts_near, gap_between, overlap
from dispatch.vocabulary import SessionStatus
from tests.builders import NOON, a_session, hours, minutes, seconds

LENGTH = minutes(20)
Span = tuple[datetime, datetime]
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
LENGTHS = st.timedeltas(min_value=seconds(1), max_value=hours(8))
SPANS = st.tuples(INSTANTS, LENGTHS).map(lambda drawn: (drawn[0], drawn[0] + drawn[1]))


@pytest.mark.parametrize(
    ("gap", "is_listed"),
    [(0, True), (1, True), (7199, True), (7200, True), (7200.000001, False), (7201, False)],
)
@pytest.mark.parametrize("side", ["before", "after"])
def test_a_gap_of_exactly_two_hours_is_listed_and_a_second_more_is_not(
    gap: float, is_listed: bool, side: str
) -> None:
    # S42 S43
    before = NOON - seconds(gap) - LENGTH
    session = a_session(before if side == "before" else NOON + LENGTH + seconds(gap), LENGTH)
    found = conflicts_near([session], [NOON], LENGTH)
    assert [conflict.gap for conflict in found] == ([seconds(gap)] if is_listed else [])
    assert not any(conflict.overlaps for conflict in found)


def test_back_to_back_has_no_gap_and_is_no_overlap() -> None:
    # S43
    for session in (a_session(NOON - LENGTH, LENGTH), a_session(NOON + LENGTH, LENGTH)):
        (conflict,) = conflicts_near([session], [NOON], LENGTH)
        assert (conflict.gap, conflict.overlaps) == (timedelta(), False)


@pytest.mark.parametrize(
    ("shift", "lasts"),
    [(0, 20), (-19, 20), (19, 20), (5, 1), (-60, 600)],
    ids=["the same", "runs into it", "begins in it", "inside it", "around it"],
)
def test_an_overlap_has_gap_zero(shift: int, lasts: int) -> None:
    # S43
    (conflict,) = conflicts_near([a_session(NOON + minutes(shift), minutes(lasts))], [NOON], LENGTH)
    assert (conflict.gap, conflict.overlaps) == (timedelta(), True)


def test_one_second_of_overlap_is_one() -> None:
    session = a_session(NOON + LENGTH - seconds(1), LENGTH)
    assert conflicts_near([session], [NOON], LENGTH)[0].overlaps


def test_the_length_of_the_service_counts() -> None:
    # S43: the requested interval is start plus duration
    session = a_session(NOON + hours(2) + minutes(30))
    assert not conflicts_near([session], [NOON], minutes(20))
    assert conflicts_near([session], [NOON], minutes(30))


def test_a_cancelled_session_is_not_listed() -> None:
    # S46
    assert not conflicts_near([a_session(status=SessionStatus.CANCELLED)], [NOON], LENGTH)
    assert conflicts_near([a_session(status=SessionStatus.READY)], [NOON], LENGTH)


def test_each_requested_time_lists_its_own_and_in_order() -> None:
    # S42
    late, early = a_session(NOON + hours(5), id=1), a_session(NOON + minutes(90), id=2)
    same = a_session(NOON + minutes(90), id=3)
    found = conflicts_near([late, same, early], [NOON + hours(4), NOON], LENGTH)
    assert [(conflict.requested_at - NOON, conflict.session.id) for conflict in found] == [
        (hours(0), 2),
        (hours(0), 3),
        (hours(4), 1),
    ]


@given(SPANS, SPANS)
def test_gap_and_overlap_are_the_same_from_both_sides(first: Span, second: Span) -> None:
    assert gap_between(first, second) == gap_between(second, first) >= timedelta()
    assert overlap(first, second) is overlap(second, first)


@given(SPANS, SPANS)
def test_what_overlaps_has_no_gap_and_what_has_a_gap_does_not_overlap(
    first: Span, second: Span
) -> None:
    # S43
    if overlap(first, second):
        assert gap_between(first, second) == timedelta()
    touches = first[0] == second[1] or second[0] == first[1]
    assert overlap(first, second) is (gap_between(first, second) == timedelta() and not touches)


@given(SPANS, INSTANTS, LENGTHS)
def test_a_session_is_listed_exactly_within_the_window(
    span: Span, at: datetime, length: timedelta
) -> None:
    # S42 S43: widening the wish by two hours on both sides and asking for a touch says the same
    session = a_session(span[0], span[1] - span[0])
    listed = bool(conflicts_near([session], [at], length))
    assert listed is (span[0] <= at + length + WINDOW and at - WINDOW <= span[1])
