"""A claim is seen on every worker, lives with its page, and outlives the worker that held the socket."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack

import httpx2
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from dispatch.people import Actor
from dispatch.request import SessionRequest
from tests.cluster.conftest import Cluster
from tests.cluster.watching import Watch, browser, watching

pytestmark = [pytest.mark.postgres, pytest.mark.redis]
TAB = "tab-of-the-claimer"
GRACE_SECONDS, LEASE_SECONDS = 5.0, 30.0


class Desk:
    """Sam with a page on the first worker, and a witness with a board on each."""

    def __init__(self, cluster: Cluster, stack: AsyncExitStack) -> None:
        self.cluster, self.stack, self.town = cluster, stack, cluster.town
        self.workers = [cluster.start(), cluster.start()]

    async def open(self) -> None:
        schedules = frozenset({self.town.clinic.id})
        self.sue = await self.town.newcomer("Sue Hale", schedules=schedules)
        self.tokens = {who: await self.cluster.signed_in(who) for who in (self.town.sam, self.sue)}
        self.boards = [await self.page(n, self.sue, f"tab-of-sue-{n}") for n in (0, 1)]
        self.request: SessionRequest = await self.town.ask()
        self.name = f"request:{self.request.id}"
        self.sams = [await self.client(n, self.town.sam) for n in (0, 1)]
        self.sues = [await self.client(n, self.sue) for n in (0, 1)]

    async def page(self, worker: int, who: Actor, tab: str) -> Watch:
        opened = watching(self.workers[worker], self.tokens[who], [self.town.stream], tab)
        return await self.stack.enter_async_context(opened)

    async def client(self, worker: int, who: Actor) -> httpx2.AsyncClient:
        opened = browser(self.workers[worker], self.tokens[who])
        return await self.stack.enter_async_context(opened)

    async def press(self, client: httpx2.AsyncClient, path: str, **fields: str) -> httpx2.Response:
        return await client.post(f"/requests/{self.request.number}/{path}", data=fields)

    async def shows(self, holder: object, *boards: Watch, seconds: float = 30) -> None:
        wanted = str(getattr(holder, "person_id", ""))
        for board in boards or self.boards:
            await board.until(lambda seen: seen.claim_of(self.name) == wanted, seconds)

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        engine = create_async_engine(self.cluster.url)
        async with engine.connect() as connection:
            found = [tuple(row) for row in await connection.execute(text(query))]
        await engine.dispose()
        return found

    async def events(self) -> Counter[str]:
        found = await self.rows(
            f"SELECT kind, count(*) FROM event WHERE stream = '{self.town.stream}' "
            f"AND entity_kind = 'request' AND entity_id = {self.request.id} GROUP BY kind"
        )
        return Counter({str(kind): int(str(count)) for kind, count in found})

    async def hurry(self, seconds: float) -> None:
        """Let the lease run out so much sooner, as if it had been taken that long before."""
        engine = create_async_engine(self.cluster.url)
        back = f"interval '{seconds} seconds'"
        async with engine.begin() as connection:
            statement = (
                f"UPDATE claim SET taken_at = taken_at - {back}, lease_until = lease_until - {back}"
            )
            await connection.execute(text(statement))
        await engine.dispose()

    async def left(self) -> float:
        """Return how many seconds of the lease are left."""
        [(left,)] = await self.rows("SELECT extract(epoch FROM lease_until - now()) FROM claim")
        return float(str(left))


async def test_a_claim_shows_on_both_workers_and_ends_five_seconds_after_its_page(
    cluster: Cluster,
) -> None:
    # S65 S86
    async with AsyncExitStack() as stack:
        desk = Desk(cluster, stack)
        await desk.open()
        sams = await desk.page(0, desk.town.sam, TAB)
        assert (await desk.press(desk.sams[0], "claim", tab=TAB)).status_code == 200
        await desk.shows(desk.town.sam)
        refused = await desk.press(desk.sues[1], "claim", tab="tab-of-sue-1")
        assert refused.json()["sentence"] == "Sam Ortiz is assigning this request."
        await desk.hurry(10)
        await until_left(desk, more_than=LEASE_SECONDS - 6)  # renewed by the worker of its socket
        await sams.socket.close()
        closed_at = time.monotonic()
        await desk.shows(None, seconds=GRACE_SECONDS + 5)
        assert time.monotonic() - closed_at > GRACE_SECONDS - 1
        assert (await desk.events())["request.claim_lapsed"] == 1  # whichever worker was first


async def test_a_claim_moves_with_its_page_and_is_taken_over_across_workers(
    cluster: Cluster,
) -> None:
    # S65: the first worker sees its socket close after the page is at home on the second
    async with AsyncExitStack() as stack:
        desk = Desk(cluster, stack)
        await desk.open()
        first = await desk.page(0, desk.town.sam, TAB)
        assert (await desk.press(desk.sams[0], "claim", tab=TAB)).status_code == 200
        await desk.shows(desk.town.sam)
        await desk.page(1, desk.town.sam, TAB)
        await desk.hurry(10)
        await until_left(desk, more_than=LEASE_SECONDS - 6)
        await first.socket.close()
        await asyncio.gather(*(board.until(beats_again(board)) for board in desk.boards))
        assert await desk.left() > GRACE_SECONDS + 5
        await desk.shows(desk.town.sam)
        taken = await desk.press(desk.sues[1], "claim", tab="tab-of-sue-1", take_over="1")
        assert taken.status_code == 200
        await desk.shows(desk.sue)
        accepted = await desk.press(  # while Sue assigns: a claim is in nobody's way
            desk.sams[0], "acceptance", version="1", host=str(desk.town.ada.person_id),
            time="now", confirm="unavailable",
        )  # fmt: skip
        assert accepted.status_code == 200
        for board in desk.boards:
            await board.until(lambda seen: desk.name not in seen.entities)
        assert (await desk.events())["request.accepted"] == 1


async def test_the_worker_of_the_socket_is_killed_and_the_claim_waits_for_its_page(
    cluster: Cluster,
) -> None:
    # F8: nobody could say goodbye, so the lease itself decides
    async with AsyncExitStack() as stack:
        desk = Desk(cluster, stack)
        await desk.open()
        board = desk.boards[1]
        await desk.page(0, desk.town.sam, TAB)
        assert (await desk.press(desk.sams[0], "claim", tab=TAB)).status_code == 200
        await desk.shows(desk.town.sam)
        desk.workers[0].stop(signal.SIGKILL)
        await desk.hurry(20)
        sams = await desk.page(1, desk.town.sam, TAB)  # back within the lease
        await until_left(desk, more_than=LEASE_SECONDS - 6)
        await desk.shows(desk.town.sam, board, sams)
        assert (await desk.events())["request.claim_lapsed"] == 0
        desk.workers.append(cluster.start())  # as the parent would
        there = await desk.page(2, desk.sue, "tab-of-sue-2")
        desk.workers[1].stop(signal.SIGKILL)
        await desk.hurry(LEASE_SECONDS - 1)  # and does not come back
        await desk.shows(None, there)
        assert (await desk.events())["request.claim_lapsed"] == 1


def beats_again(board: Watch) -> Callable[[Watch], object]:
    """Return a condition that holds after the next heartbeat: five seconds, and one look at least."""
    told = len([said for said in board.told if said["type"] == "heartbeat"])
    return lambda seen: len([s for s in seen.told if s["type"] == "heartbeat"]) > told


async def until_left(desk: Desk, *, more_than: float) -> None:
    async with asyncio.timeout(60):
        while await desk.left() <= more_than:  # noqa: ASYNC110 - only the database knows
            await asyncio.sleep(0.1)
