"""What becomes of a request is told to whoever it is for, once, and to nobody who only had a hand in it."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from dispatch.usecases.sessions import CancelSession, ChangeHost, RescheduleSession
from dispatch.vocabulary import NoticeKind
from tests.builders import hours
from tests.dispatch.desk import Desk
from tests.dispatch.sittings import does, planned

Story = Callable[[Desk], None]
TO_STAFF = {
    NoticeKind.NEW_REQUEST,
    NoticeKind.ALL_PASSED,
    NoticeKind.EXPIRING,
    NoticeKind.ESCALATED,
    NoticeKind.ASSIGNED,
    NoticeKind.UNASSIGNED,
}


def accepted(desk: Desk) -> None:
    desk.accept(by_telephone(desk))


def declined(desk: Desk) -> None:
    desk.decline(by_telephone(desk), response="Please see your own doctor.")
    desk.wait(10)


def declined_at_once(desk: Desk) -> None:
    desk.turn_off(desk.ada)
    by_telephone(desk, target_host_id=desk.ada)


def expired(desk: Desk) -> None:
    by_telephone(desk)
    desk.wait(24 * 3600)


def withdrawn(desk: Desk) -> None:
    desk.withdraw(by_telephone(desk), by=desk.sam)


def returned(desk: Desk) -> None:
    planned(desk, by=desk.sam, requester_id=desk.mia)
    desk.give_back(1001)


def moved(desk: Desk) -> None:
    of = planned(desk, by=desk.sam, requester_id=desk.mia)
    does(desk, desk.sam, RescheduleSession(of.id, of.revision, desk.now + hours(5)))


def given(desk: Desk) -> None:
    of = planned(desk, by=desk.sam, requester_id=desk.mia)
    does(desk, desk.sam, ChangeHost(of.id, of.revision, desk.ada))


def called_off(desk: Desk) -> None:
    of = planned(desk, by=desk.sam, requester_id=desk.mia)
    does(desk, desk.sam, CancelSession(of.id, of.revision))


def by_telephone(desk: Desk, **more: Any) -> int:
    return desk.ask(by=desk.sam, requester_id=desk.mia, **more)


@pytest.mark.parametrize(
    ("story", "kind", "hears_too"),
    [
        (accepted, NoticeKind.INVITATION, []),
        (declined, NoticeKind.DECLINED, []),
        (declined_at_once, NoticeKind.DECLINED, []),
        (expired, NoticeKind.EXPIRED, []),
        (withdrawn, NoticeKind.WITHDRAWN, []),
        (returned, NoticeKind.CANCELLED, ["ben"]),
        (moved, NoticeKind.RESCHEDULED, ["ben"]),
        (given, NoticeKind.HOST_CHANGED, []),
        (called_off, NoticeKind.CALLED_OFF, ["ben"]),
    ],
)
def test_the_patient_is_told_once_and_not_who_telephoned_for_them(
    desk: Desk, story: Story, kind: NoticeKind, hears_too: list[str]
) -> None:
    # S24 S51 S56 V11 V12: Sam asked, and pressed every button; the patient is Mia
    desk.turn_on(desk.ada, desk.ben)
    story(desk)
    for _ in range(3):  # in as many processes as there are
        desk.sweep()
    rows = [n for n in desk.store.rows.outbox.values() if n.kind not in TO_STAFF]
    told = Counter((n.kind, n.recipient_id) for n in rows if n.kind is kind)
    assert told == Counter(
        (kind, who) for who in (desk.mia, *(getattr(desk, h) for h in hears_too))
    )
    outcomes = {n.kind for n in rows} - {NoticeKind.RECEIVED, NoticeKind.INVITATION, kind}
    assert not outcomes, "one outcome, one message"
    assert {n.recipient_id for n in rows} == {desk.mia, *(getattr(desk, h) for h in hears_too)}
