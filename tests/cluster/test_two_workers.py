"""A change made through one worker reaches boards on another, whatever becomes of Redis or a worker."""

import asyncio
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

from server.settings import PREFIX
from tests.cluster.conftest import Cluster, Page, Worker, children_of


def shows(count: int) -> Callable[[Page], bool]:
    return lambda page: sum(name.startswith("request:") for name in page.entities) == count


async def test_a_request_made_through_one_worker_is_on_the_others_board_within_a_second(
    cluster: Cluster,
) -> None:
    # S86
    first, second = cluster.start(), cluster.start()
    page = await cluster.board(second, cluster.town.sam)
    assert await cluster.ask(first, cluster.town.mia) in {200, 201}
    await page.until(shows(1), 1)
    other = await cluster.board(first, cluster.town.sam, "another-tab")
    assert set(other.entities) == set(page.entities)
    await page.socket.close()
    await other.socket.close()


async def test_without_redis_nothing_is_missed_and_the_boards_say_so(cluster: Cluster) -> None:
    # S89 F1
    first, second = cluster.start(), cluster.start()
    page = await cluster.board(second, cluster.town.sam)
    cluster.redis.kill()
    for number, person in enumerate((cluster.town.mia, cluster.town.omar), start=1):
        assert await cluster.ask(first, person) in {200, 201}
        await page.until(shows(number), 2)
    await page.until(lambda seen: "slower" in seen.modes, 30)
    cluster.redis.restart()
    page.modes.clear()
    await page.until(lambda seen: "live" in seen.modes, 30)
    await page.socket.close()


async def test_a_worker_that_is_killed_loses_no_request_and_another_takes_its_place(
    cluster: Cluster,
) -> None:
    # F8: what it acknowledged is in the database, and the next look finds it
    front = cluster.start("--workers", "2")
    assert await cluster.ask(front, cluster.town.mia) in {200, 201}
    before = children_of(front.process.pid)
    assert len(before) == 2
    os.kill(before[0], signal.SIGKILL)
    async with asyncio.timeout(20):
        while len({*children_of(front.process.pid)} - {before[0]}) < 2:
            await asyncio.to_thread(ask_for_a_page, front)
    page = await cluster.board(front, cluster.town.sam)
    await page.until(shows(1), 2)
    await page.socket.close()
    assert front.stop() == 0
    assert children_of(front.process.pid) == []


def test_sqlite_with_several_workers_is_refused_in_one_sentence(tmp_path: Path) -> None:
    environment = {**os.environ, f"{PREFIX}DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    command = [sys.executable, "-m", "server", "serve", "--workers", "2", "--port", "0"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    assert done.stderr.startswith("SQLite serves one worker.")
    assert len(done.stderr.splitlines()) == 1


def ask_for_a_page(worker: Worker) -> None:
    """Let time pass as it passes for a browser."""
    with urllib.request.urlopen(f"{worker.origin}/sign-in", timeout=30) as answer:
        answer.read()
