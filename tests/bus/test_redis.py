"""The bell through Redis keeps the contract of every bell, and says nothing but numbers."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator

import pytest

from server.bus import words
from server.bus.bell import Bell
from server.bus.line import channel_of
from server.bus.redis_bell import RedisBell
from server.bus.tempo import Tempo
from server.settings import SettingError
from tests.bus.contract import BellContract, Ear
from tests.servers.redis import LOOPBACK, RedisServer, redis_server

PLACE = "postgresql+asyncpg://dispatch:secret@db.example/dispatch"
MESSAGE = re.compile(rb"beat:[0-9a-f]{16}:\d+( [a-z]+(:\d+)?:\d+)*")


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture
async def bells(server: RedisServer) -> AsyncIterator[tuple[RedisBell, RedisBell]]:
    """Two workers on one database, both of which hear each other."""
    pair = RedisBell(server.url, PLACE), RedisBell(server.url, PLACE)
    running = [asyncio.create_task(bell.run()) for bell in pair]
    for bell in pair:
        await is_live(bell)
    yield pair
    for task in running:
        task.cancel()
    async with asyncio.timeout(1):
        await asyncio.gather(*running, return_exceptions=True)


async def is_live(bell: Bell) -> None:
    """Wait for it: a bell calls its listeners when its mode turns."""
    turned = asyncio.Event()
    end = bell.subscribe(lambda heads: turned.set())
    async with asyncio.timeout(30):
        while bell.mode != "live":
            turned.clear()
            await turned.wait()
    end()


@pytest.mark.redis
class TestRedisBell(BellContract):  # S86
    async def test_streams_as_they_are_called_pass_both_ways(
        self, bells: tuple[RedisBell, RedisBell]
    ) -> None:  # S86
        ears = Ear(), Ear()
        for bell, ear in zip(bells, ears, strict=True):
            bell.subscribe(ear)
        bells[0].ring({"clinic:3": 810, "patient:44": 7})
        bells[1].ring({"hosts:2": 15})
        for ear in ears:
            await ear.hears(**{"clinic:3": 810, "patient:44": 7, "hosts:2": 15})

    async def test_a_thousand_rings_arrive_as_far_as_the_last(
        self, bells: tuple[RedisBell, RedisBell]
    ) -> None:
        ear = Ear()
        bells[1].subscribe(ear)
        for seq in range(1, 1001):
            bells[0].ring({f"clinic:{seq % 250}": seq})
        await ear.hears(**{f"clinic:{seq % 250}": seq for seq in range(751, 1001)})

    async def test_the_channel_carries_names_of_streams_and_numbers_only(
        self, server: RedisServer, bells: tuple[RedisBell, RedisBell]
    ) -> None:
        reader, writer = await asyncio.open_connection(LOOPBACK, server.port)
        writer.write(f"SUBSCRIBE {channel_of(PLACE)}\r\n".encode())
        async with asyncio.timeout(30):
            await reader.readuntil(b":1\r\n")
            bells[0].ring({"clinic:3": 811})
            heard: list[bytes] = []
            while not heard or b" clinic:3:811" not in heard[-1]:
                line = (await reader.readline()).rstrip(b"\r\n")
                if b"beat" in line:
                    heard.append(line)
        writer.close()
        assert all(MESSAGE.fullmatch(line) for line in heard)

    async def test_another_database_on_the_same_redis_is_another_bell(
        self, server: RedisServer, bells: tuple[RedisBell, RedisBell]
    ) -> None:
        other, ear, near = RedisBell(server.url, PLACE + "_two"), Ear(), Ear()
        running = asyncio.create_task(other.run())
        await is_live(other)
        other.subscribe(ear)
        bells[1].subscribe(near)
        bells[0].ring({"clinic:3": 812})
        await near.hears(**{"clinic:3": 812})
        other.ring({"clinic:4": 1})
        await ear.hears(**{"clinic:4": 1})
        running.cancel()
        assert "clinic:3" not in ear.heads


def test_the_channel_neither_tells_nor_depends_on_who_signs_in_to_the_database() -> None:
    assert channel_of(PLACE) == channel_of(PLACE.replace("dispatch:secret", "another:one"))
    assert channel_of(PLACE) != channel_of(PLACE.replace("db.example", "db2.example"))
    assert re.fullmatch(r"dispatch:[0-9a-f]{16}:bell", channel_of(PLACE))


@pytest.mark.parametrize(
    "url",
    [
        *("", "memory", "http://127.0.0.1", "redis://127.0.0.1:port"),
        *("redis://:hush@127.0.0.1?unknown=hush", "redis://127.0.0.1?db=hush"),
    ],
)
def test_an_address_that_is_none_is_said_at_the_start_and_not_repeated(url: str) -> None:
    with pytest.raises(SettingError, match="DISPATCH_BUS_URL") as refused:
        RedisBell(url, PLACE)
    assert "hush" not in str(refused.value)


def test_what_is_written_is_read() -> None:
    heads = {"control": 12, "clinic:3": 815}
    message = words.write("0123456789abcdef", 4711, heads).encode()
    assert words.read(message) == words.Said("0123456789abcdef", 4711, heads)


def test_the_fullest_message_is_not_too_long_to_be_read() -> None:
    heads = {f"{'a' * 16}:{10**17 + number}": 10**15 - 1 for number in range(words.MOST_WORDS)}
    message = words.write("0123456789abcdef", 10**15 - 1, heads).encode()
    assert words.read(message).heads == heads


def test_a_redis_that_stays_away_is_tried_less_often_and_by_chance() -> None:
    tempo = Tempo()
    assert [tempo.pause(failures, 1.0) for failures in (1, 2, 3, 4, 999)] == [0.4, 0.8, 1.6, 2, 2]
    assert {tempo.pause(failures, 0.0) for failures in (0, 1, 2, 999)} == {0.2}
