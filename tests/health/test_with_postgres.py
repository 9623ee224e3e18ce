"""A process whose PostgreSQL goes silent says so, keeps its figures, and recovers by itself."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from server.clock import SystemClock
from server.settings import Settings
from server.storage.postgres_store import PostgresStore
from server.wiring import running
from tests.health.scrape import Scrape
from tests.servers.postgres import Postgres, running_postgres
from tests.servers.wire import Wire
from tests.storage.town import Town, settle


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


class Console:
    """A running process, and the wire between it and its database."""

    def __init__(self, wire: Wire, town: Town, port: int) -> None:
        self.wire = wire
        self.town = town
        self._client = httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=2)

    async def get(self, path: str) -> Any:
        answer = await self._client.get(path)
        return Scrape(answer.text) if path == "/metrics" else (answer.status_code, answer.text)

    async def until(self, checks: Callable[[dict[str, str]], bool]) -> int:
        """Ask whether it is ready until the checks are so; each answer comes within two seconds."""
        async with asyncio.timeout(30):
            while True:
                status, said = await self.get("/readyz")
                if checks(json.loads(said)["checks"]):
                    return int(status)
                await asyncio.sleep(0.05)

    async def close(self) -> None:
        await self._client.aclose()


@pytest_asyncio.fixture
async def console(postgres: Postgres) -> AsyncIterator[Console]:
    url = postgres.ready("health")
    direct = PostgresStore(Settings(database_url=url), SystemClock())
    await direct.open()
    town = await settle(direct, await direct.create_account("One"))
    await direct.close()
    async with Wire(postgres.folder / ".s.PGSQL.5432") as wire:
        through = f"postgresql+asyncpg://postgres@127.0.0.1:{wire.port}/health?ssl=disable"
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        async with running(Settings(database_url=through), own_port=listener):
            opened = Console(wire, town, port)
            yield opened
            await opened.close()
    postgres.drop("health")


def all_well(checks: dict[str, str]) -> bool:
    return set(checks.values()) == {"ok"}


async def test_a_database_that_goes_silent_is_named_and_forgiven(console: Console) -> None:
    assert await console.until(all_well) == 200
    clinic = console.town.clinic.id
    assert (await console.get("/metrics"))("pending_requests", clinic=clinic) == 0
    console.wire.hold()
    assert await console.until(lambda checks: checks["database"] != "ok") == 503
    seen = await console.get("/metrics")
    assert (seen("database_up"), seen("ready"), seen("gaps_total")) == (0, 0, 0)
    assert not seen.has("pending_requests")
    assert await console.get("/healthz") == (200, "alive\n")
    console.wire.release()
    assert await console.until(all_well) == 200
    console.wire.cut()  # and connections that break are replaced
    assert await console.until(all_well) == 200
    assert (await console.get("/metrics"))("pending_requests", clinic=clinic) == 0
