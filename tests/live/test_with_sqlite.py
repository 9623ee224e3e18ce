"""From the commit on the writer's thread to the page, over the store that the server uses."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from dispatch.stream import Projection
from dispatch.vocabulary import LoginId
from server.bus.memory import MemoryBell
from server.clock import SystemClock
from server.live.answers import Want
from server.live.desk import LiveDesk
from server.live.limits import Pace
from server.live.seams import Outside, Visitor
from server.live.settling import settle
from server.settings import Settings
from server.storage.sqlite_store import SqliteStore
from tests.live.rig import TAB, FakeWire, PlainRenderer
from tests.servers.sqlite import ready_file
from tests.storage import town as towns


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(Settings(database_url=ready_file(tmp_path / "live.db")), SystemClock())
    yield store
    store.close()


async def nobody(_connection: object) -> None:
    return None


async def told(wire: FakeWire, count: int) -> None:
    async with asyncio.timeout(30):
        while len(wire.frames) < count:  # noqa: ASYNC110 - a wire sets no event
            await asyncio.sleep(0.001)


async def test_a_commit_rings_and_the_board_hears(store: SqliteStore) -> None:  # S85
    town = await towns.settle(store, await store.create_account("Evening Care"))
    bell = MemoryBell()
    store.ring_with(bell.ring)
    outside = Outside(store, bell, SystemClock(), (SQLAlchemyError,), Pace(poll=60))
    live = LiveDesk(outside, PlainRenderer(), nobody)
    key, wire = (town.stream, Projection.BOARD), FakeWire()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(live.run())
        await live.tailer.started.wait()
        connection = live.hub.admit(wire, Visitor(town.sam, LoginId(1)))
        assert connection
        assert live.hub.greet(connection, TAB)
        live.hub.follow(connection, [key])
        await settle(connection, [Want(key)], live.hub, live.answers)
        asked = await town.ask()
        await told(wire, 2)
        running.cancel()
    assert [op["entity"] for op in wire.frames[-1]["ops"]] == [f"request:{asked.id}"]
    assert live.tailer.holes == live.tailer.found_by_poll == 0


async def test_thirty_writers_leave_no_gap(store: SqliteStore) -> None:
    """Every page applies 1..N: each frame begins where the last one ended."""
    town = await towns.settle(store, await store.create_account("Evening Care"))
    asking = frozenset({town.clinic.patient_group.id})
    patients = [await town.newcomer(f"Patient {n}", asks_in=asking) for n in range(30)]
    bell = MemoryBell()
    store.ring_with(bell.ring)
    outside = Outside(store, bell, SystemClock(), (SQLAlchemyError,), Pace(poll=60))
    live = LiveDesk(outside, PlainRenderer(), nobody)
    key, wire = (town.stream, Projection.BOARD), FakeWire()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(live.run())
        await live.tailer.started.wait()
        writing = [tasks.create_task(town.ask(patient)) for patient in patients]
        connection = live.hub.admit(wire, Visitor(town.sam, LoginId(1)))
        assert connection
        live.hub.follow(connection, [key])
        await settle(connection, [Want(key)], live.hub, live.answers)
        await asyncio.gather(*writing)
        head = await town.cursor()
        async with asyncio.timeout(30):
            while wire.frames[-1]["seq"] < head:  # noqa: ASYNC110 - a wire sets no event
                await asyncio.sleep(0.001)
        running.cancel()
    frames = wire.frames
    assert frames[0]["after"] is None
    cursor = frames[0]["seq"]
    for frame in frames[1:]:
        assert frame["after"] <= cursor
        cursor = max(cursor, frame["seq"])
    assert cursor == head
    rows = {op["entity"] for frame in frames for op in frame["ops"] if "request" in op["entity"]}
    assert len(rows) == 30
