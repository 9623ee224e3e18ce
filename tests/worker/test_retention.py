"""How what is too old goes: now and then, a little at a time, and never before somebody's work."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from dispatch.errors import StoreAwayError
from dispatch.events import Change, EntityRef
from dispatch.people import system_actor
from dispatch.retention import DEMO_KEPT_FOR, KEPT_FOR, Kept
from dispatch.vocabulary import EntityKind
from server.settings import Settings
from server.storage.sqlite_store import SqliteStore
from server.worker.retention import ROWS, purge_all, retain_for_ever
from tests.builders import FrozenClock
from tests.servers.sqlite import ready_file
from tests.storage.town import Town, settle


class Shelves:
    """Answers purges with what a test laid out, and remembers what it was asked."""

    def __init__(self, *gone: int | Exception, streams: Sequence[Sequence[str]] = ()) -> None:
        self.gone = list(gone)
        self.streams = list(streams)
        self.asked: list[tuple[Kept, datetime]] = []
        self.slept: list[float] = []
        self.rounds = 1

    async def outgrown(self, before: datetime, limit: int) -> Sequence[str]:
        return self.streams.pop(0) if self.streams else ()

    async def purge(
        self, kind: Kept, before: datetime, limit: int, streams: Collection[str] = ()
    ) -> int:
        self.asked.append((kind, before))
        gone = self.gone.pop(0) if self.gone else 0
        if isinstance(gone, Exception):
            raise gone
        return gone

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if seconds >= 30:  # the pause between two rounds
            self.rounds -= 1
            if self.rounds < 0:
                raise asyncio.CancelledError


async def go(shelves: Shelves, *chances: float) -> None:
    drawn = iter([*chances, 0.5, 0.5, 0.5])
    with pytest.raises(asyncio.CancelledError):
        await retain_for_ever(
            shelves, FrozenClock(), KEPT_FOR, sleep=shelves.sleep, chance=lambda: next(drawn)
        )


async def test_a_round_comes_each_minute_give_or_take_a_half() -> None:
    shelves = Shelves()
    shelves.rounds = 2
    await go(shelves, 0.0, 0.999, 0.25)
    assert shelves.slept == [30.0, pytest.approx(89.94), 45.0]


async def test_each_kind_goes_at_its_own_age() -> None:
    shelves, now = Shelves(streams=[["clinic:1"]]), FrozenClock().now()
    await go(shelves)
    assert dict(shelves.asked) == {
        Kept.EVENT: now - timedelta(days=7),
        Kept.KEY: now - timedelta(hours=24),
        Kept.LOGIN: now - timedelta(hours=24),
        Kept.BOOKING: now - timedelta(hours=24),
        Kept.TRY: now - timedelta(hours=1),
        Kept.NOTICE: now - timedelta(days=90),
    }
    assert DEMO_KEPT_FOR[Kept.EVENT] == timedelta(days=40)
    assert DEMO_KEPT_FOR[Kept.KEY] == KEPT_FOR[Kept.KEY]


async def test_others_may_write_between_two_batches() -> None:
    shelves = Shelves(ROWS, ROWS, 3)
    count = await purge_all(shelves, Kept.KEY, FrozenClock().now(), shelves.sleep)
    assert count == 2 * ROWS + 3
    assert shelves.slept == [0.05, 0.05]


async def test_who_finds_another_process_at_it_leaves_it_to_that() -> None:
    shelves = Shelves(0, 0, streams=[["clinic:1"], ["clinic:1"], ["clinic:1"]])
    assert await purge_all(shelves, Kept.EVENT, FrozenClock().now(), shelves.sleep) == 0
    assert len(shelves.asked) == 1


async def test_a_database_that_is_away_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    shelves = Shelves(StoreAwayError("secret"))
    shelves.rounds = 2
    await go(shelves)
    assert "StoreAwayError" in caplog.text
    assert "secret" not in caplog.text
    assert len(shelves.asked) == 6  # the keys in vain, then all but events, of which none are old


async def test_any_other_error_is_loud() -> None:
    shelves = Shelves(ValueError("a bug"))
    with pytest.raises(ValueError, match="a bug"):
        await retain_for_ever(shelves, FrozenClock(), KEPT_FOR, sleep=shelves.sleep)


@pytest_asyncio.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    store = SqliteStore(Settings(database_url=ready_file(tmp_path / "x.db")), FrozenClock())
    yield await settle(store, await store.create_account("One"))
    await asyncio.to_thread(store.close)


async def test_on_sqlite_a_request_waits_for_one_batch_at_most(town: Town) -> None:
    # one writer does both; what somebody sends does not stand in line behind the whole sweep
    entity = EntityRef(EntityKind.PROVIDER, town.ada.person_id)
    changes = [Change("provider.moved", entity, frozenset({town.stream}))] * (ROWS * 12)
    system = system_actor(town.clinic.account_id)
    await town.within(lambda unit, now: unit.record(system, *changes))
    store, batches = town.store, 0
    assert isinstance(store, SqliteStore)
    purge = store.purge

    async def counting(*given: object) -> int:
        nonlocal batches
        gone = await purge(*given)  # type: ignore[arg-type]
        batches += 1
        return gone

    store.purge = counting  # type: ignore[assignment, method-assign]
    later = FrozenClock().now() + timedelta(seconds=1)
    purging = asyncio.create_task(purge_all(store, Kept.EVENT, later, asyncio.sleep))
    waited = []
    while not purging.done():
        before = batches
        await town.ask()
        waited.append(batches - before)
        await asyncio.sleep(0)
    assert await purging >= ROWS * 12 - 1
    assert batches > 12
    assert len(waited) > 12, "requests came through between the batches"
    assert max(waited) <= 1
