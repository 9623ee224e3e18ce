"""A thousand pages whose worker is killed: how soon all are back and current."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

from bench.child import Child, child
from bench.counted import SAID
from bench.figures import Figure
from bench.peers.grounds import Grounds, grounds
from bench.peers.workers import console_worker
from bench.scale import Scale

_PENDING = 50  # rows on the board
_PAGES = 10  # of one scheduler


async def of_comeback(scale: Scale) -> AsyncIterator[Figure]:
    """Measure from the kill, and from the start of the worker that takes its place."""
    with grounds() as place:
        database = place.database("comeback")
        how = ("bench.peers.publisher", "console", place.redis, database)
        async with child(*how) as (ours, _), child("bench.peers.pages") as (pages, _):
            desks = scale.returning // _PAGES + 1
            town = await ours.ask("found", schedulers=desks, pending=_PENDING)
            for way, has_cursor in (("by cursor", True), ("with nothing", False)):
                back = [
                    await _once(scale, place, database, ours, pages, town, has_cursor)
                    for _ in range(scale.returns)
                ]
                name = f"{scale.returning} pages back and current {way}"
                yield Figure(f"{name}, since the start", "s", [each[1] for each in back], 5)
                yield Figure("    since the kill", "s", [each[0] for each in back])
                yield Figure("    snapshot queries", "", [each[2] for each in back], 5)


async def _once(
    scale: Scale,
    place: Grounds,
    database: str,
    ours: Child,
    pages: Child,
    town: dict[str, Any],
    has_cursor: bool,
) -> tuple[float, float, float]:
    settings = {"DISPATCH_DATABASE_URL": database, "DISPATCH_BUS_URL": place.redis}
    cursor = await ours.ask("cursor")
    stream = town["stream"]
    async with console_worker(settings) as (worker, port):
        await pages.ask(
            "come", to=scale.returning, ports=[port], kind="console", stream=stream, **cursor
        )
        await ours.ask("tell", ticks=5, changes=1, gap_seconds=0.05)
        await pages.ask("have", changes=5)
        worker.kill()
        killed_at = time.monotonic()
        await worker.wait()
    missed = await ours.ask("tell", ticks=3, changes=1, gap_seconds=0.0)
    head = max(map(int, missed["stamps"]))
    started_at = time.monotonic()
    returning = asyncio.create_task(
        pages.ask("return", head=head, stream=stream, has_cursor=has_cursor)
    )
    async with console_worker(settings, port, "bench.counted") as (worker, _):
        back = await returning
        at = time.monotonic()
        await pages.ask("leave")
    assert worker.stdout is not None
    queries = (await worker.stdout.read()).count(SAID)
    if not has_cursor and back["snapshots"] != scale.returning:
        raise RuntimeError(f"{back['snapshots']} pages were given the whole board")
    return at - killed_at, at - started_at, float(queries)
