"""A break hides a provider for some minutes, moves no end, and ends by itself."""

import pytest

from dispatch.choice import ProviderOption
from dispatch.errors import InvalidError, NotAllowedError
from dispatch.usecases.availability import EndBreak, TakeBreak
from dispatch.usecases.dialog import assignment
from dispatch.vocabulary import DeclineReason, NoticeKind, RequestNumber, RequestStatus
from tests.builders import NOON, an_availability, hours, minutes, seconds
from tests.dispatch.desk import Desk


def pause(desk: Desk, host: int, lasts: int = 10) -> None:
    desk.does(host, TakeBreak(lasts))


def come_back(desk: Desk, host: int) -> bool:
    """Come back early; tell whether there was no break to come back from."""
    return desk.does(host, EndBreak()).was_there


@pytest.mark.parametrize("lasts", [10, 20, 30])
def test_on_a_break_one_is_not_available_and_back_at_its_end(lasts: int) -> None:
    # S39
    away = an_availability().turn_on(NOON + hours(2), NOON).take_break(lasts, NOON)
    end = NOON + minutes(lasts)
    assert (away.until_at, away.break_until_at) == (NOON + hours(2), end)
    assert away.is_on_break_at(end - seconds(0.001))
    assert not away.is_available_at(end - seconds(0.001))
    assert away.is_available_at(end)
    assert not away.is_on_break_at(end)


def test_nobody_comes_back_from_a_break_that_outlasts_their_availability() -> None:
    # S39
    away = an_availability().turn_on(NOON + minutes(15), NOON).take_break(20, NOON)
    assert away.is_on_break_at(NOON + minutes(15) - seconds(0.001))
    assert away.has_lapsed(NOON + minutes(15))
    assert not away.is_on_break_at(NOON + minutes(15))
    assert not away.is_available_at(NOON + minutes(20))
    assert not away.is_back(NOON + minutes(20))


@pytest.mark.parametrize("lasts", [0, -10, 11, 60, 720])
def test_a_break_lasts_ten_twenty_or_thirty_minutes(desk: Desk, lasts: int) -> None:
    desk.turn_on(desk.ada)
    rows = desk.store.rows
    with pytest.raises(InvalidError) as error:
        pause(desk, desk.ada, lasts)
    assert (error.value.field, desk.store.rows) == ("minutes", rows)


def test_whoever_is_not_available_has_nothing_to_take_a_break_from(desk: Desk) -> None:
    with pytest.raises(InvalidError, match="invalid"):
        pause(desk, desk.ada)
    desk.turn_on(desk.ada, until=desk.now + minutes(1))
    desk.wait(60)
    with pytest.raises(InvalidError):
        pause(desk, desk.ada)


def test_nobody_but_a_provider_takes_breaks(desk: Desk) -> None:
    for person in (desk.mia, desk.sam, desk.root):
        with pytest.raises(NotAllowedError):
            pause(desk, person)
        with pytest.raises(NotAllowedError):
            come_back(desk, person)


def test_a_break_that_is_over_is_told_once_to_every_board_and_their_own_page(desk: Desk) -> None:
    # S39 S41 S87
    desk.turn_on(desk.ada)
    pause(desk, desk.ada)
    assert desk.rung()[-2:] == ["provider.away", "availability.away"]
    before = dict(desk.store.rows.heads)
    desk.wait(599.999)
    assert desk.sweep() == []
    desk.wait(0.001)
    assert desk.sweep() == ["break"]
    assert desk.rung()[-2:] == ["provider.back", "availability.back"]
    moved = {stream for stream, head in desk.store.rows.heads.items() if head != before.get(stream)}
    assert moved == {f"clinic:{desk.evening.id}", f"clinic:{desk.daytime.id}", f"host:{desk.ada}"}
    assert desk.store.rows.toggle(desk.ada).is_available_at(desk.now)
    assert desk.sweep() == []


def test_one_can_come_back_early_or_turn_off_and_a_second_break_takes_the_firsts_place(
    desk: Desk,
) -> None:
    desk.turn_on(desk.ada)
    assert come_back(desk, desk.ada)
    pause(desk, desk.ada, 30)
    desk.wait(60)
    pause(desk, desk.ada, 10)
    assert desk.store.rows.toggle(desk.ada).break_until_at == desk.now + minutes(10)
    assert not come_back(desk, desk.ada)
    assert desk.store.rows.toggle(desk.ada).is_available_at(desk.now)
    pause(desk, desk.ada)
    desk.turn_off(desk.ada)
    desk.wait(3600)
    assert desk.sweep() == []
    assert not desk.store.rows.toggle(desk.ada).is_available_at(desk.now)


def test_setting_an_end_says_that_one_is_there(desk: Desk) -> None:
    desk.turn_on(desk.ada)
    pause(desk, desk.ada)
    desk.turn_on(desk.ada, until=desk.now + hours(1))
    assert desk.store.rows.toggle(desk.ada).is_available_at(desk.now)


def test_the_dialog_says_until_when_a_provider_is_on_a_break(desk: Desk) -> None:
    # S38 S41
    desk.turn_on(desk.ada, until=desk.now + hours(1))
    number = desk.ask()
    pause(desk, desk.ada)
    option = shown(desk, number, desk.ada)
    assert not option.is_available
    assert option.break_until_at == desk.now + minutes(10)
    desk.wait(600)
    option = shown(desk, number, desk.ada)
    assert (option.is_available, option.break_until_at) == (True, None)


def test_a_directed_now_request_to_a_provider_on_a_break_is_declined_at_once(desk: Desk) -> None:
    # V4
    desk.turn_on(desk.ada)
    pause(desk, desk.ada)
    request = desk.request(desk.ask(target_host_id=desk.ada))
    assert request.status is RequestStatus.DECLINED
    assert request.decision
    assert request.decision.reason is DeclineReason.HOST_UNAVAILABLE


def shown(desk: Desk, number: RequestNumber, host: int) -> ProviderOption:
    found = desk.store.ask(lambda r: assignment(r, desk.actor(desk.sam), number, desk.now))
    return next(option for option in found.providers if option.id == host)


def test_a_provider_on_a_break_is_not_told_of_now_requests(desk: Desk) -> None:
    # V5
    desk.turn_on(desk.ada, desk.ben)
    pause(desk, desk.ada)
    desk.ask()
    told = desk.notices(NoticeKind.NEW_REQUEST)
    assert (desk.ada in told, desk.ben in told) == (False, True)
