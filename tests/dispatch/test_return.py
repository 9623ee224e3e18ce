"""An accepted request goes back to the board: its old place, no passes, no session."""

import pytest

from dispatch.errors import DecidedError, InvalidError, NotAllowedError, NotFoundError, StaleError
from dispatch.stream import Projection
from dispatch.views import BoardRow
from dispatch.vocabulary import NoticeKind, RequestStatus, SessionStatus
from tests.builders import hours, seconds
from tests.dispatch.desk import Desk


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.turn_on(desk.ada, desk.ben)
    return desk


def board(desk: Desk) -> list[int]:
    shown = desk.snapshot(f"clinic:{desk.evening.id}", Projection.BOARD).views
    return [view.number for view in shown if isinstance(view, BoardRow)]


def test_a_returned_request_takes_its_old_place_with_nothing_left_of_the_answer(desk: Desk) -> None:
    # S30 S31 S83
    first = desk.ask()
    asked_at = desk.now
    desk.pass_on(first, desk.ada)
    desk.wait(60)
    second = desk.ask(by=desk.omar)
    session = desk.accept(first, response="See you")
    assert board(desk) == [second]
    desk.wait(60)
    rung = len(desk.rung())
    desk.give_back(first)
    request = desk.request(first)
    assert board(desk) == [first, second]
    assert (request.status, request.decision, request.session_id) == (
        RequestStatus.PENDING,
        None,
        None,
    )
    assert request.submitted_at == asked_at
    assert desk.store.rows.passed_by(request.id) == frozenset()
    assert desk.store.rows.sessions[session.id].status is SessionStatus.CANCELLED
    assert desk.notices(NoticeKind.CANCELLED) == sorted([desk.mia, desk.ben])
    assert {"request.returned", "session.cancelled"} <= set(desk.rung(rung))


def test_it_can_be_accepted_again_with_a_new_session_and_a_new_invitation(desk: Desk) -> None:
    # S24 S65
    number = desk.ask()
    first = desk.accept(number)
    desk.give_back(number)
    second = desk.accept(number, host_id=desk.ada)
    assert (second.id != first.id, second.room != first.room) == (True, True)
    assert desk.notices(NoticeKind.INVITATION) == [desk.mia, desk.mia]
    live = [s for s in desk.store.rows.sessions.values() if s.status is not SessionStatus.CANCELLED]
    assert live == [second]


@pytest.mark.parametrize(("before", "works"), [(1, True), (0, False), (-60, False)])
def test_a_session_that_has_started_does_not_go_back(
    desk: Desk, before: float, works: bool
) -> None:
    starts_at = desk.now + hours(2)
    number = desk.ask(starts_at)
    desk.accept(number, time=starts_at)
    desk.clock.set(starts_at - seconds(before))
    if works:
        desk.give_back(number)
        assert desk.request(number).status is RequestStatus.PENDING
        return
    rows = desk.store.rows
    with pytest.raises(DecidedError) as error:
        desk.give_back(number)
    assert error.value.at == starts_at
    assert desk.store.rows is rows


def test_whoever_asked_anew_meanwhile_keeps_the_new_request(desk: Desk) -> None:
    number = desk.ask()
    desk.accept(number)
    again = desk.ask()
    with pytest.raises(InvalidError) as error:
        desk.give_back(number)
    assert str(again) in error.value.sentence
    assert desk.request(number).status is RequestStatus.ACCEPTED
    desk.withdraw(again)
    desk.give_back(number)


def test_an_open_request_in_another_clinic_does_not_matter(desk: Desk) -> None:
    number = desk.ask()
    desk.accept(number)
    desk.ask(clinic=desk.daytime)
    desk.give_back(number)


def test_the_sessions_host_gives_it_back_and_others_do_not(desk: Desk) -> None:
    number = desk.ask(target_host_id=desk.ada)
    desk.accept(number, host_id=desk.ben)
    for person, error in (
        (desk.mia, NotAllowedError),
        (desk.ada, NotAllowedError),
        (desk.tom, NotFoundError),
        (desk.root, NotFoundError),
        (desk.sid, NotFoundError),
    ):
        with pytest.raises(error):
            desk.give_back(number, by=person)
    desk.give_back(number, by=desk.ben)
    assert desk.request(number).target_host_id == desk.ada, "it is Ada's to answer again"


def test_giving_back_twice_changes_nothing(desk: Desk) -> None:
    # S65
    number = desk.ask()
    desk.accept(number)
    version = desk.request(number).version
    desk.give_back(number, expected_version=version)
    rows = len(desk.rung())
    assert desk.give_back(number, expected_version=version).was_there
    assert len(desk.rung()) == rows


def test_an_older_acceptance_cannot_be_given_back_by_an_old_page(desk: Desk) -> None:
    # S65
    number = desk.ask()
    desk.accept(number)
    seen = desk.request(number).version
    desk.give_back(number)
    desk.accept(number)
    with pytest.raises(StaleError):
        desk.give_back(number, expected_version=seen)


@pytest.mark.parametrize("how", ["declined", "withdrawn", "expired"])
def test_only_what_was_accepted_can_go_back(desk: Desk, how: str) -> None:
    number = desk.ask()
    if how == "withdrawn":
        desk.withdraw(number)
    elif how == "declined":
        desk.decline(number)
    desk.wait(10 if how == "declined" else 4 * 3600)
    desk.sweep()
    with pytest.raises(DecidedError, match="already_decided") as error:
        desk.give_back(number)
    assert how in error.value.sentence
