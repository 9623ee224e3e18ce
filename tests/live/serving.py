"""The live endpoint on a real server and real sockets of this machine."""

import asyncio
import os
import socket
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson
import uvicorn
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from dispatch.vocabulary import PersonId
from server.live.limits import Pace
from server.live.serving import uvicorn_options
from server.live.socket import routes
from server.live.state import LiveState
from server.live.websocket_frame import text_frame
from server.settings import Settings
from tests.live.rig import TAB, Rig


def application(rig: Rig) -> Starlette:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[LiveState]:
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(rig.live.run())
            yield {"live": rig.live}
            running.cancel()

    return Starlette(routes=routes, lifespan=lifespan)


HANGS = 30  # s: then something does, and is not only slow
QUICK = Pace(poll=5.0, sweep=0.05, heartbeat=0.2, look=0.05)


def a_rig(pace: Pace = QUICK, **limits: Any) -> Rig:
    return Rig(pace, is_real=True, **limits)


async def code_of(browser: ClientConnection) -> int | None:
    async with asyncio.timeout(HANGS):
        try:
            while True:
                await browser.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


@dataclass
class Serving:
    rig: Rig
    server: uvicorn.Server
    port: int

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def connect(self, person: PersonId, **more: Any) -> connect:
        """Return a browser of somebody who is signed in."""
        headers = {"Origin": f"http://{self.host}", "Cookie": f"login={self.rig.sign_in(person)}"}
        given: dict[str, Any] = {"additional_headers": headers, "proxy": None}
        return connect(f"ws://{self.host}/live", **given | more)

    async def raw(self, person: PersonId) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Return a browser without manners: the handshake is done, the rest is bytes.

        Nobody reads for it beyond a few kB.
        """
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.port))
        reader, writer = await asyncio.open_connection(sock=sock, limit=4096)
        writer.write(self.handshake(person))
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 101")
        return reader, writer

    def handshake(self, person: PersonId) -> bytes:
        """Return the head of a request for a socket, of somebody who is signed in."""
        lines = {
            "Host": self.host,
            "Origin": f"http://{self.host}",
            "Cookie": f"login={self.rig.sign_in(person)}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Version": "13",
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"GET /live HTTP/1.1\r\n{head}\r\n".encode()

    async def stalled(self, tab: str = TAB) -> asyncio.StreamWriter:
        """Return Sam's browser, which follows the board and never reads again."""
        _, writer = await self.raw(self.rig.town.sam)
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        writer.write(masked(orjson.dumps(hello(self.rig, tab=tab))))
        connection = await self.arrival(tab)
        assert connection.keys
        return writer

    async def arrival(self, tab: str) -> Any:
        return await self.until(
            lambda: next((c for c in self.rig.hub.connections if c.tab == tab and c.keys), None)
        )

    async def until(self, condition: Any, seconds: float = HANGS) -> Any:
        """Wait until something becomes true; return it."""
        async with asyncio.timeout(seconds):
            while not (found := condition()):  # noqa: ASYNC110 - nobody sets an event for us
                await asyncio.sleep(0.01)
        return found

    async def flood(self, tab: str = TAB, size: int = 60_000) -> Any:
        """Publish until that page's wire is full."""
        connection = await self.arrival(tab)
        frame = noise(size)
        for _ in range(200):
            if connection.stalled_since is not None:
                return connection
            self.rig.hub.publish([(self.rig.board, self.rig.hub.places[self.rig.board], frame)])
            await asyncio.sleep(0)
        raise AssertionError("the wire never filled")


def noise(size: int) -> bytes:
    return text_frame(orjson.dumps({"type": "noise", "x": "x" * size}))


@asynccontextmanager
async def serving(rig: Rig, **options: Any) -> AsyncIterator[Serving]:
    given = uvicorn_options(Settings()) | options
    config = uvicorn.Config(application(rig), port=0, log_config=None, **given)
    server = uvicorn.Server(config)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve())
        async with asyncio.timeout(HANGS):
            while not server.started:  # noqa: ASYNC110 - uvicorn sets no event
                await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            yield Serving(rig, server, port)
        finally:
            server.should_exit = True


def hello(rig: Rig, tab: str = TAB, **cursor: Any) -> dict[str, Any]:
    stream, projection = rig.board
    view = {"view": "page", "stream": stream, "projection": projection} | cursor
    return {"type": "hello", "tab": tab, "views": [view]}


async def say(browser: ClientConnection, message: Mapping[str, Any]) -> None:
    await browser.send(orjson.dumps(message), text=True)


async def hear(browser: ClientConnection, kind: str) -> dict[str, Any]:
    """Return the next message of a kind."""
    async with asyncio.timeout(HANGS):
        while True:
            said: dict[str, Any] = orjson.loads(await browser.recv())
            if said["type"] == kind:
                return said


def masked(payload: bytes, first: int = 0x81) -> bytes:
    """Return one frame as a browser sends it."""
    size = len(payload)
    if size < 126:
        length = bytes((0x80 | size,))
    elif size < 1 << 16:
        length = bytes((0x80 | 126,)) + size.to_bytes(2, "big")
    else:
        length = bytes((0x80 | 127,)) + size.to_bytes(8, "big")
    return bytes((first,)) + length + b"\0\0\0\0" + payload  # a mask of zeros changes nothing
