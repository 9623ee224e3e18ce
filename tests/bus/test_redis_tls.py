"""A Redis that speaks TLS and wants a password: the bell needs nothing but its address."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from server.bus.redis_bell import RedisBell
from tests.bus.contract import Ear
from tests.bus.test_redis import PLACE, is_live
from tests.servers.redis import LOOPBACK, RedisServer, redis_server

CERTIFICATE = Path(__file__).with_name("localhost.pem")  # for 127.0.0.1, and its key: no secret
PASSWORD = "p@ss/word"
IN_ADDRESS = "p%40ss%2Fword"


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with redis_server() as server:
        assert server.command("CONFIG", "SET", "requirepass", PASSWORD) == b"+OK\r\n"
        yield server


@asynccontextmanager
async def behind_tls(port: int) -> AsyncIterator[int]:
    """Yield a port that speaks TLS and passes on to that one."""

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await reader.read(65536):
                writer.write(chunk)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(LOOPBACK, port)
        await asyncio.gather(pass_on(reader, back), pass_on(there, writer))

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    door = await asyncio.start_server(serve, LOOPBACK, 0, ssl=context)
    yield door.sockets[0].getsockname()[1]
    door.close()


@asynccontextmanager
async def ringing(url: str) -> AsyncIterator[RedisBell]:
    bell = RedisBell(url, PLACE)
    running = asyncio.create_task(bell.run())
    yield bell
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.redis
async def test_hints_pass_through_tls_with_a_password(server: RedisServer) -> None:
    async with behind_tls(server.port) as port:
        url = f"rediss://:{IN_ADDRESS}@{LOOPBACK}:{port}/0?ssl_ca_certs={CERTIFICATE}"
        async with ringing(url) as one, ringing(url) as two:
            await is_live(one)
            await is_live(two)
            ear = Ear()
            two.subscribe(ear)
            one.ring({"clinic:3": 810})
            await ear.hears(**{"clinic:3": 810})


@pytest.mark.redis
@pytest.mark.parametrize(
    ("scheme", "who", "more"),
    [
        ("rediss", f":{IN_ADDRESS}@", ""),  # signed by nobody whom this machine trusts
        ("rediss", ":wrong@", f"?ssl_ca_certs={CERTIFICATE}"),
        ("redis", f":{IN_ADDRESS}@", ""),
    ],
    ids=["not trusted", "wrong password", "without TLS"],
)
async def test_a_redis_that_cannot_be_used_is_one_that_is_away(
    server: RedisServer, scheme: str, who: str, more: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        behind_tls(server.port) as port,
        ringing(f"{scheme}://{who}{LOOPBACK}:{port}/0{more}") as bell,
    ):
        async with asyncio.timeout(30):
            while not caplog.records:  # noqa: ASYNC110 - a log tells nobody
                await asyncio.sleep(0.01)
        ear = Ear()
        bell.subscribe(ear)
        bell.ring({"clinic:3": 811})  # rung here all the same
        await ear.hears(**{"clinic:3": 811})
        assert bell.mode == "slower"
    assert "hints between workers are missing" in caplog.text
    assert "word" not in caplog.text  # of the password
