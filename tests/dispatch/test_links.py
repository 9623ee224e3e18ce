"""Whoever has lost their link is sent another: of what goes on, or of the last there was."""

import pytest

from dispatch.errors import NotAllowedError
from dispatch.people import system_actor
from dispatch.usecases.intake import DismissAnswer
from dispatch.usecases.links import SendLinks, send_links
from dispatch.vocabulary import NoticeKind, PersonId, RequestId, RequestNumber
from tests.builders import ACCOUNT, NOON, hours
from tests.dispatch.desk import Desk


def send(desk: Desk, person: int) -> list[RequestNumber]:
    """Have links sent; return of which requests, in all."""
    desk.store.run(send_links, SendLinks(PersonId(person)), system_actor(ACCOUNT))
    rows = desk.store.rows
    sent = [one for one in rows.outbox.values() if one.kind is NoticeKind.LINK]
    assert all(one.recipient_id == person for one in sent)
    return [rows.requests[RequestId(one.about.id)].number for one in sent]


def test_a_link_is_sent_for_each_request_that_goes_on(desk: Desk) -> None:
    waiting = desk.ask()
    ahead = desk.ask(NOON + hours(5), clinic=desk.daytime)
    desk.accept(ahead, "unavailable", by=desk.sue, host_id=desk.dan, time=NOON + hours(5))
    assert sorted(send(desk, desk.mia)) == sorted([waiting, ahead])


def test_where_nothing_goes_on_it_is_the_last_one(desk: Desk) -> None:
    first = desk.ask()
    desk.withdraw(first)
    desk.wait(60)
    last = desk.ask()
    desk.withdraw(last)
    assert send(desk, desk.mia) == [last]


def test_an_answer_that_was_not_dismissed_has_a_link_beside_what_goes_on(desk: Desk) -> None:
    # V3: who has no password could not read it otherwise, nor ask there again
    answered = desk.ask()
    desk.decline(answered, response="Please see your own doctor.")
    desk.wait(10)
    desk.sweep()
    waiting = desk.ask(NOON + hours(5), clinic=desk.daytime)
    assert sorted(send(desk, desk.mia)) == [answered, waiting]
    desk.does(desk.mia, DismissAnswer(answered))
    desk.wait(60)
    assert send(desk, desk.mia).count(answered) == 1


def test_it_is_said_once_a_minute_and_again_later(desk: Desk) -> None:
    number = desk.ask()
    assert send(desk, desk.mia) == send(desk, desk.mia) == [number]
    desk.wait(60)
    assert send(desk, desk.mia) == [number, number]


def test_who_never_asked_is_sent_nothing(desk: Desk) -> None:
    desk.ask()
    assert send(desk, desk.omar) == []


def test_nobody_sends_links_by_hand(desk: Desk) -> None:
    with pytest.raises(NotAllowedError):
        desk.does(desk.sam, SendLinks(desk.mia))
