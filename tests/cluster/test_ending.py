"""A worker that is asked to end refuses newcomers, finishes what it began, and is gone in time."""

import asyncio
import json
import signal
import time
import urllib.error
import urllib.request

import pytest
from sqlalchemy import text
from websockets.exceptions import ConnectionClosed

from tests.cluster.conftest import Cluster, Worker
from tests.cluster.follower import Follower

MOST_SECONDS = 25


def checks(worker: Worker) -> dict[str, str]:
    """Return what /readyz says of each check."""
    try:
        with urllib.request.urlopen(f"{worker.origin}/readyz", timeout=30) as answer:
            said = json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            said = json.loads(refused.read())
    return dict(said["checks"])


async def until_it_drains(worker: Worker) -> None:
    async with asyncio.timeout(30):
        while (await asyncio.to_thread(checks, worker))["draining"] == "ok":
            pass


async def code_of_a_new_page(cluster: Cluster, worker: Worker) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        await cluster.board(worker, cluster.town.sam, "a-late-page")
    assert closed.value.rcvd
    return closed.value.rcvd.code


async def test_a_worker_that_ends_takes_nobody_in_and_commits_what_it_began(
    cluster: Cluster,
) -> None:
    # I4 I7
    worker = cluster.start()
    silent = await cluster.board(worker, cluster.town.sam, "a-page-that-never-moves")
    _, trickling = await asyncio.open_connection("127.0.0.1", worker.port)
    head = f"POST /requests/new HTTP/1.1\r\nHost: 127.0.0.1:{worker.port}\r\nContent-Length: 900\r\n\r\n"
    trickling.write(head.encode() + b"clinic=")
    async with cluster.store._engine.begin() as holder:
        of = {"stream": cluster.town.stream}
        await holder.execute(
            text("SELECT 1 FROM stream_head WHERE stream = :stream FOR UPDATE"), of
        )
        asking = asyncio.create_task(cluster.ask(worker, cluster.town.mia))
        async with asyncio.timeout(30):
            while not (
                await holder.execute(text("SELECT 1 FROM pg_locks WHERE NOT granted"))
            ).all():
                pass  # until the transaction waits for ours
        began = time.monotonic()
        worker.process.send_signal(signal.SIGTERM)
        await until_it_drains(worker)
        assert not asking.done()
    assert await asking in {200, 201}
    assert await code_of_a_new_page(cluster, worker) == 1013
    await asyncio.to_thread(worker.process.wait, MOST_SECONDS)
    assert time.monotonic() - began < MOST_SECONDS
    await silent.until(lambda page: page.is_asked_to_move, 30)
    with pytest.raises(ConnectionClosed):
        await silent.until(lambda _: False, 30)
    assert silent.socket.close_code == 1012
    trickling.close()


async def test_a_page_moves_to_another_worker_and_keeps_its_claim(cluster: Cluster) -> None:
    town = cluster.town
    asked = await town.ask(town.mia)
    front = cluster.start("--workers", "2")
    follower = Follower(
        front.origin, await cluster.signed_in(town.sam), town.stream, "page-with-a-claim"
    )
    async with asyncio.TaskGroup() as tasks:
        living = tasks.create_task(follower.live())
        async with asyncio.timeout(30):
            await follower.has_told.wait()
        path = f"/requests/{asked.number}/claim"
        assert await cluster.post(front, town.sam, path, tab="page-with-a-claim") < 400
        before = await lease(cluster)
        front.process.send_signal(signal.SIGHUP)
        async with asyncio.timeout(30):
            while not follower.moves or await lease(cluster) <= before:  # noqa: ASYNC110
                await asyncio.sleep(0.05)  # renewed where the page now is
        living.cancel()
    assert follower.codes == []


async def lease(cluster: Cluster) -> float:
    """Return until when the one claim runs (s); it must be there."""
    async with cluster.store._engine.connect() as connection:
        found = await connection.execute(text("SELECT lease_until FROM claim"))
        return float(found.scalar_one().timestamp())
