"""Two workers behind one port: each is asked by itself, and together they say what happened."""

import asyncio
import json
import os
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from tests.cluster.conftest import Cluster, Page, Worker, children_of, free_port
from tests.health.scrape import Scrape, scrape

CHECKS = ("database", "schema", "tailer", "draining")


class Two:
    """Two workers, and where each tells how it is."""

    def __init__(self, cluster: Cluster) -> None:
        self.first = two_free_ports()
        self.front = cluster.start("--workers", "2", metrics_port=self.first)

    @property
    def ports(self) -> tuple[int, int]:
        return self.first, self.first + 1

    def scrapes(self) -> tuple[Scrape, Scrape]:
        return scrape(self.first), scrape(self.first + 1)

    def sum(self, name: str, **labels: object) -> float:
        return sum(seen(name, **labels) for seen in self.scrapes())

    def born(self) -> list[float]:
        started = [each.families["process_start_time_seconds"] for each in self.scrapes()]
        return [family.samples[0].value for family in started]

    async def until(self, holds: Callable[[], Any], seconds: float = 60) -> None:
        async with asyncio.timeout(seconds):
            while not await asyncio.to_thread(holds):
                pass

    async def until_ready(self) -> None:
        await self.until(lambda: all(ready(port)["ready"] for port in self.ports))


def two_free_ports() -> int:
    """Return a free port whose next one is free too."""
    while True:
        first = free_port()
        try:
            with socket.create_server(("127.0.0.1", first + 1)):
                return first
        except OSError:
            continue


def ready(port: int) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            found = json.load(refused)
    return found


def status_of(worker: Worker, path: str) -> int:
    try:
        with urllib.request.urlopen(worker.origin + path, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return int(refused.code)


def shows_two_requests(page: Page) -> bool:
    return sum(name.startswith("request:") for name in page.entities) == 2


async def test_each_worker_tells_of_itself_and_the_sum_is_what_happened(cluster: Cluster) -> None:
    two, town = Two(cluster), cluster.town
    await two.until_ready()
    assert [status_of(two.front, path) for path in ("/healthz", "/readyz")] == [200, 200]
    assert status_of(two.front, "/metrics") == 404
    pages = [await cluster.board(two.front, town.sam, f"tab-{n}-of-a-test") for n in range(4)]
    assert two.sum("sockets") == 4
    assert two.sum("snapshots_total", why="new") == 4
    before = two.sum("found_by_poll_total")
    asked = await town.ask()  # by a process that rings no bell
    for page in pages:
        await page.until(lambda seen: f"request:{asked.id}" in seen.entities, 30)
    assert two.sum("found_by_poll_total") > before
    assert await cluster.ask(two.front, town.omar) in {200, 201}
    for page in pages:
        await page.until(shows_two_requests, 30)
    told = [seen("commit_to_socket_seconds_count") for seen in two.scrapes()]
    followed = [seen("sockets") > 0 for seen in two.scrapes()]
    assert [count > 0 for count in told] == followed
    at = {"clinic": town.clinic.id}
    await two.until(lambda: [each("pending_requests", **at) for each in two.scrapes()] == [2, 2])
    assert all(0 < each("oldest_pending_seconds", **at) < 60 for each in two.scrapes())
    withdrawal = f"/requests/{asked.number}/withdrawal"
    assert await cluster.post(two.front, town.mia, withdrawal, version=1) == 200
    await two.until(lambda: [each("pending_requests", **at) for each in two.scrapes()] == [1, 1])
    assert two.sum("wait_seconds_count", outcome="withdrawn") == 1  # by the worker that did it
    assert two.sum("gaps_total") == 0
    for page in pages:
        await page.socket.close()
    await two.until(lambda: two.sum("sockets") == 0)


async def test_a_dead_redis_is_counted_and_leaves_both_ready_and_a_successor_tells_where_the_dead_did(
    cluster: Cluster,
) -> None:
    # S89 F1 F8
    two = Two(cluster)
    await two.until_ready()
    before = [each("degraded_seconds_total") for each in two.scrapes()]
    cluster.redis.kill()
    await two.until(
        lambda: all(
            now("degraded_seconds_total") > then + 0.2
            for now, then in zip(two.scrapes(), before, strict=True)
        )
    )
    assert [ready(port)["checks"] for port in two.ports] == [dict.fromkeys(CHECKS, "ok")] * 2
    cluster.redis.restart()

    born = two.born()
    os.kill(children_of(two.front.process.pid)[0], signal.SIGKILL)
    await two.until(
        lambda: sum(now > then for now, then in zip(two.born(), born, strict=True)) == 1
    )
    await two.until_ready()
