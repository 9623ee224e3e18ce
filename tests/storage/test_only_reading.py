"""The connections of PostgreSQL that only read: not asked whether they live, and never needed to."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import delete, text

from dispatch.errors import StoreAwayError
from dispatch.events import CONTROL
from dispatch.stream import Projection
from server.clock import SystemClock
from server.live.frames import Frames
from server.live.look import look
from server.rendering import Rendering
from server.settings import Settings
from server.storage.postgres_store import PostgresStore
from server.storage.tables import event
from tests.servers.postgres import Postgres
from tests.statements import counted
from tests.storage.town import Town, settle

pytestmark = pytest.mark.postgres
_END_ALL = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE application_name = 'dispatch' AND pid <> pg_backend_pid()"
)


@pytest.fixture(scope="module")
def url(server: Postgres) -> str:
    return server.url("only_reading")


@pytest_asyncio.fixture
async def store(url: str) -> AsyncIterator[PostgresStore]:
    opened = PostgresStore(Settings(database_url=url), SystemClock())
    await opened.open()
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def town(store: PostgresStore) -> Town:
    return await settle(store, await store.create_account("First"))


async def test_a_read_whose_connections_died_while_nobody_used_them_is_run_again(
    store: PostgresStore, town: Town
) -> None:
    # F11: the database was restarted; no page has to be told
    before = await asyncio.gather(*(town.cursor() for _ in range(3)))
    async with store._engine.connect() as connection:
        await connection.execute(_END_ALL)
    assert await asyncio.gather(*(town.cursor() for _ in range(3))) == before


async def test_what_only_reads_cannot_write(store: PostgresStore, town: Town) -> None:
    before = await store.read(lambda reading: reading.cursor(town.stream))
    with pytest.raises(StoreAwayError):
        await store._ask(lambda connection: connection.execute(delete(event)))
    assert await store.read(lambda reading: reading.cursor(town.stream)) == before
    assert before.tag


async def test_a_look_at_what_the_bell_named_is_two_statements(
    store: PostgresStore, town: Town
) -> None:
    # Every statement of a read is a message there and back, on each worker, for every change.
    key = (town.stream, Projection.BOARD)
    heads = await store.read(lambda reading: reading.cursors([CONTROL, town.stream]))
    await town.ask()
    now, frames = store.clock.now(), Frames(Rendering())
    with counted() as statements:
        found = await store.read(
            lambda reading: look(
                reading,
                frames,
                {key: heads[town.stream]},
                heads[CONTROL],
                (),
                now,
                have_moved=True,
            )
        )
    assert [at for _, at, _ in found.changes] == [await store.read(lambda r: r.cursor(town.stream))]
    assert len(statements) == 2
