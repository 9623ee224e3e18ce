"""Workers as ``serve`` starts them let go of slow peers, by the real times."""

import asyncio
import itertools
import time

import pytest

from server.peers.http import Patience
from tests.cluster.conftest import Cluster

pytestmark = [pytest.mark.postgres, pytest.mark.redis]
CONNECTIONS = 12  # of each kind: enough for both workers to get some
PROMISED_SECONDS = 15.0


async def until_cut(port: int, says: str, trickles: str) -> float:
    """Return how long a connection was borne that says this and then a letter now and then."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.monotonic()
    writer.write(says.encode())

    async def go_on() -> None:
        for letter in itertools.cycle(trickles):
            await asyncio.sleep(0.5)
            writer.write(letter.encode())

    going = asyncio.create_task(go_on()) if trickles else None
    try:
        async with asyncio.timeout(PROMISED_SECONDS + 5):
            while await reader.read(4096):
                pass
    except ConnectionError:
        pass
    finally:
        if going:
            going.cancel()
        writer.transport.abort()
    return time.monotonic() - began


async def test_every_worker_lets_go_of_who_says_nothing_or_next_to_nothing(
    cluster: Cluster,
) -> None:
    front = cluster.start("--workers", "2")
    slow = [("", ""), ("GET / HTTP/1.1\r\nHost: localhost\r\n", "X-A: b\r\n")]
    async with asyncio.TaskGroup() as tasks:
        waiting = [tasks.create_task(until_cut(front.port, *how)) for how in slow * CONNECTIONS]
        for _ in range(20):  # meanwhile it serves whoever knows what they want
            assert await cluster.ask(front, cluster.town.mia) in {200, 303, 409, 422}
    borne = [each.result() for each in waiting]
    assert all(Patience().head_seconds * 0.9 < seconds < PROMISED_SECONDS for seconds in borne)
