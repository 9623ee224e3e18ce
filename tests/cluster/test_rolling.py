"""Workers are renewed one by one under load: nobody misses anything, and nobody notices."""

import asyncio
import signal
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from playwright.async_api import Browser, expect
from playwright.async_api import Page as BrowserPage

from dispatch.people import Actor
from tests.cluster.conftest import Cluster, Worker, children_of
from tests.cluster.follower import Follower

CHANGES_A_SECOND = 20
OF_EACH = 8  # pages of a scheduler, who may have ten
WATCH = """
    window.seen = { states: [], removed: [], cursors: [], counts: new Set() };
    document.addEventListener("dispatch:state", ({ detail }) => seen.states.push(detail.state));
    const main = document.querySelector("main");
    const rows = () => main.querySelectorAll("[data-place] > [data-entity^='request:']").length;
    new MutationObserver((changes) => {
        for (const { removedNodes } of changes) {
            for (const node of removedNodes) if (node.dataset?.entity?.startsWith("request:")) seen.removed.push(node.dataset.entity);
        }
        seen.counts.add(rows());
        const [{ seq }] = JSON.parse(main.dataset.live);
        if (seen.cursors.at(-1) !== seq) seen.cursors.push(seq);
    }).observe(main, { attributes: true, childList: true, subtree: true });
"""


class Load:
    """A provider who turns availability on and off, twenty times a second, and tries a failed one once more."""

    def __init__(self, cluster: Cluster, worker: Worker, actor: Actor) -> None:
        self._cluster, self._worker, self._actor = cluster, worker, actor
        self.done = 0
        self.tried_again = 0
        self.failed: list[str] = []

    async def go_on(self) -> None:
        cookies = {"dispatch_login": await self._cluster.signed_in(self._actor)}
        headers = {"sec-fetch-site": "same-origin", "accept": "application/json"}
        async with httpx2.AsyncClient(
            base_url=self._worker.origin, cookies=cookies, headers=headers, trust_env=False
        ) as client:
            began = time.monotonic()
            for number in range(100_000):
                await asyncio.sleep(began + number / CHANGES_A_SECOND - time.monotonic())
                state = {"state": "off"} if number % 2 else {"state": "on", "until": "open"}
                await self._once(client, {**state, "key": str(uuid.uuid4())})

    async def _once(self, client: httpx2.AsyncClient, form: dict[str, str]) -> None:
        for _ in range(2):
            try:
                answer = await client.post("/availability", data=form, timeout=10)
            except httpx2.TransportError as error:
                why = repr(error)
            else:
                if answer.status_code < 400:
                    self.done += 1
                    return
                why = str(answer.status_code)
            self.tried_again += 1
        self.failed.append(why)


@asynccontextmanager
async def under_load(cluster: Cluster, worker: Worker) -> AsyncIterator[Load]:
    """Change something twenty times a second while the block lasts."""
    load = Load(cluster, worker, cluster.town.ada)
    async with asyncio.TaskGroup() as tasks:
        going = tasks.create_task(load.go_on())
        async with asyncio.timeout(60):
            while load.done < CHANGES_A_SECOND:  # noqa: ASYNC110 - it is well under way
                await asyncio.sleep(0.05)
        yield load
        going.cancel()


@asynccontextmanager
async def followed(cluster: Cluster, worker: Worker) -> AsyncIterator[list[Follower]]:
    """Open boards that live as pages do; in the end each has to hold what a new one shows."""
    sue = await cluster.town.newcomer("Sue Park", schedules=frozenset({cluster.town.clinic.id}))
    followers = [
        Follower(
            worker.origin,
            await cluster.signed_in(actor),
            cluster.town.stream,
            f"page-{actor.person_id}-{n}",
        )
        for actor in (cluster.town.sam, sue)
        for n in range(OF_EACH)
    ]
    async with asyncio.TaskGroup() as tasks:
        living = [tasks.create_task(follower.live()) for follower in followers]
        async with asyncio.timeout(60):
            await asyncio.gather(*(follower.has_told.wait() for follower in followers))
        yield followers
        head = await cluster.town.cursor()
        async with asyncio.timeout(6):
            while any(follower.page.cursor != head for follower in followers):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        for task in living:
            task.cancel()


async def renewed(worker: Worker) -> None:
    """Have the parent renew its workers; return when it says that they are new."""
    worker.process.send_signal(signal.SIGHUP)
    assert worker.process.stdout is not None
    async with asyncio.timeout(60):
        said = await asyncio.to_thread(worker.process.stdout.readline)
    assert said == "The console runs on 2 new workers.\n"


async def has_read(page: BrowserPage, seq: int) -> None:
    """Let the page go on until its cursor is there."""
    async with asyncio.timeout(60):
        while await page.evaluate("seen.cursors.at(-1)") < seq:
            await page.evaluate("new Promise(requestAnimationFrame)")


async def test_workers_renewed_one_by_one_under_load_lose_nothing(cluster: Cluster) -> None:
    # F21 I1 I2
    front = cluster.start("--workers", "2")
    before = children_of(front.process.pid)
    async with followed(cluster, front) as followers:
        async with under_load(cluster, front) as load:
            await renewed(front)
            made = load.done
            async with asyncio.timeout(60):
                while load.done < made + CHANGES_A_SECOND:  # noqa: ASYNC110 - on the new ones too
                    await asyncio.sleep(0.05)
        after = children_of(front.process.pid)
    assert len(after) == 2
    assert not {*before} & {*after}
    assert load.failed == []  # after one retry
    fresh = Follower(
        front.origin, await cluster.signed_in(cluster.town.sam), cluster.town.stream, "a-fresh-page"
    )
    line = await fresh._greet()
    await line.close()
    for follower in followers:
        assert follower.page.entities == fresh.page.entities
        assert follower.page.asks == 0, "a gap"
        assert follower.snapshots == 1
        assert follower.ranges[0][0] is None
        told = [seq for _, seq in follower.ranges]
        assert [after for after, _ in follower.ranges[1:]] == told[:-1]
        assert follower.moves >= 1  # new socket first, then the old one
        assert follower.codes == []


async def test_a_board_shows_nothing_of_a_rolling_restart(
    cluster: Cluster, browser: Browser
) -> None:
    # F21, in the real browser
    town = cluster.town
    await town.ask(town.mia)
    await town.ask(town.omar)
    front = cluster.start("--workers", "2")
    context = await browser.new_context(base_url=front.origin)
    token = await cluster.signed_in(town.sam)
    await context.add_cookies([{"name": "dispatch_login", "value": token, "url": front.origin}])
    page = await context.new_page()
    sockets: list[Any] = []
    page.on("websocket", lambda socket: sockets.append(socket))
    await page.goto("/scheduling/requests")
    await expect(page.locator("live-status[data-state=live]").first).to_be_attached()
    await page.evaluate(WATCH)
    async with under_load(cluster, front):
        await renewed(front)
        begun = await page.evaluate("seen.cursors.at(-1)")
        await has_read(page, begun + CHANGES_A_SECOND)
    head = await town.cursor()
    await has_read(page, head)
    seen = await page.evaluate("({ ...seen, counts: [...seen.counts] })")
    shown = await page.locator("[data-place] > [data-entity^='request:']").count()
    words = await page.locator("live-status").first.text_content()
    await context.close()
    assert len(sockets) >= 2
    assert (seen["states"], words) == ([], "Live")
    assert seen["removed"] == []
    assert len(seen["counts"]) == 1
    assert seen["cursors"] == sorted(seen["cursors"])
    assert shown == 2
