"""An answer is read and dismissed before the next request in that clinic (V3)."""

import pytest

from dispatch.errors import DecidedError, InvalidError, NotFoundError
from dispatch.usecases.intake import DismissAnswer
from dispatch.vocabulary import RequestNumber, RequestStatus
from tests.builders import NOON, hours
from tests.dispatch.desk import Desk


def dismiss(desk: Desk, number: int, by: int | None = None) -> bool:
    """Dismiss it as Mia; return whether it was dismissed before."""
    command = DismissAnswer(RequestNumber(number))
    return desk.does(by or desk.mia, command).was_there


@pytest.fixture
def declined(desk: Desk) -> RequestNumber:
    number = desk.ask()
    desk.decline(number, response="Please see your own doctor.")
    desk.wait(10)
    desk.sweep()
    return number


def test_who_has_not_read_the_answer_cannot_ask_again_there(
    desk: Desk, declined: RequestNumber
) -> None:  # V3
    before = len(desk.store.rows.requests)
    with pytest.raises(InvalidError) as refused:
        desk.ask()
    assert refused.value.sentence == (
        f"The clinic has answered your request {declined}. Read the answer and dismiss it, "
        "then ask again."
    )
    assert len(desk.store.rows.requests) == before
    dismiss(desk, declined)
    assert desk.ask() == declined + 1


def test_another_clinic_is_another_answer(desk: Desk, declined: RequestNumber) -> None:  # V3
    assert desk.ask(NOON + hours(5), clinic=desk.daytime) > declined


def test_a_scheduler_can_ask_for_them_whatever_they_have_read(
    desk: Desk, declined: RequestNumber
) -> None:
    assert desk.ask(by=desk.sam, requester_id=desk.mia) > declined


def test_it_is_dismissed_once_and_by_the_one_who_asked(desk: Desk, declined: RequestNumber) -> None:
    for stranger, refusal in ((desk.omar, NotFoundError), (desk.zoe, NotFoundError)):
        with pytest.raises(refusal):
            dismiss(desk, declined, by=stranger)
    assert not dismiss(desk, declined)
    version = desk.request(declined).version
    assert dismiss(desk, declined)
    assert desk.request(declined).version == version
    assert desk.request(declined).status is RequestStatus.DECLINED
    assert not desk.request(declined).awaits_dismissal


def test_only_a_declined_request_has_an_answer_to_dismiss(desk: Desk) -> None:
    number = desk.ask()
    with pytest.raises(DecidedError):
        dismiss(desk, number)
    desk.withdraw(number)
    with pytest.raises(DecidedError):
        dismiss(desk, number)
    assert desk.ask() > number  # a withdrawn one stands in nobody's way


def test_an_unavailable_provider_is_an_answer_too(desk: Desk) -> None:  # V3 V4
    number = desk.ask(target_host_id=desk.ben)
    with pytest.raises(InvalidError):
        desk.ask()
    dismiss(desk, number)
    desk.ask()


def test_what_the_page_no_longer_shows_stands_in_nobodys_way(
    desk: Desk, declined: RequestNumber
) -> None:
    desk.wait(90 * 24 * 3600)
    assert desk.ask() > declined
