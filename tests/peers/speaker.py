"""A browser without manners, and the real console or a small application for it to speak to."""

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from server.app import create_app
from server.live.serving import uvicorn_options
from server.peers.http import Patience
from server.settings import Settings
from tests.servers.sqlite import ready_file

QUICK = Patience(head_seconds=0.4, body_seconds=0.8, stalled_seconds=0.4)
LARGE = 12_000_000  # more than the kernels of both ends take, so that the rest waits in the process


async def _echo(request: Request[Any]) -> Response:
    return PlainTextResponse(await request.body())


async def _large(_: Request[Any]) -> Response:
    return PlainTextResponse("x" * LARGE)


async def _deaf(_: Request[Any]) -> Response:
    """Answer without having read what comes."""
    return PlainTextResponse("no", 413)


SMALL = [
    Route("/echo", _echo, methods=["GET", "POST"]),
    Route("/large", _large),
    Route("/deaf", _deaf, methods=["POST"]),
]


class Speaker:
    """One connection, said on as the test likes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.is_over = False

    def say(self, text: str) -> None:
        self.writer.write(text.encode())

    async def trickle(self, text: str, gap: float) -> None:
        """Say one letter after the other, each a sign of life, until the server has hung up."""
        for letter in itertools.cycle(text):
            if self.is_over:
                return
            self.say(letter)
            await asyncio.sleep(gap)

    async def answer(self) -> bytes:
        """Return the next answer: its head, and its body if it says how long that is."""
        async with asyncio.timeout(30):
            head = await self.reader.readuntil(b"\r\n\r\n")
            sizes = [line for line in head.lower().split(b"\r\n") if b"content-length" in line]
            size = int(sizes[0].split(b":")[1]) if sizes else 0
            return head + await self.reader.readexactly(size)

    async def ends_after(self) -> float:
        """Return how many seconds it took until the server hung up."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.timeout(60):
            try:
                while await self.reader.read(65_536):
                    pass
            except ConnectionError:
                pass
        self.is_over = True
        return loop.time() - began


class Place:
    """A server that runs, and the connections to it."""

    def __init__(self, server: uvicorn.Server) -> None:
        self.server = server
        self.port: int = server.servers[0].sockets[0].getsockname()[1]
        self._speakers: list[Speaker] = []

    async def narrow(self) -> Speaker:
        """Return one whose kernel takes little for it, so that what it reads is what it takes."""
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.port))
        return await self.speaker(host=None, port=None, sock=sock)

    async def speaker(self, **options: Any) -> Speaker:
        given: dict[str, Any] = {"host": "127.0.0.1", "port": self.port} | options
        opened = await asyncio.open_connection(**given)
        self._speakers.append(Speaker(*opened))
        return self._speakers[-1]

    @property
    def count(self) -> int:
        """Return how many connections the server knows of."""
        return len(self.server.server_state.connections)

    async def until(self, count: int) -> None:
        async with asyncio.timeout(30):
            while self.count != count:  # noqa: ASYNC110 - nobody sets an event for us
                await asyncio.sleep(0.01)

    def hang_up(self) -> None:
        for speaker in self._speakers:
            speaker.writer.transport.abort()


@asynccontextmanager
async def served(
    app: Any, patience: Patience = QUICK, settings: Settings | None = None, **options: Any
) -> AsyncIterator[Place]:
    given = uvicorn_options(settings or Settings(), patience) | options
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, **given))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve())
        async with asyncio.timeout(30):
            while not server.started:  # noqa: ASYNC110 - uvicorn sets no event
                await asyncio.sleep(0.01)
        place = Place(server)
        try:
            yield place
        finally:
            place.hang_up()
            server.should_exit = True


@asynccontextmanager
async def small(
    patience: Patience = QUICK, timeout_keep_alive: int = 10, **settings: Any
) -> AsyncIterator[Place]:
    app, options = Starlette(routes=SMALL), {"timeout_keep_alive": timeout_keep_alive}
    async with served(app, patience, Settings(**settings), lifespan="off", **options) as place:
        yield place


@asynccontextmanager
async def console(folder: Path, **settings: Any) -> AsyncIterator[Place]:
    given = Settings(database_url=ready_file(folder / "dispatch.db"), **settings)
    async with served(create_app(given), QUICK, given) as place:
        yield place
