"""What both databases promise to whoever keeps the console running; memory has no such reader."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from dispatch.errors import StaleError
from dispatch.notice import LEASE
from dispatch.people import system_actor
from dispatch.ports import Due, Unit
from dispatch.request import SessionRequest
from dispatch.usecases.intake import WithdrawRequest, withdraw_request
from dispatch.usecases.notices import TakeNotice, take_notice
from dispatch.usecases.refusal import DeclineRequest, decline_request
from dispatch.usecases.sweep import Settle, settle
from dispatch.vocabulary import RequestStatus
from server.storage.postgres_store import PostgresStore
from server.storage.sqlite_store import SqliteStore
from tests.builders import FrozenClock, seconds
from tests.storage.town import Town

__all__ = ["TestVitals", "TestDecided"]

SharedOrOwn = SqliteStore | PostgresStore
Write = Callable[[str], Awaitable[None]]


class TestVitals:
    async def test_the_schema_is_current_until_the_database_says_another_revision(
        self, store: SharedOrOwn, write: Write
    ) -> None:
        assert await store.is_current()
        await write("UPDATE alembic_version SET version_num = '9999'")
        assert not await store.is_current()

    async def test_each_clinic_says_how_many_wait_and_since_when_the_oldest_does(
        self, store: SharedOrOwn, town: Town, other_town: Town, clock: FrozenClock
    ) -> None:
        since = clock.now()
        first = await town.ask()
        clock.advance(seconds(30))
        await town.ask(town.omar)
        quiet = other_town.clinic.id
        assert await store.backlogs() == {town.clinic.id: (2, since), quiet: (0, None)}
        await store.perform(withdraw_request, WithdrawRequest(first.number), town.mia)
        assert await store.backlogs() == {town.clinic.id: (1, clock.now()), quiet: (0, None)}

    async def test_what_nobody_settles_and_what_nobody_sends_says_since_when(
        self, store: SharedOrOwn, town: Town, clock: FrozenClock
    ) -> None:
        began = clock.now()
        assert await store.late() == (None, None)
        late = await town.ask(times=(began + seconds(7200),))
        assert await store.late() == (began + seconds(7200), began)
        decline = DeclineRequest(late.number, late.version)
        await store.perform(decline_request, decline, town.sam)
        assert await store.late() == (began + seconds(10), began)
        clock.advance(seconds(11))
        due = Due("decline", late.account_id, late.id)
        await store.perform(settle, Settle(due), system_actor(late.account_id))
        for _, notice in await store.read(lambda reading: reading.due_notices(clock.now(), 99)):
            take = TakeNotice(notice)
            await store.perform(take_notice, take, system_actor(late.account_id))
        assert await store.late() == (None, clock.now() + LEASE), "each is under way"


class TestDecided:
    async def test_a_decision_is_told_once_after_its_commit_and_a_repeat_never(
        self, store: SharedOrOwn, town: Town, clock: FrozenClock
    ) -> None:
        told: list[SessionRequest] = []
        store.decide_with(told.extend)
        asked = await town.ask()
        clock.advance(seconds(90))
        assert told == []
        for _ in range(2):
            withdrawing = WithdrawRequest(asked.number)
            await store.perform(withdraw_request, withdrawing, town.mia, key="k" * 16)
        decided = await town.request(asked.number)
        noted = replace(decided, version=decided.version + 1)
        await town.within(lambda unit, _: unit.requests.save(noted, was=decided))
        await asyncio.sleep(0)  # SQLite's writer tells through the loop
        assert [(each.number, each.status) for each in told] == [
            (asked.number, RequestStatus.WITHDRAWN)
        ]
        decision = told[0].decision
        assert decision is not None
        assert decision.at - told[0].submitted_at == seconds(90)

    async def test_what_is_rolled_back_was_not_decided(
        self, store: SharedOrOwn, town: Town, clock: FrozenClock
    ) -> None:
        told: list[SessionRequest] = []
        store.decide_with(told.extend)
        asked = await town.ask()
        withdrawn = asked.withdraw(town.mia.person_id, clock.now())

        def lose(unit: Unit, _now: object) -> None:
            unit.requests.save(withdrawn, was=asked)
            raise StaleError("Somebody else was faster.")

        with pytest.raises(StaleError):
            await town.within(lose)
        await asyncio.sleep(0)
        assert told == []
