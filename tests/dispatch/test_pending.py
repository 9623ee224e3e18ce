"""The counter: what it counts from, when it turns, and how it reads."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.pending import Urgency, counter_text, pending_for, urgency
from tests.builders import NOON, hours, minutes, seconds
from tests.dispatch.desk import Desk

SPANS = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=400))


@pytest.mark.parametrize(
    ("elapsed", "colour"),
    [
        (0, "ok"),
        (299.0, "ok"),
        (299.9, "ok"),
        (299.999999, "ok"),
        (300.0, "over"),
        (300.1, "over"),
        (1e6, "over"),
    ],
)
def test_the_counter_is_green_before_five_minutes_and_red_from_then_on(
    elapsed: float, colour: str
) -> None:
    # S79
    assert urgency(seconds(elapsed)) == colour


@pytest.mark.parametrize(
    ("elapsed", "colour"), [(199.9, "ok"), (200.0, "nearly"), (299.9, "nearly"), (300.0, "over")]
)
def test_an_amber_step_never_moves_the_red_moment(elapsed: float, colour: str) -> None:
    # S79
    assert urgency(seconds(elapsed), nearly_seconds=200) == colour


def test_amber_is_off_unless_a_clinic_asks_for_it() -> None:
    assert {urgency(seconds(second)) for second in range(300)} == {Urgency.OK}


def test_each_clinic_has_its_own_target() -> None:
    assert urgency(seconds(59.9), 60) is Urgency.OK
    assert urgency(seconds(60), 60) is Urgency.OVER


def test_pending_for_counts_from_submission_and_is_never_negative() -> None:
    # S78 S80 S81
    assert pending_for(NOON, NOON + minutes(7)) == minutes(7)
    assert pending_for(NOON, NOON - hours(1)) == timedelta()


@pytest.mark.parametrize(
    ("elapsed", "text"),
    [
        (timedelta(), "0:00"),
        (seconds(0.999), "0:00"),
        (seconds(59), "0:59"),
        (minutes(1), "1:00"),
        (seconds(299), "4:59"),
        (seconds(300), "5:00"),
        (seconds(3599), "59:59"),
        (hours(1), "1:00:00"),
        (seconds(3729), "1:02:09"),
        (seconds(86399), "23:59:59"),
        (hours(24), "1 d 00:00"),
        (timedelta(days=2, hours=3, minutes=10, seconds=59), "2 d 03:10"),
        (timedelta(days=123, hours=23, minutes=59), "123 d 23:59"),
    ],
)
def test_durations_read_sensibly_over_an_hour_and_over_a_day(elapsed: timedelta, text: str) -> None:
    # S84
    assert counter_text(elapsed) == text


@given(SPANS, SPANS)
def test_red_stays_red(earlier: timedelta, more: timedelta) -> None:
    # S83
    if urgency(earlier) is Urgency.OVER:
        assert urgency(earlier + more) is Urgency.OVER


@given(SPANS)
def test_the_digits_agree_with_the_colour(elapsed: timedelta) -> None:
    # S79 S84
    is_short = counter_text(elapsed).count(":") == 1 and " d " not in counter_text(elapsed)
    shown_minutes = int(counter_text(elapsed).split(":")[0]) if is_short else 60
    assert (shown_minutes >= 5) is (urgency(elapsed) is Urgency.OVER)


def test_nothing_that_happens_to_a_request_moves_its_zero(desk: Desk) -> None:
    # S80 S83: looked at, claimed, passed, declined and undone, accepted and returned
    number = desk.ask()
    asked_at = desk.now
    desk.turn_on(desk.ada, desk.ben)
    for step in (
        lambda: desk.claim(number),
        lambda: desk.pass_on(number, desk.ada),
        lambda: desk.decline(number),
        lambda: desk.undo(number),
        lambda: desk.accept(number),
        lambda: desk.give_back(number),
    ):
        desk.wait(5)
        step()
        assert desk.request(number).submitted_at == asked_at
    assert pending_for(desk.request(number).submitted_at, desk.now) == seconds(30)
