"""One PostgreSQL for the folder, and the town that the contract plays in; the rest comes from the test module."""

from collections.abc import Iterator

import pytest
import pytest_asyncio

from dispatch.ports import Store
from dispatch.vocabulary import AccountId

pytest.register_assert_rewrite(  # they are imported by test modules, and should explain themselves
    "tests.storage.contract",
    "tests.storage.contract_log",
    "tests.storage.contract_post",
    "tests.storage.contract_retention",
    "tests.storage.contract_due",
    "tests.storage.contract_replies",
    "tests.storage.contract_rows",
    "tests.storage.contract_account",
    "tests.storage.contract_administrators",
    "tests.storage.contract_scope",
    "tests.storage.contract_vitals",
)

from tests.servers.postgres import Postgres, running_postgres  # noqa: E402
from tests.storage.town import Town, settle  # noqa: E402


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """One PostgreSQL for the whole folder; each test has a database of its own in it."""
    with running_postgres() as running:
        yield running


@pytest_asyncio.fixture
async def town(store: Store, accounts: tuple[AccountId, AccountId]) -> Town:
    return await settle(store, accounts[0])


@pytest_asyncio.fixture
async def other_town(store: Store, accounts: tuple[AccountId, AccountId]) -> Town:
    return await settle(store, accounts[1], "Foreign")
