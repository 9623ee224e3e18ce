"""A worker dies with all its pages: they come back to the next one, and it reads no board for them."""

import asyncio
import signal
import time

from tests.cluster.conftest import Cluster, free_port
from tests.cluster.follower import Follower
from tests.health.scrape import scrape

PEOPLE, OF_EACH = 10, 10  # who may have ten pages open
WITHIN_SECONDS = 5.0  # of the next worker's start, which is promised for a thousand


async def test_pages_that_come_back_at_once_go_on_from_where_they_were(cluster: Cluster) -> None:
    # F20 I1 I2
    port, town = free_port(), cluster.town
    first = cluster.start("--port", str(port))
    clinic = frozenset({town.clinic.id})
    people = [await town.newcomer(f"Person {n}", schedules=clinic) for n in range(PEOPLE)]
    tokens = [await cluster.signed_in(actor) for actor in people]
    origin = f"http://127.0.0.1:{port}"
    pages = [
        Follower(origin, token, town.stream, f"page-{person}-{number}")
        for person, token in enumerate(tokens)
        for number in range(OF_EACH)
    ]
    async with asyncio.TaskGroup() as tasks:
        living = [tasks.create_task(page.live()) for page in pages]
        async with asyncio.timeout(60):
            await asyncio.gather(*(page.has_told.wait() for page in pages))
        await asyncio.to_thread(first.stop, signal.SIGKILL)
        await town.ask(town.mia)  # while nobody is told
        head = await town.cursor()
        figures = free_port()
        await asyncio.to_thread(cluster.start, "--port", str(port), metrics_port=figures)
        began = time.monotonic()
        async with asyncio.timeout(60):
            while any(page.page.cursor != head for page in pages):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        took = time.monotonic() - began
        for task in living:
            task.cancel()
    assert took < WITHIN_SECONDS
    seen = await asyncio.to_thread(scrape, figures)
    assert seen("resumes_total") >= len(pages)
    assert all(seen("snapshots_total", why=why) == 0 for why in ("new", "history", "behind"))
    assert all(page.snapshots == 1 for page in pages), "the one that it was opened with"
    for page in pages:
        joined = zip(page.ranges, page.ranges[1:], strict=False)
        assert all(after == before for (_, before), (after, _) in joined)
