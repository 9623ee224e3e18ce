"""What every store promises about a transaction: all of it once, in order, or nothing.

A test module gives four fixtures and imports the classes: ``store`` (an open, empty Store on the
frozen ``clock``), ``clock`` (tests.builders.FrozenClock), ``ledger`` (tests.storage.town.Ledger) and
``accounts`` (two account ids that exist). ``tests/storage/test_memory.py`` shows how.
"""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from dispatch.errors import AlreadySentError, DecidedError, InvalidError, StaleError
from dispatch.events import Change, EntityRef
from dispatch.ports import Store, Unit
from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.intake import (
    SubmitRequest,
    WithdrawRequest,
    submit_request,
    withdraw_request,
)
from dispatch.vocabulary import DeclineReason, EntityKind, NoticeKind, RequestStatus
from tests.builders import FrozenClock, seconds
from tests.storage.town import Ledger, Town

__all__ = [
    "TestIdempotency",
    "TestCompareAndSwap",
    "TestRollback",
]


class TestIdempotency:
    KEY = "k" * 16

    async def test_the_same_key_twice_answers_the_same_and_acts_once(
        self, store: Store, town: Town, ledger: Ledger
    ) -> None:
        # S18
        first = await store.perform(submit_request, town.asking(), town.mia, key=self.KEY)
        before = (await ledger.notices(), await ledger.audit(), await town.cursor())
        again = await store.perform(submit_request, town.asking(), town.mia, key=self.KEY)
        assert (again.entity, again.number) == (first.entity, first.number)
        assert (await ledger.notices(), await ledger.audit(), await town.cursor()) == before

    async def test_another_command_with_the_same_key_is_told_that_it_was_sent(
        self, store: Store, town: Town, ledger: Ledger
    ) -> None:
        await store.perform(submit_request, town.asking(note="One"), town.mia, key=self.KEY)
        before = await ledger.audit()
        with pytest.raises(AlreadySentError):
            await store.perform(submit_request, town.asking(note="Two"), town.mia, key=self.KEY)
        assert await ledger.audit() == before

    async def test_another_use_case_with_the_same_key_is_told_that_it_was_sent(
        self, store: Store, town: Town
    ) -> None:
        done = await store.perform(submit_request, town.asking(), town.mia, key=self.KEY)
        assert done.number
        with pytest.raises(AlreadySentError):
            await store.perform(
                withdraw_request, WithdrawRequest(done.number), town.mia, key=self.KEY
            )
        assert (await town.request(done.number)).status is RequestStatus.PENDING

    async def test_the_key_of_one_person_says_nothing_about_another(
        self, store: Store, town: Town
    ) -> None:
        mine = await store.perform(submit_request, town.asking(), town.mia, key=self.KEY)
        theirs = await store.perform(submit_request, town.asking(), town.omar, key=self.KEY)
        assert mine.number != theirs.number

    async def test_a_refused_command_does_not_use_up_its_key(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        past, ahead = clock.now() - seconds(1), clock.now() + seconds(3600)
        with pytest.raises(InvalidError):
            await store.perform(submit_request, town.asking(times=(past,)), town.mia, key=self.KEY)
        done = await store.perform(
            submit_request, town.asking(times=(ahead,)), town.mia, key=self.KEY
        )
        assert done.number

    async def test_a_repeat_is_answered_as_then_even_when_the_world_moved_on(
        self, store: Store, town: Town
    ) -> None:
        first = await store.perform(submit_request, town.asking(), town.mia, key=self.KEY)
        assert first.number
        await store.perform(withdraw_request, WithdrawRequest(first.number), town.mia)
        again = await store.perform(submit_request, town.asking(), town.mia, key=self.KEY)
        assert (again.entity, again.number) == (first.entity, first.number)
        assert (await town.request(first.number)).status is RequestStatus.WITHDRAWN

    async def test_many_at_once_with_one_key_act_once(
        self, store: Store, town: Town, ledger: Ledger
    ) -> None:
        command: SubmitRequest = town.asking()
        before = await ledger.audit()
        sent = (store.perform(submit_request, command, town.mia, key=self.KEY) for _ in range(8))
        answers = await asyncio.gather(*sent)
        assert len({answer.number for answer in answers}) == 1
        assert await ledger.audit() == before + 1


class TestCompareAndSwap:
    async def test_saving_over_a_newer_version_is_stale(
        self, town: Town, clock: FrozenClock
    ) -> None:
        # S65
        stored, now = await town.ask(), clock.now()
        newer = stored.decline(DeclineReason.OTHER, "First", town.sam.person_id, now)
        late = stored.decline(DeclineReason.OTHER, "Second", town.sam.person_id, now)
        await town.within(lambda unit, now: unit.requests.save(newer, was=stored))
        with pytest.raises(StaleError):
            await town.within(lambda unit, now: unit.requests.save(late, was=stored))
        assert await town.request(stored.number) == newer

    async def test_saving_over_another_status_is_stale(
        self, town: Town, clock: FrozenClock
    ) -> None:
        stored = await town.ask()
        withdrawn = replace(
            stored.withdraw(town.mia.person_id, clock.now()), version=stored.version
        )
        await town.within(lambda unit, now: unit.requests.save(withdrawn, was=stored))
        with pytest.raises(StaleError):
            await town.within(lambda unit, now: unit.requests.save(stored, was=stored))

    async def test_of_many_acceptances_at_once_exactly_one_wins(
        self, store: Store, town: Town, ledger: Ledger
    ) -> None:
        # S62 S65
        request = await town.ask()
        tries = [
            AcceptRequest(request.number, 1, host.person_id, confirmed=frozenset({"unavailable"}))
            for host in (town.ada, town.ben) * 4
        ]
        answers = await asyncio.gather(
            *(store.perform(accept_request, command, town.sam) for command in tries),
            return_exceptions=True,
        )
        lost = [answer for answer in answers if isinstance(answer, BaseException)]
        assert len(lost) == len(tries) - 1
        assert all(isinstance(error, DecidedError) for error in lost)
        notices = await ledger.notices()
        invited = [what for what in notices if what[1] == NoticeKind.INVITATION]
        assert [(who, notices[who, kind, about]) for who, kind, about in invited] == [
            (town.mia.person_id, 1)
        ]

    async def test_a_session_saved_over_a_newer_version_is_stale(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        request = await town.ask()
        accepted = request.accept(
            town.ada.person_id, None, "", town.sam.person_id, clock.now()
        ).session_for(seconds(60), "room")
        stored = await town.within(lambda unit, now: unit.sessions.add(accepted))
        cancelled = stored.cancel(clock.now())
        await town.within(lambda unit, now: unit.sessions.save(cancelled, was=stored))
        with pytest.raises(StaleError):
            await town.within(lambda unit, now: unit.sessions.save(cancelled, was=stored))


class TestRollback:
    @pytest.mark.parametrize("error", [InvalidError("No."), RuntimeError("no")])
    async def test_an_error_leaves_nothing_behind(
        self, store: Store, town: Town, ledger: Ledger, error: Exception
    ) -> None:
        # S62
        before = await town.ask()
        kept = (await ledger.notices(), await ledger.audit(), await town.cursor())

        def half(unit: Unit, now: datetime) -> None:
            draft = replace(before, requester_id=town.omar.person_id, submitted_at=now)
            added = unit.requests.add(draft)
            about = EntityRef(EntityKind.REQUEST, added.id)
            unit.requests.add_pass(before.id, town.ada.person_id, "", now)
            unit.requests.save(before.withdraw(town.mia.person_id, now), was=before)
            unit.notify(NoticeKind.NEW_REQUEST, [town.ben.person_id], about)
            unit.record(town_actor, Change("request.submitted", about, frozenset({town.stream})))
            raise error

        town_actor = town.mia
        with pytest.raises(type(error)):
            await town.within(half, town.mia)
        assert (await ledger.notices(), await ledger.audit(), await town.cursor()) == kept
        assert await town.request(before.number) == before
        passed = await store.read(lambda reading: reading.passed_by(before.id))
        assert passed == frozenset()
        # Neither a number nor a seq was used up: the next ones follow without a hole.
        following = await town.ask(town.omar)
        assert following.number == before.number + 1
        assert await town.cursor() == kept[2] + 1
