"""A request that ends before anybody answers: asked in vain of one host, or taken back."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dispatch.errors import DecidedError, DispatchError, NotFoundError
from dispatch.vocabulary import NoticeKind, RequestStatus
from tests.builders import hours
from tests.dispatch.desk import Desk


def test_a_now_request_to_an_unavailable_host_is_declined_at_once(desk: Desk) -> None:
    # V4
    done = desk.submit(target_host_id=desk.ada)
    request = desk.request(done.number or 0)
    assert request.status is RequestStatus.DECLINED
    assert request.decision is not None
    assert request.decision.response == desk.evening.unavailable_text
    assert (request.decision.by_id, request.decision.reason) == (0, "host_unavailable")
    assert desk.notices(NoticeKind.DECLINED) == [desk.mia]
    assert desk.notices(NoticeKind.NEW_REQUEST) == []
    assert desk.rung()[-1] == "request.auto_declined"
    assert request.awaits_dismissal  # V3: then the group can be asked


@pytest.mark.parametrize("why", ["available", "scheduled", "calendar", "setting", "group"])
def test_any_other_request_waits(desk: Desk, why: str) -> None:
    # V4
    times: tuple[datetime, ...] = ()
    more: dict[str, Any] = {"target_host_id": desk.ada}
    match why:
        case "available":
            desk.turn_on(desk.ada)
        case "scheduled":
            times = (desk.now + hours(1),)
        case "calendar":
            more["clinic"] = desk.daytime
        case "setting":
            desk.change_clinic(desk.evening, declines_unavailable=False)
        case _:
            more = {}
    assert desk.request(desk.ask(*times, **more)).status is RequestStatus.PENDING


def test_a_requester_withdraws_and_doing_it_twice_changes_nothing(desk: Desk) -> None:
    # S64
    number = desk.ask()
    assert not desk.withdraw(number).was_there
    request, rung = desk.request(number), len(desk.rung())
    assert request.status is RequestStatus.WITHDRAWN
    assert desk.withdraw(number).was_there
    assert (desk.request(number), len(desk.rung())) == (request, rung)


def test_a_scheduler_withdraws_on_their_word_and_a_host_cannot(desk: Desk) -> None:
    number = desk.ask()
    with pytest.raises(DispatchError) as error:
        desk.withdraw(number, by=desk.ada)
    assert error.value.code == "not_allowed"
    desk.withdraw(number, by=desk.sam)
    decision = desk.request(number).decision
    assert decision is not None
    assert decision.by_id == desk.sam
    assert desk.notices(NoticeKind.WITHDRAWN) == [desk.mia]


def test_whoever_withdraws_their_own_request_needs_no_message(desk: Desk) -> None:
    desk.withdraw(desk.ask())
    assert desk.notices(NoticeKind.WITHDRAWN) == []


def test_what_was_accepted_cannot_be_withdrawn_and_says_when(desk: Desk) -> None:
    # S65
    number = desk.ask()
    desk.turn_on(desk.ben)
    desk.accept(number)
    accepted_at = desk.now
    desk.wait(60)
    with pytest.raises(DecidedError) as error:
        desk.withdraw(number)
    assert (error.value.at, "accepted" in error.value.sentence) == (accepted_at, True)


def test_nobody_withdraws_the_request_of_another(desk: Desk) -> None:
    # S67
    number = desk.ask()
    for stranger in (desk.omar, desk.zoe, desk.tom, desk.sid):
        with pytest.raises(NotFoundError):
            desk.withdraw(number, by=stranger)
    assert desk.request(number).submitted_at.tzinfo is UTC
