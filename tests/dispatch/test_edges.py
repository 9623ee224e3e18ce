"""The corners in which a promise was once broken."""

from datetime import datetime

import pytest

from dispatch.clinic import Clinic
from dispatch.errors import DecidedError, DispatchError, InvalidError
from dispatch.local_time import to_instant
from dispatch.stream import Projection
from dispatch.usecases.administration import CreatePerson
from dispatch.vocabulary import NoticeKind, RequestStatus
from tests.builders import ACCOUNT, OTHER_ACCOUNT, a_person, hours, minutes, seconds
from tests.dispatch.desk import Desk
from tests.dispatch.pages import Page


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.turn_on(desk.ada, desk.ben)
    return desk


@pytest.mark.parametrize("act", ["accept", "withdraw"])
def test_a_decline_that_is_due_stands_whether_or_not_the_sweep_has_come(
    desk: Desk, act: str
) -> None:
    # S65: at 10.0 s Undo says that the decline was sent; nobody may accept it after that
    number = desk.ask()
    desk.decline(number)
    desk.wait(10)
    with pytest.raises(DecidedError):
        getattr(desk, act)(number)


def test_a_request_past_its_limit_cannot_be_accepted_before_the_sweep_either(desk: Desk) -> None:
    number = desk.ask()
    desk.wait(4 * 3600)
    with pytest.raises(DecidedError):
        desk.accept(number, "unavailable")


def test_a_host_who_had_passed_sees_a_returned_request_again(desk: Desk) -> None:
    # S85 S90: their page hides what they passed on; it must hear that the pass is gone
    number = desk.ask()
    desk.pass_on(number, desk.ada)
    page = Page.open(desk, f"host:{desk.ada}", Projection.HOST)
    desk.accept(number)
    desk.give_back(number)
    fresh = Page.open(desk, f"host:{desk.ada}", Projection.HOST)
    assert page.follow(desk).shown(desk.now) == fresh.shown(desk.now)


def test_a_pass_leaves_the_page_with_its_request(desk: Desk) -> None:
    # S90
    number = desk.ask()
    desk.pass_on(number, desk.ada)
    page = Page.open(desk, f"host:{desk.ada}", Projection.HOST)
    desk.withdraw(number)
    fresh = Page.open(desk, f"host:{desk.ada}", Projection.HOST)
    assert page.follow(desk).shown(desk.now) == fresh.shown(desk.now)


def test_a_now_session_that_is_over_cannot_go_back(desk: Desk) -> None:
    session = desk.accept(number := desk.ask())
    desk.clock.set(session.ends_at + hours(48))
    with pytest.raises(DispatchError):
        desk.give_back(number)


def test_a_returned_now_request_waits_again_and_does_not_expire_in_the_same_second(
    desk: Desk,
) -> None:
    # S31 S83: it keeps its place and its counter; nobody had the time to answer it again
    number = desk.ask()
    desk.wait(4 * 3600 - 60)
    desk.accept(number)
    desk.wait(120)
    desk.give_back(number)
    desk.sweep()
    assert desk.request(number).status is RequestStatus.PENDING


def test_schedulers_hear_when_the_last_available_host_lapses(desk: Desk) -> None:
    desk.turn_on(desk.ben, until=desk.now + minutes(5))
    number = desk.ask()
    desk.pass_on(number, desk.ada)
    assert desk.notices(NoticeKind.ALL_PASSED) == []
    desk.wait(300)
    desk.sweep()
    assert desk.notices(NoticeKind.ALL_PASSED) == sorted([desk.sam, desk.sue])


def test_schedulers_are_alerted_once_for_a_request_even_when_it_comes_back(desk: Desk) -> None:
    # S18
    number = desk.ask()
    for _ in range(2):
        desk.pass_on(number, desk.ada)
        desk.pass_on(number, desk.ben)
        desk.accept(number)
        desk.give_back(number)
    assert desk.notices(NoticeKind.ALL_PASSED) == sorted([desk.sam, desk.sue])


@pytest.mark.parametrize(
    ("local", "zone"),
    [("0001-01-01T00:00", "Asia/Kathmandu"), ("9999-12-31T23:59", "America/New_York")],
)
def test_a_time_at_the_end_of_the_calendar_is_refused_in_words(local: str, zone: str) -> None:
    # S92
    with pytest.raises(InvalidError):
        to_instant(datetime.fromisoformat(local), zone)


