"""Databases that were filled by an earlier release go up, and down, with all that is in them."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, select
from sqlalchemy.ext.asyncio import create_async_engine

from dispatch.recurrence import once
from dispatch.usecases.slot_rules import AddRules, add_rules
from server.settings import Settings
from server.storage.migrate import MIGRATIONS
from server.storage.postgres_store import PostgresStore
from server.storage.sqlite_store import SqliteStore
from server.storage.tables import metadata
from tests.builders import FrozenClock
from tests.servers.postgres import Postgres
from tests.storage.town import settle

_NUMBERS = itertools.count()
Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/x.db"
    server: Postgres = request.getfixturevalue("server")
    return server.url(f"release_{next(_NUMBERS)}")


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[SqliteStore | PostgresStore]:
    """Open it as a release does that was just installed."""
    if url.startswith("sqlite"):
        embedded = SqliteStore(Settings(database_url=url), FrozenClock())
        yield embedded
        await asyncio.to_thread(embedded.close)
        return
    shared = PostgresStore(Settings(database_url=url), FrozenClock())
    await shared.open()
    yield shared
    await shared.close()


async def within(url: str, work: Callable[[Connection], Any]) -> Any:
    if url.startswith("sqlite"):
        own = create_engine(url)
        with own.begin() as connection:
            done = work(connection)
        own.dispose()
        return done
    shared = create_async_engine(url)
    async with shared.begin() as each:
        done = await each.run_sync(work)
    await shared.dispose()
    return done


def to(revision: str) -> Callable[[Connection], None]:
    def go(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        known = MigrationContext.configure(connection).get_current_revision()
        (command.downgrade if known and known > revision else command.upgrade)(config, revision)

    return go


def rows(connection: Connection) -> Rows:
    return {
        table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
        for table in metadata.sorted_tables
        # What waits goes down no further (test_migrations.py); a secret is made anew.
        if table.name not in ("outbox", "secret")
    }


def indexes(connection: Connection) -> dict[str, list[Any]]:
    seen = inspect(connection)
    return {
        name: sorted((found["name"], found["column_names"]) for found in seen.get_indexes(name))
        for name in seen.get_table_names()
    }


def differences(connection: Connection) -> Any:
    return compare_metadata(MigrationContext.configure(connection), metadata)


@pytest.mark.parametrize("release", ["0001", "0002"])
async def test_a_filled_database_goes_down_to_an_earlier_release_and_up_again(
    url: str, release: str
) -> None:
    # S12
    async with opened(url) as store:
        town = await settle(store, await store.create_account("One"))
        await town.ask()
        # The clocks of Ada's zone show 1:30 twice that day, and this is the second.
        half_past = datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
        hours = once(half_past, half_past + timedelta(hours=2), "America/New_York")
        await store.perform(add_rules, AddRules(town.ada.person_id, (hours,)), town.root)
    filled: Rows = await within(url, rows)
    latest = await within(url, indexes)
    assert filled["request"]
    assert filled["calendar_rule"]
    assert filled["event"]
    await within(url, to(release))
    assert await within(url, indexes) != latest
    async with opened(url) as store:
        assert await store.is_current()
    assert await within(url, rows) == filled
    assert await within(url, indexes) == latest
    assert await within(url, differences) == []


@pytest.mark.parametrize("release", ["0001", "0002"])
async def test_going_down_leaves_what_that_release_made(url: str, release: str) -> None:
    await within(url, to(release))
    made = await within(url, indexes)
    await within(url, to("head"))
    assert await within(url, indexes) != made
    await within(url, to(release))
    assert await within(url, indexes) == made
