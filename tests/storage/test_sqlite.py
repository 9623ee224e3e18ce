"""The embedded store keeps the contract, on a file of its own for every test."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest
import pytest_asyncio
from sqlalchemy import create_engine, func, select

from dispatch.vocabulary import AccountId
from server.settings import Settings
from server.storage.sqlite_store import SqliteStore
from server.storage.tables import audit, outbox
from tests.builders import FrozenClock
from tests.servers.sqlite import ready_file
from tests.storage.contract import *  # noqa: F403
from tests.storage.contract_account import *  # noqa: F403
from tests.storage.contract_addressees import *  # noqa: F403
from tests.storage.contract_administrators import *  # noqa: F403
from tests.storage.contract_booking import *  # noqa: F403
from tests.storage.contract_calendar import *  # noqa: F403
from tests.storage.contract_due import *  # noqa: F403
from tests.storage.contract_forms import *  # noqa: F403
from tests.storage.contract_lines import *  # noqa: F403
from tests.storage.contract_links import *  # noqa: F403
from tests.storage.contract_log import *  # noqa: F403
from tests.storage.contract_many import *  # noqa: F403
from tests.storage.contract_post import *  # noqa: F403
from tests.storage.contract_replies import *  # noqa: F403
from tests.storage.contract_retention import *  # noqa: F403
from tests.storage.contract_rows import *  # noqa: F403
from tests.storage.contract_scope import *  # noqa: F403
from tests.storage.contract_strangers import *  # noqa: F403
from tests.storage.contract_tries import *  # noqa: F403
from tests.storage.contract_visits import *  # noqa: F403
from tests.storage.contract_vitals import *  # noqa: F403


class FileLedger:
    """Reads the two tables with a connection of its own: what is there was committed."""

    def __init__(self, path: Path) -> None:
        self._engine = create_engine(f"sqlite:///{path}")

    async def notices(self) -> Counter[tuple[int, str, str]]:
        with self._engine.connect() as connection:
            rows = connection.execute(select(outbox)).mappings().all()
        return Counter(
            (row["recipient_id"], row["kind"], f"{row['about_kind']}:{row['about_id']}")
            for row in rows
        )

    async def audit(self) -> int:
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(audit)).scalar_one()

    def close(self) -> None:
        self._engine.dispose()


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dispatch.db"


@pytest_asyncio.fixture
async def store(path: Path, clock: FrozenClock) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(Settings(database_url=ready_file(path)), clock)
    yield opened
    await asyncio.to_thread(opened.close)


@pytest_asyncio.fixture
async def accounts(store: SqliteStore) -> tuple[AccountId, AccountId]:
    return await store.create_account("First"), await store.create_account("Second")


@pytest.fixture
def write(path: Path) -> Callable[[str], Awaitable[None]]:
    """Write to the file behind the store's back."""

    async def written(statement: str) -> None:
        with closing(connect(path)) as connection, connection:
            connection.execute(statement)

    return written


@pytest_asyncio.fixture
async def ledger(store: SqliteStore, path: Path) -> AsyncIterator[FileLedger]:
    opened = FileLedger(path)
    yield opened
    opened.close()
