"""Accepting for a provider who is Not Available, or busy: allowed, after a second look."""

from datetime import datetime
from typing import Any

import pytest

from dispatch.errors import ConfirmationError
from dispatch.usecases.assignment import UNAVAILABLE
from dispatch.vocabulary import SessionStatus
from tests.builders import hours, minutes
from tests.dispatch.desk import Desk


def asked_again(desk: Desk, number: int, *confirmed: str, **more: Any) -> ConfirmationError:
    before = desk.store.rows
    with pytest.raises(ConfirmationError) as error:
        desk.accept(number, *confirmed, **more)
    assert desk.store.rows is before, "nothing happens until they said yes"
    return error.value


def test_a_not_available_provider_needs_a_yes(desk: Desk) -> None:
    # S53
    number = desk.ask()
    error = asked_again(desk, number)
    assert error.confirm == (UNAVAILABLE,)
    assert error.sentence == "Dr. Ben Cole is not available. Accept anyway?"
    assert desk.accept(number, *error.confirm).host_id == desk.ben


def test_an_available_provider_needs_none(desk: Desk) -> None:
    # S53
    number = desk.ask()
    desk.turn_on(desk.ben, until=desk.now + minutes(10))
    desk.wait(599)
    assert desk.accept(number).host_id == desk.ben


def test_a_toggle_that_has_just_ended_needs_a_yes(desk: Desk) -> None:
    # S39 S53
    number = desk.ask()
    desk.turn_on(desk.ben, until=desk.now + minutes(10))
    desk.wait(600)
    assert asked_again(desk, number).confirm == (UNAVAILABLE,)


def test_a_host_who_accepts_for_themself_knows_that_they_are_off(desk: Desk) -> None:
    # S23
    assert desk.accept(desk.ask(), by=desk.ben, host_id=desk.ben).host_id == desk.ben


def test_in_a_calendar_clinic_the_slot_of_the_chosen_time_decides(desk: Desk) -> None:
    # S40 S53
    early, late = desk.now + hours(2), desk.now + hours(6)
    number = desk.ask(early, late, clinic=desk.daytime)
    desk.open_slot(desk.dan, early, minutes(19))
    desk.open_slot(desk.dan, late - hours(1), hours(2))
    desk.turn_on(desk.dan)  # the toggle says nothing here
    error = asked_again(desk, number, by=desk.tom, host_id=desk.dan, time=early)
    assert error.confirm == (UNAVAILABLE,)
    assert desk.accept(number, by=desk.tom, host_id=desk.dan, time=late).starts_at == late


@pytest.fixture
def busy() -> tuple[Desk, datetime, str]:
    """A desk where Ben has a session at one, and its name."""
    desk = Desk()
    desk.turn_on(desk.ben)
    at_one = desk.now + hours(1)
    session = desk.accept(desk.ask(at_one, by=desk.omar), time=at_one)
    return desk, at_one, f"session:{session.id}"


def test_an_overlap_needs_a_yes_that_names_the_session(busy: tuple[Desk, datetime, str]) -> None:
    # S44 S66
    desk, at_one, first = busy
    wish = at_one + minutes(19)
    number = desk.ask(wish)
    error = asked_again(desk, number, time=wish)
    assert error.confirm == (first,)
    assert error.sentence == "Dr. Ben Cole has another session at that time. Accept anyway?"
    assert asked_again(desk, number, UNAVAILABLE, "session:999", time=wish).confirm == (first,)
    assert desk.accept(number, *error.confirm, time=wish).starts_at == wish


@pytest.mark.parametrize("apart", [-20, 20, 60])
def test_near_is_information_and_asks_nothing(busy: tuple[Desk, datetime, str], apart: int) -> None:
    # S44: back to back is near, not an overlap
    desk, at_one, _ = busy
    wish = at_one + minutes(apart)
    assert desk.accept(desk.ask(wish), time=wish).starts_at == wish


def test_an_overlap_that_was_not_shown_asks_again_and_names_all(
    busy: tuple[Desk, datetime, str],
) -> None:
    # S66
    desk, at_one, first = busy
    mine = desk.ask(at_one)
    shown = asked_again(desk, mine, time=at_one).confirm
    # Meanwhile somebody else books Ben over it, knowingly.
    other = desk.accept(desk.ask(at_one, by=desk.omar), first, by=desk.sue, time=at_one)
    error = asked_again(desk, mine, *shown, time=at_one)
    assert set(error.confirm) == {first, f"session:{other.id}"}
    assert "2 other sessions" in error.sentence
    assert desk.accept(mine, *error.confirm, time=at_one).starts_at == at_one


def test_the_host_themself_is_asked_about_an_overlap_too(busy: tuple[Desk, datetime, str]) -> None:
    # S66
    desk, at_one, first = busy
    error = asked_again(desk, desk.ask(at_one), by=desk.ben, host_id=desk.ben, time=at_one)
    assert error.confirm == (first,)


def test_both_reasons_are_said_at_once(busy: tuple[Desk, datetime, str]) -> None:
    # S53 S66
    desk, at_one, first = busy
    desk.turn_off(desk.ben)
    number = desk.ask(at_one)
    error = asked_again(desk, number, time=at_one)
    assert set(error.confirm) == {first, UNAVAILABLE}
    assert set(asked_again(desk, number, first, time=at_one).confirm) == {first, UNAVAILABLE}
    assert desk.accept(number, *error.confirm, time=at_one).starts_at == at_one


def test_a_cancelled_session_and_one_of_another_host_ask_nothing(
    busy: tuple[Desk, datetime, str],
) -> None:
    # S46
    desk, at_one, _ = busy
    desk.turn_on(desk.ada)
    assert desk.accept(desk.ask(at_one), host_id=desk.ada, time=at_one).host_id == desk.ada
    (first,) = [s for s in desk.store.rows.sessions.values() if s.host_id == desk.ben]
    number = next(r.number for r in desk.store.rows.requests.values() if r.id == first.request_id)
    desk.give_back(number)
    assert desk.store.rows.sessions[first.id].status is SessionStatus.CANCELLED
    assert desk.accept(number, time=at_one).id != first.id


def test_an_overlap_in_another_clinic_counts(desk: Desk) -> None:
    # S42 S66
    at_one = desk.now + hours(1)
    desk.open_slot(desk.ada, at_one, hours(1))
    desk.turn_on(desk.ada)
    first = desk.accept(
        desk.ask(at_one, clinic=desk.daytime), by=desk.tom, host_id=desk.ada, time=at_one
    )
    error = asked_again(desk, desk.ask(at_one), host_id=desk.ada, time=at_one)
    assert error.confirm == (f"session:{first.id}",)
