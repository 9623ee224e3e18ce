"""A request is not taken: declined with ten seconds to think again, or passed on by one host."""

import pytest

from dispatch.errors import DecidedError, InvalidError, NotAllowedError, NotFoundError, StaleError
from dispatch.vocabulary import DeclineReason, NoticeKind, RequestStatus
from tests.builders import hours, seconds
from tests.dispatch.desk import Desk


def test_a_decline_is_sent_after_ten_seconds_with_the_words_given(desk: Desk) -> None:
    # S25 S26 S51 S56 S57
    number = desk.ask()
    desk.decline(number, response=" Please call. ", reason=DeclineReason.NOT_SUITABLE)
    request = desk.request(number)
    assert request.status is RequestStatus.PENDING
    assert request.declining is not None
    assert request.declining.due_at == desk.now + seconds(10)
    desk.wait(9.999)
    assert desk.sweep() == []
    assert desk.notices(NoticeKind.DECLINED) == []
    desk.wait(0.001)
    assert desk.sweep() == ["decline"]
    request = desk.request(number)
    assert request.status is RequestStatus.DECLINED
    decision = request.decision
    assert decision is not None
    assert (decision.by_id, decision.response) == (desk.sam, "Please call.")
    assert (decision.reason, decision.at) == (DeclineReason.NOT_SUITABLE, desk.now)
    assert desk.notices(NoticeKind.DECLINED) == [desk.mia]
    assert not desk.store.rows.sessions
    assert desk.rung()[-2:] == ["request.declining", "request.declined"]


@pytest.mark.parametrize(("after", "works"), [(0, True), (9.999, True), (10.0, False), (11, False)])
def test_a_decline_can_be_undone_until_it_is_due(desk: Desk, after: float, works: bool) -> None:
    number = desk.ask()
    desk.decline(number)
    due_at = desk.now + seconds(10)
    desk.wait(after)
    if works:
        desk.undo(number, by=desk.sue)
        desk.wait(100)
        assert desk.sweep() == []
        assert desk.request(number).status is RequestStatus.PENDING
    else:
        with pytest.raises(DecidedError) as error:
            desk.undo(number)
        assert error.value.at == due_at
        desk.sweep()
        assert desk.request(number).status is RequestStatus.DECLINED


def test_an_undone_decline_can_be_pressed_again_with_its_own_ten_seconds(desk: Desk) -> None:
    number = desk.ask()
    desk.decline(number)
    desk.wait(5)
    desk.undo(number)
    desk.decline(number, by=desk.sue)
    desk.wait(5)
    assert desk.sweep() == []
    desk.wait(5)
    assert desk.sweep() == ["decline"]
    assert desk.decision(number).by_id == desk.sue


def test_two_declines_at_once_the_second_hears_who_is_declining(desk: Desk) -> None:
    # S65
    number = desk.ask()
    desk.decline(number)
    for version in (1, 2):
        with pytest.raises(DecidedError, match="already_decided") as error:
            desk.decline(number, by=desk.sue, expected_version=version)
        assert "Sam Ortiz is already declining" in error.value.sentence
    desk.wait(10)
    desk.sweep()
    assert desk.notices(NoticeKind.DECLINED) == [desk.mia]


def test_an_older_version_cannot_decline(desk: Desk) -> None:
    # S65
    number = desk.ask()
    desk.decline(number)
    desk.undo(number)
    with pytest.raises(StaleError):
        desk.decline(number, expected_version=1)


def test_what_was_accepted_cannot_be_declined(desk: Desk) -> None:
    # S65
    number = desk.ask()
    desk.turn_on(desk.ben)
    desk.accept(number)
    with pytest.raises(DecidedError) as error:
        desk.decline(number, by=desk.sue)
    assert "Sam Ortiz accepted this for Dr. Ben Cole" in error.value.sentence


def test_a_long_response_is_refused_and_an_empty_one_is_none(desk: Desk) -> None:
    # S27
    number = desk.ask()
    with pytest.raises(InvalidError) as error:
        desk.decline(number, response="x" * 501)
    assert error.value.field == "response"
    desk.decline(number, response="  ")
    desk.wait(10)
    desk.sweep()
    assert desk.decision(number).response == ""


def test_the_directed_host_declines_for_good_and_cannot_pass(desk: Desk) -> None:
    # S25
    desk.turn_on(desk.ada)
    number = desk.ask(target_host_id=desk.ada)
    with pytest.raises(NotAllowedError):
        desk.pass_on(number, desk.ada)
    with pytest.raises(NotFoundError):
        desk.decline(number, by=desk.ben)
    desk.decline(number, by=desk.ada)
    desk.undo(number, by=desk.ada)
    desk.decline(number, by=desk.ada)
    desk.wait(10)
    desk.sweep()
    assert desk.request(number).status is RequestStatus.DECLINED


