"""A link to Redis that is cut and swallows: what is sent as payload is lost, what we ring for is not."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from redis.asyncio import Redis

from server.bus.redis_bell import RedisBell
from server.live.limits import Pace
from tests.live.rig import Page, Rig
from tests.servers.redis import RedisServer, redis_server
from tests.servers.redis_wire import RedisWire

pytestmark = pytest.mark.redis
CHANNEL, PLACE = "payloads", "postgresql://one/database"
BEFORE, DURING, AFTER = 5, 10, 5  # messages around the cut


@pytest.fixture
async def wire() -> AsyncIterator[tuple[RedisServer, RedisWire]]:
    with redis_server() as server:
        async with RedisWire(server.port) as wire:
            yield server, wire


async def until(condition: Callable[[], object], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - nobody sets an event for us
            await asyncio.sleep(0.005)


async def test_control_payloads_through_redis_are_lost_when_the_link_is_cut(
    wire: tuple[RedisServer, RedisWire],
) -> None:
    # F15: what the peers do. The subscriber reconnects by itself, and is told of nothing.
    server, link = wire
    heard: list[int] = []

    def send(number: int) -> int:
        """Publish; return how many subscribers Redis found."""
        return int(server.command("PUBLISH", CHANNEL, str(number)).strip().removeprefix(b":"))

    async with Redis(port=link.port) as client, client.pubsub() as subscription:
        await subscription.subscribe(CHANNEL)

        async def listen() -> None:
            while True:  # with no exception all the while, or the test would end
                said = await subscription.get_message(ignore_subscribe_messages=True, timeout=1)
                if said is not None:
                    heard.append(int(said["data"]))

        listening = asyncio.create_task(listen())
        await until(lambda: server.command("PUBSUB", "NUMSUB", CHANNEL).endswith(b":1\r\n"))
        sent = list(range(1, BEFORE + DURING + AFTER + 1))
        assert all(send(number) for number in sent[:BEFORE])
        await until(lambda: len(heard) == BEFORE)
        link.hold()  # so that it cannot come back before we have sent
        link.cut()
        await until(lambda: server.command("PUBSUB", "NUMSUB", CHANNEL).endswith(b":0\r\n"))
        assert not any(send(number) for number in sent[BEFORE:-AFTER])
        link.release()
        await until(lambda: server.command("PUBSUB", "NUMSUB", CHANNEL).endswith(b":1\r\n"))
        assert all(send(number) for number in sent[-AFTER:])
        await until(lambda: sent[-1] in heard)
        assert not listening.done()
        listening.cancel()
    assert heard == sent[:BEFORE] + sent[-AFTER:]  # the middle is gone, and nobody was told


async def test_what_we_ring_for_reaches_the_page_whatever_the_link_swallows(
    wire: tuple[RedisServer, RedisWire],
) -> None:
    # F3 I1: the same cut between the worker of the page and Redis
    server, link = wire
    far = RedisBell(server.url, PLACE)  # of the worker that writes
    near = RedisBell(link.url, PLACE)  # of the worker that holds the socket
    rig = Rig(Pace(), is_real=True, bell=near)
    rig.town.ask()
    running = [asyncio.create_task(task) for task in (far.run(), near.run(), rig.tailer.run())]
    try:
        await until(lambda: (far.mode, near.mode) == ("live", "live"))
        _, told = await rig.sam_watches()

        def change(count: int) -> None:
            for _ in range(count):
                number = rig.town.ask(by=rig.town.omar)
                far.ring({rig.board[0]: rig.head(rig.board[0]).seq})
                rig.town.withdraw(number, by=rig.town.omar)
                far.ring({rig.board[0]: rig.head(rig.board[0]).seq})

        def page() -> Page:
            page = Page()
            for frame in told.frames:
                page.hear(frame)
            return page

        def is_current() -> bool:
            return page().cursor == rig.head(rig.board[0]).seq

        change(BEFORE)
        await until(is_current)
        link.hold()
        link.cut()
        await until(lambda: near.mode == "slower")
        change(DURING)
        await until(is_current)  # with no Redis at all
        link.release()
        change(AFTER)
        await until(is_current)
        assert (page().asks, page().entities) == (0, rig.truth(rig.board))
        assert rig.tailer.holes == 0
        await until(lambda: near.mode == "live")
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
