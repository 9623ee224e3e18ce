"""Whatever becomes of Redis: the bell says so in time, never holds up who rings, and recovers."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from server.bus.line import channel_of
from server.bus.tempo import Tempo
from tests.bus.ringing import (
    AT_ONCE,
    IN_TIME,
    PLACE,
    RECOVERED,
    Worker,
    assert_ringing_is_quick,
    workers,
)
from tests.servers.redis import LOOPBACK, RedisServer, free_port, redis_server
from tests.servers.redis_wire import RedisWire

pytestmark = pytest.mark.redis


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture
async def wire(server: RedisServer) -> AsyncIterator[RedisWire]:
    async with RedisWire(server.port) as wire:
        yield wire


def test_silence_is_borne_no_longer_than_was_promised() -> None:
    # S89: the tests below leave room for a busy machine, this one none
    assert Tempo().silence <= 1.5


async def test_f1_redis_is_killed_and_comes_back_empty(server: RedisServer) -> None:
    # F1, S89
    async with workers(server.url, server.url) as (near, far):
        server.kill()
        for worker in (near, far):
            await worker.is_slower(AT_ONCE)
        assert_ringing_is_quick(near.bell, last=900)
        await near.hears("clinic:3", 900)  # own listeners do not need Redis
        for worker in (near, far):
            worker.told.clear()
        server.restart()
        for worker in (near, far):
            await worker.is_live()
        near.bell.ring({"clinic:3": 901})
        await far.hears("clinic:3", 901)


async def test_f2_redis_is_frozen(server: RedisServer) -> None:
    # F2, S89
    async with workers(server.url, server.url) as (near, far):
        frozen_at = time.monotonic()
        server.stop()
        for worker in (near, far):
            await worker.is_slower(IN_TIME)
        assert_ringing_is_quick(near.bell)
        for worker in (near, far):  # it takes connections, and never answers
            await worker.pauses_again(times=2)
            assert worker.bell.mode == "slower"
            worker.told.clear()
        assert time.monotonic() - frozen_at > 2
        server.cont()
        for worker in (near, far):
            await worker.is_live()
        near.bell.ring({"clinic:3": 101})
        await far.hears("clinic:3", 101)


async def test_f3_the_subscribers_link_is_a_black_hole(
    server: RedisServer, wire: RedisWire
) -> None:
    # F3
    async with workers(server.url, wire.url) as (near, far):
        wire.hold(subscribers_only=True)
        await far.is_slower(IN_TIME)  # publishing goes on, without an error
        assert_ringing_is_quick(far.bell)
        await near.hears("clinic:3", 100)
        assert near.bell.mode == "live"
        far.told.clear()
        wire.release()
        await far.is_live()
        near.bell.ring({"clinic:3": 102})
        await far.hears("clinic:3", 102)


async def test_f3_what_could_not_be_said_is_said_afterwards(
    server: RedisServer, wire: RedisWire
) -> None:
    # F3
    async with workers(wire.url, server.url) as (near, far):
        wire.hold()
        await near.is_slower(IN_TIME)
        assert_ringing_is_quick(near.bell)
        near.told.clear()
        wire.release()
        await far.hears("clinic:3", 100)
        await near.is_live()


async def test_f4_nothing_that_is_published_arrives(server: RedisServer, wire: RedisWire) -> None:
    # F4
    async with workers(wire.url, server.url) as (near, far):
        wire.loses_publish = True  # and Redis seems to say that all is well
        await near.is_slower(IN_TIME)
        assert_ringing_is_quick(near.bell)
        near.told.clear()
        wire.loses_publish = False
        await near.is_live()
        near.bell.ring({"clinic:3": 103})
        await far.hears("clinic:3", 103)


async def test_f6_the_subscription_is_killed_again_and_again(server: RedisServer) -> None:
    # F6
    async with workers(server.url, server.url) as (near, far):
        for round_ in range(4):
            assert server.command("CLIENT", "KILL", "TYPE", "pubsub").startswith(b":2")
            for worker in (near, far):
                await worker.is_slower(AT_ONCE)
            assert_ringing_is_quick(near.bell, last=100 * (round_ + 1))
            for worker in (near, far):
                worker.told.clear()
            for worker in (near, far):
                await worker.is_live()
            for worker in (near, far):
                worker.told.clear()
        near.bell.ring({"clinic:3": 1000})
        await far.hears("clinic:3", 1000)


async def test_f7_garbage_and_numbers_from_the_future(server: RedisServer) -> None:
    # F7
    future = 10**15 - 1
    hostile = [
        *(b"", b" ", b":", b"clinic", b"clinic:", b"clinic:3:", b"clinic:3:-1", b"clinic:3:0"),
        *(b"clinic:3:1e9", b"clinic:3:" + b"9" * 16, b"Clinic:3:5", b"clinic:3:5\n", b"a:b:c:4"),
        *(b"\xff\xfe\x00", b"clinic:3:\xd9\xa3", b"beat:", b"beat:zz:1", b"{}", b"a:1 " * 4000),
        *(b"beat:0123456789abcdef:999999999999999", b"<script>:1", b"clinic:3:5;clinic:4:5"),
    ]
    async with workers(server.url) as (worker,):
        for payload in hostile:
            assert server.command("PUBLISH", channel_of(PLACE), payload) == b":1\r\n"
        assert_ringing_is_quick(worker.bell, last=700)
        words = f"clinic:9:{future} clinic:9:8 clinic:5:5 rubbish"  # hints; the log knows better
        server.command("PUBLISH", channel_of(PLACE), words)
        await worker.hears("clinic:9", future)
        heard = [heads for _, heads in worker.told if "clinic:3" not in heads]
        assert heard == [{"clinic:9": future, "clinic:5": 5}]
        server.command("PUBLISH", channel_of(PLACE), "clinic:9:9 clinic:5:6")
        await worker.hears("clinic:5", 6)  # a number from the future does not drown what follows
        assert worker.told[-1] == ("live", {"clinic:9": 9, "clinic:5": 6})
        assert not worker.running.done()


@pytest.mark.parametrize("at", [None, b"999999999999999"], ids=["old", "from the future"])
async def test_a_beat_of_another_time_is_no_sign_of_life_however_often_it_comes(
    server: RedisServer, wire: RedisWire, at: bytes | None
) -> None:
    # F2, F7
    channel = channel_of(PLACE)
    reader, writer = await asyncio.open_connection(LOOPBACK, server.port)
    async with workers(wire.url) as (worker,):
        async with asyncio.timeout(IN_TIME):
            writer.write(f"SUBSCRIBE {channel}\r\n".encode())
            beat = b""
            while not beat.startswith(b"beat:"):
                beat = (await reader.readline()).rstrip()
            writer.write(f"UNSUBSCRIBE {channel}\r\n".encode())
            await reader.readuntil(b":0\r\n")
        if at is not None:
            beat = beat.rpartition(b":")[0] + b":" + at
        wire.loses_publish = True
        async with asyncio.timeout(IN_TIME):
            while worker.bell.mode == "live":  # a flood, too
                writer.write(b"PUBLISH %s %s\r\n" % (channel.encode(), beat))
                await reader.readline()
        await worker.is_slower(AT_ONCE)
        worker.told.clear()
        wire.loses_publish = False
        await worker.is_live()
    writer.close()


async def test_a_slow_redis_counts_as_away_until_it_is_quick_again(wire: RedisWire) -> None:
    # F2
    async with workers(wire.url) as (worker,):
        wire.delay = 1.7
        await worker.is_slower(IN_TIME)
        assert_ringing_is_quick(worker.bell)
        worker.told.clear()
        wire.delay = 0.0
        await worker.is_live()


async def test_a_cut_wire_is_noticed_at_once(wire: RedisWire) -> None:
    # S89
    async with workers(wire.url) as (worker,):
        wire.cut()
        await worker.is_slower(AT_ONCE)
        worker.told.clear()
        await worker.is_live()


async def test_it_goes_within_a_second_into_a_black_hole(wire: RedisWire) -> None:
    async with workers(wire.url) as (worker,):
        wire.hold()
        await worker.end()  # live, with a beat on its way
        assert worker.running.cancelled()
        trying = Worker(wire.url)
        await trying.until(lambda: trying.pauses == 1, 3)
        await trying.until(lambda: bool(trying.told), 1)
        await trying.end()  # while it tries to connect, or rests
        assert trying.running.cancelled()


async def test_told_to_go_while_the_line_breaks_it_goes(wire: RedisWire) -> None:
    for turns in range(8):  # of the loop, between the error and the end
        async with workers(wire.url) as (worker,):
            wire.cut()
            for _ in range(turns):
                await asyncio.sleep(0)
            await worker.end()
            assert worker.running.cancelled()


async def test_a_redis_that_is_not_there_yet_is_waited_for() -> None:
    # S89
    worker = Worker(f"redis://{LOOPBACK}:{free_port()}/0")
    try:
        await worker.until(lambda: worker.pauses == 2, RECOVERED)
        assert worker.bell.mode == "slower"
        assert_ringing_is_quick(worker.bell)
        await worker.hears("clinic:3", 100)
        assert not worker.running.done()
    finally:
        await worker.end()


async def test_whoever_answers_there_is_not_a_redis() -> None:
    async def chatter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"$what\r\n" if await reader.readline() else b"")
        writer.close()

    other = await asyncio.start_server(chatter, LOOPBACK, 0)
    worker = Worker(f"redis://{LOOPBACK}:{other.sockets[0].getsockname()[1]}/0")
    try:
        await worker.until(lambda: worker.pauses == 2, RECOVERED)
        assert not worker.running.done()
    finally:
        await worker.end()
        other.close()


async def test_a_mistake_of_ours_ends_it() -> None:
    def mistaken() -> float:
        raise ZeroDivisionError

    worker = Worker(f"redis://{LOOPBACK}:{free_port()}/0", chance=mistaken)
    with pytest.raises(ZeroDivisionError):
        async with asyncio.timeout(3):
            await worker.running
