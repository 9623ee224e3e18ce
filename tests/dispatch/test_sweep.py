"""What time alone brings about: once, however often and wherever it is looked at."""

from typing import Literal, get_args

import pytest

from dispatch.errors import NotFoundError
from dispatch.people import system_actor
from dispatch.ports import Due
from dispatch.usecases.availability import TakeBreak
from dispatch.usecases.connectedness import KeepConnected, keep_connected
from dispatch.usecases.sweep import Settle, settle
from dispatch.vocabulary import NoticeKind, RequestStatus
from tests.builders import ACCOUNT, hours, minutes, seconds
from tests.dispatch.desk import Desk

Kind = Literal[
    "decline", "expiry", "claim", "toggle", "break", "reminder", "escalation", "connected"
]
GONE: tuple[Kind, ...] = ("decline", "expiry", "reminder", "escalation")
KINDS: tuple[Kind, ...] = get_args(Kind)


def due(desk: Desk, kind: Kind) -> Due:
    """Make something of that kind due, and wait until it is."""
    if kind == "toggle":
        desk.turn_on(desk.ada, until=desk.now + seconds(4))
        desk.wait(4)
        return Due(kind, ACCOUNT, desk.ada)
    if kind == "connected":
        connected = KeepConnected((desk.ada,))
        desk.store.run(keep_connected, connected, system_actor(ACCOUNT))
        desk.wait(30)
        return Due(kind, ACCOUNT, desk.ada)
    if kind == "break":
        desk.turn_on(desk.ada)
        desk.does(desk.ada, TakeBreak(10))
        desk.wait(600)
        return Due(kind, ACCOUNT, desk.ada)
    if kind == "escalation":
        desk.change_clinic(desk.evening, escalation_email="on-call@clinic.example")
    number = desk.ask()
    if kind == "decline":
        desk.decline(number)
    if kind == "claim":
        desk.claim(number)
    waits = {"decline": 10, "expiry": 4 * 3600, "claim": 30, "reminder": 3 * 3600}
    desk.wait(waits.get(kind, 600))
    return Due(kind, ACCOUNT, desk.request(number).id)


@pytest.mark.parametrize("kind", KINDS)
def test_settling_twice_is_settling_once(desk: Desk, kind: Kind) -> None:
    # S18 S65
    what = Settle(due(desk, kind))
    assert not desk.store.run(settle, what, system_actor(ACCOUNT)).was_there
    rung, told = desk.rung(), dict(desk.store.rows.outbox)
    assert desk.store.run(settle, what, system_actor(ACCOUNT)).was_there
    assert (desk.rung(), desk.store.rows.outbox) == (rung, told)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_due_yet_is_left_alone(desk: Desk, kind: Kind) -> None:
    # A worker with a fast clock, or one that read before an undo: looked at again inside.
    what = Settle(due(desk, kind))
    desk.wait(-0.001)
    rung = desk.rung()
    assert desk.store.run(settle, what, system_actor(ACCOUNT)).was_there
    assert desk.rung() == rung


def test_a_decline_that_was_undone_after_the_sweep_looked_is_not_sent(desk: Desk) -> None:
    number = desk.ask()
    desk.decline(number)
    desk.wait(9.5)
    seen = Due("decline", ACCOUNT, desk.request(number).id)
    desk.undo(number)
    desk.wait(1)
    assert desk.store.run(settle, Settle(seen), system_actor(ACCOUNT)).was_there
    assert desk.request(number).status is RequestStatus.PENDING


def test_what_was_accepted_meanwhile_does_not_expire(desk: Desk) -> None:
    # S65
    desk.turn_on(desk.ben)
    number = desk.ask()
    desk.accept(number)
    desk.wait(4 * 3600)
    seen = Due("expiry", ACCOUNT, desk.request(number).id)
    assert desk.store.run(settle, Settle(seen), system_actor(ACCOUNT)).was_there
    assert desk.notices(NoticeKind.EXPIRED) == []


def test_a_now_request_expires_at_the_limit_of_its_clinic(desk: Desk) -> None:
    desk.change_clinic(desk.evening, now_limit_seconds=900)
    number = desk.ask()
    desk.wait(899.999)
    assert "expiry" not in desk.sweep()
    desk.wait(0.001)
    assert desk.sweep() == ["expiry"]
    request = desk.request(number)
    assert request.status is RequestStatus.EXPIRED
    assert request.decision is not None
    assert (request.decision.by_id, request.decision.at) == (0, desk.now)
    assert desk.notices(NoticeKind.EXPIRED) == [desk.mia]
    assert desk.rung()[-1] == "request.expired"


def test_a_scheduled_request_expires_when_its_last_time_has_come(desk: Desk) -> None:
    # S6: the last in time, whatever its rank
    number = desk.ask(desk.now + hours(5), desk.now + hours(2))
    desk.wait(5 * 3600 - 1)
    assert "expiry" not in desk.sweep()
    desk.wait(1)
    assert desk.sweep() == ["expiry"]
    assert desk.request(number).status is RequestStatus.EXPIRED


def test_a_decline_in_its_ten_seconds_comes_before_expiry(desk: Desk) -> None:
    desk.change_clinic(desk.evening, now_limit_seconds=60)
    number = desk.ask()
    desk.wait(55)
    desk.decline(number)
    desk.wait(6)
    assert desk.sweep() == []
    desk.wait(4)
    assert desk.sweep() == ["decline"]
    assert desk.notices(NoticeKind.EXPIRED) == []


def test_a_decline_undone_after_the_limit_expires_next(desk: Desk) -> None:
    desk.change_clinic(desk.evening, now_limit_seconds=60)
    number = desk.ask()
    desk.wait(55)
    desk.decline(number)
    desk.wait(6)
    desk.undo(number)
    assert desk.sweep() == ["expiry", "reminder"]
    assert desk.notices(NoticeKind.EXPIRING) == []


def test_the_end_of_a_request_ends_its_claim(desk: Desk) -> None:
    # S64
    number = desk.ask()
    desk.decline(number)
    desk.wait(9)
    desk.claim(number)
    desk.wait(1)
    desk.sweep()
    assert not desk.store.rows.claims


def test_a_claim_on_what_is_decided_goes_without_a_word(desk: Desk) -> None:
    number = desk.ask()
    desk.claim(number)
    claims = dict(desk.store.rows.claims)
    desk.withdraw(number)
    desk.store.rows.claims |= claims  # as if a page had claimed in the same instant
    desk.wait(30)
    rung = len(desk.rung())
    assert desk.sweep() == ["claim"]
    assert len(desk.rung()) == rung


def test_a_toggle_that_was_prolonged_meanwhile_stays_on(desk: Desk) -> None:
    what = Settle(due(desk, "toggle"))
    desk.turn_on(desk.ada, until=desk.now + minutes(5))
    assert desk.store.run(settle, what, system_actor(ACCOUNT)).was_there
    assert desk.store.rows.toggle(desk.ada).is_available_at(desk.now)


def test_what_never_was_is_not_found(desk: Desk) -> None:
    for kind in GONE:
        with pytest.raises(NotFoundError):
            desk.store.run(settle, Settle(Due(kind, ACCOUNT, 404)), system_actor(ACCOUNT))
    assert desk.store.run(
        settle, Settle(Due("claim", ACCOUNT, 404)), system_actor(ACCOUNT)
    ).was_there
