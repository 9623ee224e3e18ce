"""On a database that many share, nobody asks in a clinic between its last look around and its end."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from dispatch.errors import InvalidError
from dispatch.usecases.intake import submit_request
from dispatch.views import Unfinished
from dispatch.vocabulary import AccountId
from server.settings import Settings
from server.storage.postgres_store import PostgresStore
from tests.builders import FrozenClock
from tests.servers.postgres import Postgres, running_postgres
from tests.storage.town import Town

_HOLD = text("SELECT id FROM clinic WHERE id = :clinic FOR UPDATE")
_ARCHIVE = text("UPDATE clinic SET archived_at = now() WHERE id = :clinic")
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running_postgres() as running:
        yield running


@pytest.fixture
def url(server: Postgres) -> Iterator[str]:
    yield server.url("archived")
    server.drop("archived")


@pytest_asyncio.fixture
async def store(url: str) -> AsyncIterator[PostgresStore]:
    opened = PostgresStore(Settings(database_url=url), FrozenClock())
    await opened.open()
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def accounts(store: PostgresStore) -> tuple[AccountId, AccountId]:
    return await store.create_account("First"), await store.create_account("Second")


async def test_who_asks_while_a_clinic_is_archived_is_refused_and_nothing_is_stored(
    store: PostgresStore, url: str, town: Town
) -> None:
    other, named = create_async_engine(url), {"clinic": town.clinic.id}
    async with other.begin() as archiving:
        await archiving.execute(_HOLD, named)
        asking = asyncio.ensure_future(store.perform(submit_request, town.asking(), town.mia))
        async with other.connect() as watching:
            while not (await watching.execute(_WAITING)).scalar_one():
                await watching.rollback()  # what it sees of the others is its transaction's
        await archiving.execute(_ARCHIVE, named)
    with pytest.raises(InvalidError) as refused:
        await asking
    assert "has closed and takes no requests any more" in refused.value.sentence
    await other.dispose()
    unfinished = await store.read(lambda reading: reading.unfinished(town.clinic.id))
    assert unfinished == Unfinished(0, 0)