def test_a_host_of_the_group_can_only_pass(desk: Desk) -> None:
    # S25
    number = desk.ask()
    with pytest.raises(NotAllowedError) as error:
        desk.decline(number, by=desk.ada)
    assert "pass" in error.value.sentence
    desk.decline(number)
    with pytest.raises(NotAllowedError):
        desk.undo(number, by=desk.ada)


def test_strangers_find_nothing_to_decline(desk: Desk) -> None:
    # S55
    number = desk.ask()
    for stranger in (desk.tom, desk.sid, desk.dan, desk.root, desk.omar):
        with pytest.raises(NotFoundError):
            desk.decline(number, by=stranger)


# Passing ---------------------------------------------------------------------------------------------


def test_a_pass_leaves_the_request_to_the_others(desk: Desk) -> None:
    desk.turn_on(desk.ada, desk.ben)
    number = desk.ask()
    version = desk.request(number).version
    desk.pass_on(number, desk.ada)
    assert desk.store.rows.passed_by(desk.request(number).id) == {desk.ada}
    assert desk.request(number).version == version, "a pass spoils nobody's click"
    assert desk.notices(NoticeKind.ALL_PASSED) == []
    assert desk.rung()[-2:] == ["request.passed", "pass.added"]
    assert desk.store.rows.log[f"host:{desk.ada}"][-1].kind == "pass.added"
    assert "pass.added" not in {event.kind for event in desk.store.rows.log[f"host:{desk.ben}"]}
    assert desk.accept(number, by=desk.ben).host_id == desk.ben


def test_passing_twice_changes_nothing(desk: Desk) -> None:
    desk.turn_on(desk.ada, desk.ben)
    number = desk.ask()
    desk.pass_on(number, desk.ada)
    rung = len(desk.rung())
    assert desk.pass_on(number, desk.ada).was_there
    assert len(desk.rung()) == rung


def test_schedulers_hear_once_when_every_available_host_has_passed(desk: Desk) -> None:
    desk.turn_on(desk.ada, desk.ben)
    number = desk.ask()
    desk.pass_on(number, desk.ada)
    desk.pass_on(number, desk.ben)
    assert desk.notices(NoticeKind.ALL_PASSED) == sorted([desk.sam, desk.sue])
    desk.turn_off(desk.ada)
    assert desk.notices(NoticeKind.ALL_PASSED) == sorted([desk.sam, desk.sue])


def test_whoever_is_not_available_is_not_waited_for(desk: Desk) -> None:
    desk.turn_on(desk.ada)
    number = desk.ask()
    desk.pass_on(number, desk.ada)
    assert desk.notices(NoticeKind.ALL_PASSED) == sorted([desk.sam, desk.sue])


def test_the_last_one_who_could_answer_goes_home(desk: Desk) -> None:
    desk.turn_on(desk.ada, desk.ben)
    number = desk.ask()
    desk.pass_on(number, desk.ada)
    rung = len(desk.rung())
    desk.turn_off(desk.ben)
    assert desk.notices(NoticeKind.ALL_PASSED) == sorted([desk.sam, desk.sue])
    assert "request.passes_reviewed" in desk.rung(rung)


def test_a_request_that_nobody_passed_is_not_all_passed(desk: Desk) -> None:
    desk.turn_on(desk.ada)
    desk.ask()
    desk.turn_off(desk.ada)
    assert desk.notices(NoticeKind.ALL_PASSED) == []


def test_in_a_calendar_clinic_those_with_a_slot_for_some_time_are_waited_for(desk: Desk) -> None:
    # S40
    wish = desk.now + hours(3)
    desk.open_slot(desk.dan, wish, hours(1))
    number = desk.ask(desk.now + hours(1), wish, clinic=desk.daytime)
    desk.pass_on(number, desk.ada)
    assert desk.notices(NoticeKind.ALL_PASSED) == []
    desk.pass_on(number, desk.dan)
    assert desk.notices(NoticeKind.ALL_PASSED) == sorted([desk.sue, desk.tom])


def test_only_hosts_of_the_group_pass(desk: Desk) -> None:
    # S28
    number = desk.ask()
    with pytest.raises(NotAllowedError):
        desk.pass_on(number, desk.sam)
    with pytest.raises(NotFoundError):
        desk.pass_on(number, desk.dan)
