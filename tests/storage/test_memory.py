"""The store in memory keeps the contract, so that what is proved on it is proved for every store."""

from collections import Counter

import pytest

from dispatch.vocabulary import AccountId
from tests.builders import ACCOUNT, OTHER_ACCOUNT, FrozenClock
from tests.fakes import FakeStore
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
from tests.storage.contract_rows import *  # noqa: F403
from tests.storage.contract_scope import *  # noqa: F403
from tests.storage.contract_tries import *  # noqa: F403
from tests.storage.contract_visits import *  # noqa: F403


class MemoryLedger:
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def notices(self) -> Counter[tuple[int, str, str]]:
        rows = self._store.rows.outbox.values()
        return Counter((n.recipient_id or 0, str(n.kind), str(n.about)) for n in rows)

    async def audit(self) -> int:
        return len(self._store.rows.audit)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def store(clock: FrozenClock) -> FakeStore:
    return FakeStore(clock)


@pytest.fixture
def ledger(store: FakeStore) -> MemoryLedger:
    return MemoryLedger(store)


@pytest.fixture
def accounts() -> tuple[AccountId, AccountId]:
    return ACCOUNT, OTHER_ACCOUNT
