"""A demo on a SQLite file of the test's own, on a Sunday evening that stands still."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from server.demo.board import Waiting, waiting
from server.demo.cast import Cast, find_cast
from server.demo.opening import Opened, open_demo
from server.demo.shifted_clock import ShiftedClock
from server.roster import Roster
from server.settings import Settings
from server.storage.sqlite_store import SqliteStore
from tests.builders import FrozenClock

START = datetime(
    2026, 11, 22, 22, 30, tzinfo=UTC
)  # New York: Sunday, half past five in the evening


@dataclass
class Demo:
    """An open demo, and the clock that everybody in it goes by."""

    store: SqliteStore
    clock: FrozenClock
    shifted: ShiftedClock
    cast: Cast

    async def waiting(self) -> list[Waiting]:
        now = self.clock.now()
        return await self.store.read(lambda reading: waiting(reading, self.cast, now))

    async def start_again(self, roster: Roster | None = None) -> Opened:
        return await open_demo(self.store, self.shifted, roster)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(START)


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database after a first start; each test plays in a copy."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"

    async def start() -> None:
        shifted = ShiftedClock(FrozenClock(START))
        store = SqliteStore(Settings(database_url=f"sqlite:///{path}"), shifted)
        await open_demo(store, shifted)
        store.close()

    asyncio.run(start())
    return path


@pytest_asyncio.fixture
async def demo(tmp_path: Path, clock: FrozenClock, first_start: Path) -> AsyncIterator[Demo]:
    shutil.copy(first_start, tmp_path / "demo.db")
    shifted = ShiftedClock(clock)
    store = SqliteStore(Settings(database_url=f"sqlite:///{tmp_path}/demo.db"), shifted)
    cast = await store.read(find_cast)
    assert cast
    yield Demo(store, clock, shifted, cast)
    store.close()
