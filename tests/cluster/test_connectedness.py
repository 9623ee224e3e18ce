"""A provider's dashboard on one worker shows on the other's boards, until it or its worker is gone."""

import asyncio
import signal
import time
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import text

from dispatch.events import host_stream
from dispatch.usecases.availability import SetAvailability, set_availability
from tests.cluster.conftest import Cluster
from tests.cluster.watching import Watch, watching

pytestmark = [pytest.mark.postgres, pytest.mark.redis]
GRACE_SECONDS, LEASE_SECONDS = 15.0, 30.0
AWAY = "not connected"


async def lease(cluster: Cluster) -> float:
    """Return until when the one lease runs (s)."""
    query = text("SELECT extract(epoch FROM lease_until) FROM connected_host")
    async with cluster.store._engine.connect() as connection:
        return float((await connection.execute(query)).scalar_one())


async def hurry(cluster: Cluster) -> None:
    """Let a second be left of the lease, as if all else of it had gone by."""
    query = text("UPDATE connected_host SET lease_until = now() + interval '1 second'")
    async with cluster.store._engine.begin() as connection:
        await connection.execute(query)


async def test_connected_is_seen_across_workers_and_outlives_neither_page_nor_worker(
    cluster: Cluster,
) -> None:
    # S86 S87
    town = cluster.town
    await town.store.perform(set_availability, SetAvailability(is_on=True), town.ada)
    first, second = cluster.start(), cluster.start()
    sam, ada = await cluster.signed_in(town.sam), await cluster.signed_in(town.ada)
    name, own = f"provider:{town.ada.person_id}", [host_stream(town.ada.person_id)]

    def is_away(board: Watch) -> bool:
        return AWAY in board.entities[name]

    async with AsyncExitStack() as stack:
        board = await stack.enter_async_context(watching(second, sam, [town.stream], "tab-of-sam"))
        assert is_away(board)
        page = await stack.enter_async_context(watching(first, ada, own, "tab-of-ada-1", "host"))
        await board.until(lambda seen: not is_away(seen))
        before, closed_at = await lease(cluster), time.time()
        await page.socket.close()
        async with asyncio.timeout(15):
            while (until := await lease(cluster)) >= before:  # noqa: ASYNC110 - only the database knows
                await asyncio.sleep(0.05)
        assert until - closed_at > GRACE_SECONDS - 1
        assert not is_away(board)
        await hurry(cluster)
        await board.until(is_away)
        await stack.enter_async_context(watching(first, ada, own, "tab-of-ada-2", "host"))
        await board.until(lambda seen: not is_away(seen))
        first.stop(signal.SIGKILL)  # nobody could say goodbye, so the lease itself decides
        assert await lease(cluster) - time.time() > LEASE_SECONDS - 15  # renewed each ten
        assert not is_away(board)
        await hurry(cluster)
        await board.until(is_away)
