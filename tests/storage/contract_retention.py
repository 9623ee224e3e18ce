"""What both databases promise of what is kept only for a time; memory keeps everything."""

import asyncio
from datetime import timedelta

import pytest

from dispatch.errors import AlreadySentError
from dispatch.events import Change, EntityRef
from dispatch.people import Actor, system_actor
from dispatch.ports import Reading
from dispatch.retention import KEPT_FOR, Kept
from dispatch.stream import Break, Cursor
from dispatch.usecases import boards
from dispatch.usecases.intake import WithdrawRequest, submit_request, withdraw_request
from dispatch.usecases.logins import (
    BeginLogin,
    EndLogin,
    SetDisabled,
    begin_login,
    end_login,
    set_disabled,
)
from dispatch.usecases.notices import SettleNotice, TakeNotice, settle_notice, take_notice
from dispatch.vocabulary import EntityKind, LoginId, NoticeStatus
from server.storage.postgres_store import PostgresStore
from server.storage.sqlite_store import SqliteStore
from server.worker.retention import purge_all
from tests.builders import FrozenClock, hours, seconds
from tests.storage.town import Ledger, Town

__all__ = ["TestOldEvents", "TestOldKeys", "TestOldLogins", "TestOldNotices"]

SharedOrOwn = SqliteStore | PostgresStore
WEEK, DAY = KEPT_FOR[Kept.EVENT], KEPT_FOR[Kept.LOGIN]


async def ring(town: Town, count: int, stream: str = "") -> list[Cursor]:
    """Let something change so often in one transaction; return the places after each."""
    entity = EntityRef(EntityKind.PROVIDER, town.ada.person_id)
    change = Change("provider.moved", entity, frozenset({stream or town.stream}))
    system = system_actor(town.clinic.account_id)
    before = await town.cursor(stream)
    await town.within(lambda unit, now: unit.record(system, *[change] * count))
    return await cursors(town, before, stream)


async def cursors(town: Town, after: int = 0, stream: str = "") -> list[Cursor]:
    read = await town.store.read(lambda reading: reading.events(stream or town.stream, after, 9999))
    return [Cursor(event.seq, event.tag) for event in read]


async def goes_on(town: Town, cursor: Cursor, stream: str = "") -> int | Break:
    """Return how many events follow a place, or why that cannot be said."""

    def query(reading: Reading) -> int | Break:
        found = boards.since(reading, stream or town.stream, cursor)
        return found if isinstance(found, Break) else len(found)

    return await town.store.read(query)


async def no_sleep(_: float) -> None:
    """Go on at once."""


async def let_go(store: SharedOrOwn, clock: FrozenClock, kind: Kept = Kept.EVENT) -> int:
    return await purge_all(store, kind, clock.now() - KEPT_FOR[kind], no_sleep)


class TestOldEvents:
    async def test_an_event_goes_once_the_one_after_it_is_a_week_old(
        self, store: SharedOrOwn, town: Town, clock: FrozenClock
    ) -> None:
        # S90: whoever was up to date within the week can go on
        first = await ring(town, 1)
        clock.advance(hours(1))
        second = await ring(town, 1)
        clock.advance(hours(1))
        third = await ring(town, 1)
        clock.set(clock.now() - hours(1) + WEEK)
        await let_go(store, clock)
        assert (await cursors(town))[0] == first[0], "the second is not yet older than a week"
        clock.advance(seconds(1))
        await let_go(store, clock)
        assert await cursors(town) == [*second, *third]
        assert await goes_on(town, first[0]) is Break.BEHIND
        assert await goes_on(town, second[0]) == 1
        assert await goes_on(town, Cursor(0, "")) is Break.BEHIND

    async def test_the_last_event_of_a_stream_stays_with_its_tag(
        self, store: SharedOrOwn, town: Town, clock: FrozenClock
    ) -> None:
        *_, last = await ring(town, 5)
        clock.advance(WEEK * 50)
        assert await let_go(store, clock)
        assert await let_go(store, clock) == 0
        assert await cursors(town) == [last]
        assert await goes_on(town, last) == 0
        assert await goes_on(town, Cursor(last.seq, "ffffffff")) is Break.HISTORY
        [after] = await ring(town, 1)
        assert after.seq == last.seq + 1, "numbers go on"
        assert await goes_on(town, last) == 1

    async def test_of_many_streams_each_keeps_what_is_its_own(
        self, store: SharedOrOwn, town: Town, clock: FrozenClock
    ) -> None:
        names = [f"patient:{number}" for number in range(900, 930)]  # more than are taken at once
        lasts = {name: (await ring(town, 3, name))[-1] for name in names}
        clock.advance(WEEK * 2)
        [young] = await ring(town, 1, names[0])
        await let_go(store, clock)
        for name in names[1:]:
            assert await cursors(town, stream=name) == [lasts[name]]
        assert await cursors(town, stream=names[0]) == [lasts[names[0]], young]

    async def test_a_batch_takes_no_more_than_it_may(
        self, store: SharedOrOwn, town: Town, clock: FrozenClock
    ) -> None:
        # nobody waits for more than one batch
        await ring(town, 20)
        count = len(await cursors(town))
        clock.advance(WEEK * 2)
        before = clock.now() - WEEK
        for left in (count - 7, count - 14):
            assert await store.purge(Kept.EVENT, before, 7, [town.stream]) == 7
            kept = await cursors(town)
            assert [each.seq for each in kept] == list(range(count - left + 1, count + 1))
            assert await goes_on(town, kept[0]) == left - 1

    async def test_only_streams_with_something_to_let_go_are_named(
        self, store: SharedOrOwn, town: Town, clock: FrozenClock
    ) -> None:
        await ring(town, 1, "patient:900")
        await ring(town, 2, "patient:901")
        before = clock.now() + seconds(1)
        named = await store.outgrown(before, 99)
        assert "patient:901" in named
        assert "patient:900" not in named
        assert not await store.outgrown(clock.now(), 99)
        assert len(await store.outgrown(before, 1)) == 1

    async def test_whoever_comes_together_lets_nothing_go_twice_and_loses_no_change(
        self, store: SharedOrOwn, town: Town, clock: FrozenClock, ledger: Ledger
    ) -> None:
        # F15: numbers stay dense while events go and others come
        await ring(town, 300)
        there = await everything(town)
        head = await town.cursor()
        clock.advance(WEEK * 2)
        before, audit = clock.now() - WEEK, await ledger.audit()

        async def sweeping() -> int:
            gone = [await store.purge(Kept.EVENT, before, 20, [town.stream]) for _ in range(20)]
            return sum(gone)

        gone = await asyncio.gather(
            *(sweeping() for _ in range(4)), *(ring(town, 1) for _ in range(20))
        )
        count = sum(each for each in gone if isinstance(each, int))
        count += await let_go(store, clock)
        kept = await cursors(town)
        assert [each.seq for each in kept] == list(range(head, head + 21))
        assert count == there + 20 - await everything(town)
        assert await ledger.audit() == audit + 20, "of what was done, nothing goes"


