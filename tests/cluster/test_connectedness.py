"""A provider's dashboard on one worker shows on the other's boards, until it or its worker is gone."""

import signal
import time
from contextlib import AsyncExitStack

import pytest

from dispatch.events import host_stream
from dispatch.usecases.availability import SetAvailability, set_availability
from tests.cluster.conftest import Cluster
from tests.cluster.watching import Watch, watching

pytestmark = [pytest.mark.postgres, pytest.mark.redis]
GRACE_SECONDS, LEASE_SECONDS = 15.0, 30.0
AWAY = "not connected"


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
        await page.socket.close()
        closed_at = time.monotonic()
        await board.until(is_away, seconds=GRACE_SECONDS + 15)
        assert time.monotonic() - closed_at > GRACE_SECONDS - 2
        await stack.enter_async_context(watching(first, ada, own, "tab-of-ada-2", "host"))
        await board.until(lambda seen: not is_away(seen))
        first.stop(signal.SIGKILL)
        await board.until(is_away, seconds=LEASE_SECONDS + 15)
