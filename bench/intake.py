"""Requests submitted through HTTP, from the form to the commit, on each database."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from bench.figures import Figure
from bench.meter import Stretch
from bench.peers.figures import percentile
from bench.peers.grounds import grounds
from bench.peers.workers import console_worker
from bench.scale import Scale
from bench.submitting import Asker, found_askers, submit_all
from server.clock import SystemClock
from server.settings import Settings
from server.wiring import opened

_AT_ONCE = (1, 8)


async def of_intake(scale: Scale) -> AsyncIterator[Figure]:
    """Measure one worker on SQLite, then one on PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="bench-intake-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        async for figure in _on("SQLite", {"DISPATCH_DATABASE_URL": url}, url, scale):
            yield figure
    with grounds() as place:
        url = place.database("intake")
        settings = {"DISPATCH_DATABASE_URL": url, "DISPATCH_BUS_URL": place.redis}
        async for figure in _on("PostgreSQL", settings, url, scale):
            yield figure


async def _on(name: str, settings: dict[str, str], url: str, scale: Scale) -> AsyncIterator[Figure]:
    async with opened(Settings(database_url=url), SystemClock()) as store:
        askers = await found_askers(store, scale.submitted * scale.windows * len(_AT_ONCE) + 8)
    async with console_worker(settings) as (worker, port):
        left = [*askers]
        await submit_all(port, _taken(left, 8), 1)  # warm
        for at_once in _AT_ONCE:
            rates, waits, cpu = [], [], []
            for _ in range(scale.windows):
                with Stretch([[worker.pid]]) as window:
                    waits += await submit_all(port, _taken(left, scale.submitted), at_once)
                rates.append(scale.submitted / window.seconds)
                cpu.append(window.cpu[0] / scale.submitted * 1e3)
            waits.sort()
            yield Figure(f"requests submitted each second, {name}, {at_once} at a time", "", rates)
            yield Figure("    CPU of the worker for each", "ms", cpu)
            yield Figure("    form sent to answer, p50", "ms", [percentile(waits, 50)])
            yield Figure("    form sent to answer, p99", "ms", [percentile(waits, 99)])


def _taken(askers: list[Asker], count: int) -> Sequence[Asker]:
    taken = askers[:count]
    del askers[:count]
    return taken
