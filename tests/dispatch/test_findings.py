"""Promises that the desk does not keep yet; each mark goes when its cause goes."""

from datetime import datetime

import pytest

from dispatch.clinic import Clinic
from dispatch.errors import DecidedError, DispatchError, InvalidError
from dispatch.local_time import to_instant
from dispatch.stream import Projection
from dispatch.usecases.administration import CreatePerson, create_person
from dispatch.vocabulary import NoticeKind, RequestStatus
from tests.builders import OTHER_ACCOUNT, a_person, hours, minutes
from tests.dispatch.desk import Desk
from tests.dispatch.pages import Page


def bug(why: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(strict=True, reason=f"BUG {why}")


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.turn_on(desk.ada, desk.ben)
    return desk


@bug(
    "request.py accept(): a decline that is due is answered by the clock in undo, by the sweep in accept"
)
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


@bug("request.py accept(): a request past its limit can be accepted until the sweep comes")
def test_a_request_past_its_limit_cannot_be_accepted_before_the_sweep_either(desk: Desk) -> None:
    number = desk.ask()
    desk.wait(4 * 3600)
    with pytest.raises(DecidedError):
        desk.accept(number, "unavailable")


@bug("assignment.py return_to_queue(): passes are cleared without an event to those who had passed")
def test_a_host_who_had_passed_sees_a_returned_request_again(desk: Desk) -> None:
    # S85 S90: their page hides what they passed on; it must hear that the pass is gone
    number = desk.ask()
    desk.pass_on(number, desk.ada)
    page = Page.open(desk, f"host:{desk.ada}", Projection.HOST)
    desk.accept(number)
    desk.give_back(number)
    fresh = Page.open(desk, f"host:{desk.ada}", Projection.HOST)
    assert page.follow(desk).shown(desk.now, passes=True) == fresh.shown(desk.now, passes=True)


@bug(
    "events.py request_changed(): the end of a request ends its passes, and their hosts' streams are not rung"
)
def test_a_pass_leaves_the_page_with_its_request(desk: Desk) -> None:
    # S90
    number = desk.ask()
    desk.pass_on(number, desk.ada)
    page = Page.open(desk, f"host:{desk.ada}", Projection.HOST)
    desk.withdraw(number)
    fresh = Page.open(desk, f"host:{desk.ada}", Projection.HOST)
    assert page.follow(desk).shown(desk.now, passes=True) == fresh.shown(desk.now, passes=True)


@bug("session.py cancel(): a READY session never counts as started, nor as over")
def test_a_now_session_that_is_over_cannot_go_back(desk: Desk) -> None:
    session = desk.accept(number := desk.ask())
    desk.clock.set(session.ends_at + hours(48))
    with pytest.raises(DispatchError):
        desk.give_back(number)


@bug(
    "request.py expires_at(): counts from submitted_at, so a returned Now request can be due at once"
)
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


@bug("sweep.py _switch_off(): a lapse is a change of availability and looks at no passes")
def test_schedulers_hear_when_the_last_available_host_lapses(desk: Desk) -> None:
    desk.turn_on(desk.ben, until=desk.now + minutes(5))
    number = desk.ask()
    desk.pass_on(number, desk.ada)
    assert desk.notices(NoticeKind.ALL_PASSED) == []
    desk.wait(300)
    desk.sweep()
    assert desk.notices(NoticeKind.ALL_PASSED) == sorted([desk.sam, desk.sue])


@bug(
    "refusal.py pass_request(): ALL_PASSED is about the request, so the outbox drops the second time"
)
def test_schedulers_hear_again_when_all_pass_on_a_returned_request(desk: Desk) -> None:
    number = desk.ask()
    for _ in range(2):
        desk.pass_on(number, desk.ada)
        desk.pass_on(number, desk.ben)
        desk.accept(number)
        desk.give_back(number)
    assert desk.notices(NoticeKind.ALL_PASSED) == sorted([desk.sam, desk.sue] * 2)


@bug("local_time.py to_instant(): OverflowError at the ends of the calendar, so a form answers 500")
@pytest.mark.parametrize(
    ("local", "zone"),
    [("0001-01-01T00:00", "Asia/Kathmandu"), ("9999-12-31T23:59", "America/New_York")],
)
def test_a_time_at_the_end_of_the_calendar_is_refused_in_words(local: str, zone: str) -> None:
    # S92
    with pytest.raises(InvalidError):
        to_instant(datetime.fromisoformat(local), zone)


@bug(
    "administration.py create_person(): neither the person's account nor their clinics are looked at"
)
@pytest.mark.parametrize("what", ["account", "schedules", "hosts", "asks"])
def test_an_administrator_sets_up_their_own_account_only(desk: Desk, what: str) -> None:
    # S55
    foreign: Clinic = desk.foreign
    commands = {
        "account": CreatePerson(a_person("Eve", account_id=OTHER_ACCOUNT)),
        "schedules": CreatePerson(a_person("Eve"), schedules=frozenset({foreign.id})),
        "hosts": CreatePerson(a_person("Eve"), hosts_in=frozenset({foreign.host_group.id})),
        "asks": CreatePerson(a_person("Eve"), asks_in=frozenset({foreign.patient_group.id})),
    }
    with pytest.raises(DispatchError):
        desk.store.run(create_person, commands[what], desk.actor(desk.root))


@bug("intake.py _check(): the zone of the wish is stored as it came")
def test_a_wish_in_a_zone_that_is_none_is_refused(desk: Desk) -> None:
    # S92
    with pytest.raises(InvalidError):
        desk.ask(zone="Mars/Olympus")


@bug("intake.py _told(): where V4 is off, an unavailable host is alerted of a Now request")
def test_an_unavailable_host_gets_no_alert_of_a_now_request(desk: Desk) -> None:
    # V5
    desk.change_clinic(desk.evening, declines_unavailable=False)
    desk.turn_off(desk.ada)
    desk.ask(target_host_id=desk.ada)
    assert desk.notices(NoticeKind.NEW_REQUEST) == sorted([desk.sam, desk.sue])


@bug("intake.py withdraw_request(): a scheduler's withdrawal tells the requester nothing")
def test_a_requester_is_told_when_somebody_else_withdraws_for_them(desk: Desk) -> None:
    number = desk.ask()
    desk.withdraw(number, by=desk.sam)
    about = f"request:{desk.request(number).id}"
    told = [n for n in desk.store.rows.outbox if n.recipient == desk.mia and str(n.about) == about]
    assert len(told) == 1
