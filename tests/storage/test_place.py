"""Workers find each other by the database that they share, whatever address each has for it."""

import pytest

from server.bus.redis_bell import RedisBell
from server.clock import SystemClock
from server.settings import Settings
from server.storage.postgres_store import PostgresStore
from server.wiring import bell_of
from tests.servers.postgres import Postgres

pytestmark = pytest.mark.postgres


async def channel(url: str) -> str:
    settings = Settings(database_url=url, bus_url="redis://127.0.0.1:1")
    store = PostgresStore(settings, SystemClock())
    await store.open()
    bell = await bell_of(settings, store)
    await store.close()
    assert isinstance(bell, RedisBell)
    return bell._channel


async def test_two_addresses_of_one_database_ring_on_one_channel(server: Postgres) -> None:
    url = server.url("one_database")
    assert await channel(url) == await channel(f"{url}&port=5432")


async def test_two_databases_on_one_server_do_not_hear_each_other(server: Postgres) -> None:
    assert await channel(server.url("first")) != await channel(server.url("second"))
