"""More workers are no more guesses, and a flood of them is in nobody's way."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import create_async_engine
from starlette.testclient import TestClient

from dispatch.errors import TooManyTriesError
from dispatch.people import system_actor
from dispatch.retention import Kept
from dispatch.tries import Limit
from dispatch.usecases.intake import submit_request
from dispatch.usecases.tries import CountTry, ForgiveTry, count_try, forgive_try
from dispatch.vocabulary import AccountId
from server.app import create_app
from server.settings import Settings
from server.storage.postgres_store import PostgresStore
from server.storage.tables import tries
from server.web.password import Passwords
from server.web.tries import count
from tests.builders import FrozenClock, hours
from tests.servers.postgres import Postgres, running_postgres
from tests.storage.town import settle
from tests.web.house import CHEAP, FROM_US

pytestmark = pytest.mark.postgres
SAM = {"as sam@example.org": Limit(5, 20), "from 198.51.100.7": Limit(20, 60)}
DOOR = system_actor(AccountId(0))
_NUMBERS = itertools.count()
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running_postgres() as running:
        yield running


@pytest.fixture
def settings(server: Postgres) -> Settings:
    return Settings(database_url=server.ready(f"guessing_{next(_NUMBERS)}"), trusted_proxies=1)


@pytest_asyncio.fixture
async def stores(settings: Settings) -> AsyncIterator[list[PostgresStore]]:
    """Two workers, as far as the database knows."""
    opened = [PostgresStore(settings, FrozenClock()) for _ in range(2)]
    yield opened
    for one in opened:
        await one.close()


def at_the_door(store: PostgresStore) -> Any:
    """Return a request to a worker with this store, as far as tries look at it."""
    app = SimpleNamespace(state=SimpleNamespace(turn=asyncio.Lock()))
    return SimpleNamespace(state={"store": store, "clock": store.clock}, app=app)


@contextmanager
def worker(settings: Settings, clock: FrozenClock) -> Iterator[TestClient]:
    app = create_app(settings, clock=clock, passwords=Passwords(CHEAP))
    with TestClient(app, base_url="http://testserver") as client:
        yield client


def guess(browser: TestClient, via: str) -> int:
    fields = {"email": "sam@example.org", "password": "wrong", "next": "/"}
    headers = FROM_US | {"x-forwarded-for": via}
    return browser.post("/sign-in", data=fields, headers=headers).status_code


def test_two_workers_let_an_account_be_guessed_no_oftener_than_one(settings: Settings) -> None:
    clock = FrozenClock()
    with ExitStack() as stack:
        workers = [stack.enter_context(worker(settings, clock)) for _ in range(2)]
        seen = [guess(workers[n % 2], f"198.51.100.{n}") for n in range(8)]
        assert seen == [422] * 5 + [429] * 3
    with worker(settings, clock) as anew:
        assert guess(anew, "203.0.113.9") == 429, "a restart forgets nothing"


async def test_forty_guesses_at_once_through_two_workers_are_five(
    stores: list[PostgresStore],
) -> None:
    made = (store.perform(count_try, CountTry(SAM), DOOR) for store in stores * 20)
    answers = await asyncio.gather(*made, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert len(refused) == 35
    assert all(isinstance(each, TooManyTriesError) and each.seconds == 60 for each in refused)


async def test_guesses_that_wait_for_each_other_keep_nobody_from_deciding(
    stores: list[PostgresStore], settings: Settings
) -> None:
    store = stores[0]
    town = await settle(store, await store.create_account("First"))
    await store.perform(count_try, CountTry(SAM), DOOR)
    door, other = at_the_door(store), create_async_engine(settings.database_url)
    async with other.connect() as slow:
        await slow.execute(select(tries).with_for_update())
        guesses = [asyncio.ensure_future(count(door, SAM)) for _ in range(12)]
        async with other.connect() as watching:
            while not (await watching.execute(_WAITING)).scalar_one():
                await watching.rollback()  # what it sees of the others is its transaction's
            done = await store.perform(submit_request, town.asking(), town.mia)
            await watching.rollback()
            assert (await watching.execute(_WAITING)).scalar_one() == 1, "of twelve, one at a time"
    await other.dispose()
    assert done.number
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(answer is None for answer in answers) == 4


async def test_who_is_shut_out_comes_to_no_write(
    stores: list[PostgresStore], settings: Settings
) -> None:
    store = stores[0]
    for _ in range(5):
        await count(at_the_door(store), SAM)
    other = create_async_engine(settings.database_url)
    async with other.connect() as slow:
        await slow.execute(select(tries).with_for_update())  # whoever writes would wait for this
        for via in ("198.51.100.7", "203.0.113.9"):
            limits = {"as sam@example.org": SAM["as sam@example.org"], f"from {via}": Limit(20, 60)}
            with pytest.raises(TooManyTriesError):
                await count(at_the_door(store), limits)
    await other.dispose()


async def test_the_sweep_takes_a_row_from_nobody_who_is_counting(
    stores: list[PostgresStore],
) -> None:
    first, second = stores
    is_over = False

    async def sweep() -> int:
        gone = 0
        while not is_over:
            gone += await second.purge(Kept.TRY, second.clock.now() + hours(1), 500)
        return gone

    sweeping = asyncio.ensure_future(sweep())
    for _ in range(60):
        await first.perform(count_try, CountTry(SAM), DOOR)
        await first.perform(forgive_try, ForgiveTry(SAM), DOOR)
    is_over = True
    assert await sweeping > 0
