"""A notice climbs its ladder once per try, never twice at once, and ends as sent or as a dead letter."""

from datetime import timedelta
from typing import Any

import pytest

from dispatch.errors import InvalidError, NotAllowedError, NotFoundError
from dispatch.events import EntityRef
from dispatch.notice import JITTER, LADDER, LEASE, USEFUL, Notice
from dispatch.people import system_actor
from dispatch.usecases.notices import (
    SendAgain,
    SettleNotice,
    TakeNotice,
    send_again,
    settle_notice,
    take_notice,
)
from dispatch.vocabulary import AccountId, EntityKind, NoticeId, NoticeKind, NoticeStatus, PersonId
from tests.builders import ACCOUNT, NOON, OTHER_ACCOUNT, minutes, seconds
from tests.dispatch.desk import Desk


def a_notice(**changes: Any) -> Notice:
    given: dict[str, Any] = {
        "id": NoticeId(1),
        "account_id": AccountId(1),
        "kind": NoticeKind.INVITATION,
        "recipient_id": PersonId(7),
        "about": EntityRef(EntityKind.SESSION, 3),
        "created_at": NOON,
        "wanted_at": NOON,
        "next_at": NOON,
    }
    return Notice(**given | changes)


class TestTheLadder:
    def test_the_steps_are_those_of_the_promise(self) -> None:
        assert [step.total_seconds() / 60 for step in LADDER] == [1, 5, 30, 120, 360, 1440]

    def test_seven_tries_and_then_a_dead_letter(self) -> None:
        notice, now = a_notice(), NOON
        waits = []
        while notice.status is NoticeStatus.WAITING:
            now = notice.next_at
            notice = notice.take(now).failed("451", now, is_final=False, chance=0.5)
            waits.append(notice.next_at - now)
        assert (notice.status, notice.tries) == (NoticeStatus.FAILED, 7)
        assert tuple(waits[:-1]) == LADDER
        assert notice.settled_at == now

    @pytest.mark.parametrize("chance", [0.0, 0.25, 0.999])
    def test_chance_moves_a_step_by_a_fifth_at_most(self, chance: float) -> None:
        notice = a_notice().take(NOON).failed("451", NOON, is_final=False, chance=chance)
        wanted = LADDER[0] * (1 + JITTER * (2 * chance - 1))
        assert notice.next_at - NOON == wanted
        assert abs(wanted - LADDER[0]) <= LADDER[0] * JITTER

    def test_a_final_refusal_is_a_dead_letter_at_once(self) -> None:
        notice = a_notice().take(NOON).failed("refused (550)", NOON, is_final=True, chance=0.5)
        assert (notice.status, notice.tries) == (NoticeStatus.FAILED, 1)
        assert notice.problem == "refused (550)"

    def test_a_try_that_never_came_back_is_due_again_after_its_lease(self) -> None:
        taken = a_notice().take(NOON)
        assert not taken.is_due(NOON + LEASE - seconds(1))
        assert taken.is_due(NOON + LEASE)

    def test_what_waited_too_long_tells_nobody_anything(self) -> None:
        assert a_notice().take(NOON + USEFUL).status is NoticeStatus.WAITING
        late = a_notice().take(NOON + USEFUL + seconds(1))
        assert (late.status, late.problem) == (NoticeStatus.FAILED, "not sent in time")

    def test_a_problem_is_one_short_line(self) -> None:
        notice = a_notice().take(NOON)
        failed = notice.failed("a\r\nb " + "c" * 100, NOON, is_final=True, chance=0.5)
        assert failed.problem.startswith("a b ccc")
        assert len(failed.problem) == 60

    def test_only_a_dead_letter_is_sent_again_and_then_from_the_foot(self) -> None:
        notice = a_notice().take(NOON)
        with pytest.raises(InvalidError):
            notice.again(NOON)
        with pytest.raises(InvalidError):
            notice.sent(NOON).again(NOON)
        later = NOON + timedelta(days=9)
        again = notice.failed("550", NOON, is_final=True, chance=0.5).again(later)
        assert again.is_due(later)
        assert (again.tries, again.problem, again.created_at) == (0, "", NOON)
        assert again.take(later).status is NoticeStatus.WAITING  # nine days old, and wanted now