@pytest.mark.parametrize("what", ["schedules", "hosts", "asks"])
def test_an_administrator_puts_nobody_into_another_account(desk: Desk, what: str) -> None:
    # S55
    foreign: Clinic = desk.foreign
    commands = {
        "schedules": CreatePerson(a_person("Eve"), schedules=frozenset({foreign.id})),
        "hosts": CreatePerson(a_person("Eve"), hosts_in=frozenset({foreign.host_group.id})),
        "asks": CreatePerson(a_person("Eve"), asks_in=frozenset({foreign.patient_group.id})),
    }
    with pytest.raises(DispatchError):
        desk.does(desk.root, commands[what])


def test_whoever_an_administrator_adds_is_of_their_own_account(desk: Desk) -> None:
    # S55
    command = CreatePerson(a_person("Eve", account_id=OTHER_ACCOUNT))
    done = desk.does(desk.root, command)
    assert desk.actor(done.entity.id).account_id == ACCOUNT


def test_a_wish_in_a_zone_that_is_none_is_refused(desk: Desk) -> None:
    # S92
    with pytest.raises(InvalidError):
        desk.ask(zone="Mars/Olympus")


def test_an_unavailable_host_gets_no_alert_of_a_now_request(desk: Desk) -> None:
    # V5
    desk.change_clinic(desk.evening, declines_unavailable=False)
    desk.turn_off(desk.ada)
    desk.ask(target_host_id=desk.ada)
    assert desk.notices(NoticeKind.NEW_REQUEST) == sorted([desk.sam, desk.sue])


def test_a_requester_is_told_when_somebody_else_withdraws_for_them(desk: Desk) -> None:
    number = desk.ask()
    desk.withdraw(number, by=desk.sam)
    about = f"request:{desk.request(number).id}"
    told = [
        n
        for n in desk.store.rows.outbox.values()
        if n.recipient_id == desk.mia and str(n.about) == about
    ]
    assert [n.kind for n in told] == [NoticeKind.RECEIVED, NoticeKind.WITHDRAWN]


def test_a_host_who_accepted_for_themself_is_named_once(desk: Desk) -> None:
    # S65
    number = desk.ask()
    desk.accept(number, by=desk.ada, host_id=desk.ada)
    with pytest.raises(DecidedError) as error:
        desk.accept(number, by=desk.sue)
    assert error.value.sentence == "Dr. Ada Berg accepted this at {at}."


@pytest.mark.parametrize(("before", "works"), [(0.001, True), (0, False)])
def test_a_now_session_can_go_back_while_its_time_runs(
    desk: Desk, before: float, works: bool
) -> None:
    session = desk.accept(number := desk.ask())
    desk.clock.set(session.ends_at - seconds(before))
    if works:
        desk.give_back(number)
        return
    with pytest.raises(DecidedError):
        desk.give_back(number)


def test_a_new_slot_gives_a_request_somebody_to_answer_and_its_board_hears(desk: Desk) -> None:
    # S40 S41
    number = desk.ask(desk.now + hours(3), clinic=desk.daytime)
    desk.pass_on(number, desk.ada)
    rung = len(desk.rung())
    desk.open_slot(desk.dan, desk.now + hours(3), hours(1))
    assert "request.passes_reviewed" in desk.rung(rung)


def test_a_new_host_appears_on_the_boards_where_they_can_be_chosen(desk: Desk) -> None:
    # S37 S41
    board = Page.open(desk, f"clinic:{desk.evening.id}", Projection.BOARD)
    desk._person("Dr. New", hosts=[desk.evening])
    fresh = Page.open(desk, board.stream, board.projection)
    assert board.follow(desk).shown(desk.now) == fresh.shown(desk.now) != board.shown(desk.now)


def test_who_asks_in_the_second_before_the_sweep_is_not_answered_with_a_request_that_is_over(
    desk: Desk,
) -> None:
    # S65: its time is up, though nobody has written that down yet
    number = desk.ask()
    desk.wait(4 * 3600)
    fresh = desk.ask()
    assert fresh != number
    assert desk.request(number).status is not RequestStatus.PENDING
    assert desk.request(fresh).status is RequestStatus.PENDING
    desk.decline(fresh)
    desk.wait(10)
    with pytest.raises(InvalidError, match="invalid"):  # V3: it has been answered, whoever knows
        desk.ask()
    assert desk.ask(by=desk.sam, requester_id=desk.mia) != fresh
    assert desk.request(fresh).status is RequestStatus.DECLINED