async def everything(town: Town) -> int:
    """Return how many events there are in any stream."""
    names = [
        f"{kind}:{number}"
        for kind in ("clinic", "host", "hosts", "patient")
        for number in range(99)
    ]
    return sum([len(await cursors(town, stream=name)) for name in [*names, "control"]])


class TestOldKeys:
    async def test_a_key_answers_for_a_day_and_no_longer(
        self, store: SharedOrOwn, town: Town, clock: FrozenClock
    ) -> None:
        async def send() -> bool:
            done = await store.perform(submit_request, town.asking(), town.mia, key="k" * 16)
            return done.was_there

        assert not await send()
        number = (await town.ask()).number
        await store.perform(withdraw_request, WithdrawRequest(number), town.mia)
        clock.advance(KEPT_FOR[Kept.KEY])
        assert await let_go(store, clock, Kept.KEY) == 0
        assert await send(), "what was sent first stands"
        clock.advance(seconds(1))
        assert await let_go(store, clock, Kept.KEY) == 1
        assert not await send()
        with pytest.raises(AlreadySentError):
            await store.perform(submit_request, town.asking(note="Another"), town.mia, key="k" * 16)

    async def test_no_more_go_than_may(
        self, store: SharedOrOwn, town: Town, clock: FrozenClock
    ) -> None:
        for number in range(5):
            await store.perform(submit_request, town.asking(), town.mia, key=f"key-{number}-of-mia")
        before = clock.now() + seconds(1)
        assert [await store.purge(Kept.KEY, before, 2) for _ in range(4)] == [2, 2, 1, 0]


class TestOldLogins:
    async def test_a_sign_in_goes_a_day_after_it_was_over_however_it_ended(
        self, store: SharedOrOwn, town: Town, clock: FrozenClock
    ) -> None:
        began_at = clock.now()

        async def begin(actor: Actor, token: str, lasts: timedelta) -> LoginId:
            done = await store.perform(begin_login, BeginLogin(token, lasts), actor)
            return LoginId(done.entity.id)

        await begin(town.mia, "expires", hours(1))
        signed_out = await begin(town.sam, "signed out", hours(500))
        await begin(town.ada, "disabled", hours(500))
        await begin(town.sam, "lasts", hours(500))
        await store.perform(end_login, EndLogin(signed_out), town.sam)
        await store.perform(set_disabled, SetDisabled(town.ada.person_id, True), town.root)
        clock.set(began_at + DAY)
        assert await let_go(store, clock, Kept.LOGIN) == 0
        clock.advance(seconds(1))
        assert await let_go(store, clock, Kept.LOGIN) == 2
        clock.set(began_at + DAY + hours(1) + seconds(1))
        assert await let_go(store, clock, Kept.LOGIN) == 1
        found = await store.read(lambda reading: reading.login("lasts", clock.now()))
        assert found is not None
        assert await let_go(store, clock, Kept.LOGIN) == 0


class TestOldNotices:
    async def test_a_message_goes_90_days_after_it_was_sent_or_was_wanted_in_vain(
        self, store: SharedOrOwn, town: Town, clock: FrozenClock
    ) -> None:
        await town.ask()
        first, *others = await store.read(lambda reading: reading.due_notices(clock.now(), 9))
        assert others
        system = system_actor(town.clinic.account_id)
        await store.perform(take_notice, TakeNotice(first[1]), system)
        clock.advance(seconds(60))
        sent = SettleNotice(first[1], 1, NoticeStatus.SENT)
        await store.perform(settle_notice, sent, system)
        clock.advance(KEPT_FOR[Kept.NOTICE] - seconds(60))
        assert await let_go(store, clock, Kept.NOTICE) == 0
        clock.advance(seconds(1))  # nobody ever tried the others: there is no mail server
        assert await let_go(store, clock, Kept.NOTICE) == len(others)
        clock.advance(seconds(59))
        assert await let_go(store, clock, Kept.NOTICE) == 0
        clock.advance(seconds(1))
        assert await let_go(store, clock, Kept.NOTICE) == 1