@pytest.fixture
def waiting(desk: Desk) -> Notice:
    desk.submit()
    return next(iter(desk.store.rows.outbox.values()))


class TestOnTheWay:
    def test_one_of_two_processes_gets_it(self, desk: Desk, waiting: Notice) -> None:
        first = desk.store.run(take_notice, TakeNotice(waiting.id), system_actor(ACCOUNT))
        second = desk.store.run(take_notice, TakeNotice(waiting.id), system_actor(ACCOUNT))
        assert (first.was_there, second.was_there) == (False, True)
        assert desk.store.rows.outbox[waiting.id].tries == 1

    def test_what_was_sent_stays_sent(self, desk: Desk, waiting: Notice) -> None:
        self._settle(desk, waiting, NoticeStatus.SENT)
        late = SettleNotice(waiting.id, 1, NoticeStatus.FAILED, "550")
        assert desk.store.run(settle_notice, late, system_actor(ACCOUNT)).was_there
        assert desk.store.rows.outbox[waiting.id].status is NoticeStatus.SENT
        again = desk.store.run(take_notice, TakeNotice(waiting.id), system_actor(ACCOUNT))
        assert again.was_there

    def test_a_try_that_was_overtaken_can_only_have_succeeded(
        self, desk: Desk, waiting: Notice
    ) -> None:
        for _ in range(2):
            desk.store.run(take_notice, TakeNotice(waiting.id), system_actor(ACCOUNT))
            desk.clock.advance(LEASE)
        failed = SettleNotice(waiting.id, 1, NoticeStatus.FAILED, "550")
        assert desk.store.run(settle_notice, failed, system_actor(ACCOUNT)).was_there
        assert desk.store.rows.outbox[waiting.id].status is NoticeStatus.WAITING
        sent = SettleNotice(waiting.id, 1, NoticeStatus.SENT)
        assert not desk.store.run(settle_notice, sent, system_actor(ACCOUNT)).was_there
        assert desk.store.rows.outbox[waiting.id].status is NoticeStatus.SENT

    def test_another_account_does_not_know_it(self, desk: Desk, waiting: Notice) -> None:
        with pytest.raises(NotFoundError):
            desk.store.run(take_notice, TakeNotice(waiting.id), system_actor(OTHER_ACCOUNT))
        with pytest.raises(NotFoundError):
            desk.store.run(take_notice, TakeNotice(NoticeId(10**9)), system_actor(ACCOUNT))

    def test_only_an_administrator_sends_again(self, desk: Desk, waiting: Notice) -> None:
        self._settle(desk, waiting, NoticeStatus.FAILED, "550")
        for actor in (desk.actor(desk.mia), desk.actor(desk.sam), desk.actor(desk.ada)):
            with pytest.raises(NotAllowedError):
                desk.store.run(send_again, SendAgain(waiting.id), actor)
        root = desk.actor(desk.root)
        desk.store.run(send_again, SendAgain(waiting.id), root)
        assert desk.store.rows.outbox[waiting.id].is_due(desk.now)
        with pytest.raises(InvalidError):
            desk.store.run(send_again, SendAgain(waiting.id), root)

    def test_the_clinics_lists_are_told_how_it_ended(self, desk: Desk, waiting: Notice) -> None:
        before = desk.rung()
        self._settle(desk, waiting, NoticeStatus.WAITING, "451")
        assert desk.rung() == before  # a try that failed for now shows nowhere
        desk.clock.advance(minutes(5))
        self._settle(desk, waiting, NoticeStatus.SENT, tries=2)
        assert desk.rung() != before

    @staticmethod
    def _settle(
        desk: Desk, notice: Notice, status: NoticeStatus, problem: str = "", tries: int = 1
    ) -> None:
        system = system_actor(ACCOUNT)
        assert not desk.store.run(take_notice, TakeNotice(notice.id), system).was_there
        desk.store.run(settle_notice, SettleNotice(notice.id, tries, status, problem), system)
