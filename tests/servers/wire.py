"""A wire that can be cut, clogged, slowed, and made to lose what is published, in front of a Redis.

async with Wire(server.port) as wire:
    bell = RedisBell(wire.url, ...)
"""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tests.servers.redis import LOOPBACK

_PUBLISH = re.compile(rb"\*3\r\n\$7\r\nPUBLISH\r\n\$\d+\r\n[^\r\n]*\r\n\$\d+\r\n[^\r\n]*\r\n")


@dataclass(eq=False)
class _Link:
    """One connection through the wire."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    is_subscriber: bool = False
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def abort(self) -> None:
        for task in self.tasks:
            task.cancel()
        for writer in (self.near, self.far):
            writer.transport.abort()


class Wire:
    """Passes bytes, until told otherwise; new connections fare like those that are there."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._links: set[_Link] = set()
        self._holds: bool | None = None  # True: whoever subscribes; False: everybody; None: nobody
        self._released = asyncio.Event()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.delay = 0.0  # seconds, for bytes on their way to the client
        self.loses_publish = False  # Redis never sees it, and the client is told that it did

    @property
    def url(self) -> str:
        return f"redis://{LOOPBACK}:{self.port}/0"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, LOOPBACK, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        ending = [task for link in self._links for task in link.tasks]
        self.cut()
        await asyncio.gather(*ending, return_exceptions=True)

    def cut(self) -> None:
        """Break every connection at once; new ones pass."""
        for link in tuple(self._links):
            link.abort()

    def hold(self, *, subscribers_only: bool = False) -> None:
        """Be a black hole: connections stay open, or even open, and nothing comes out."""
        self._holds = subscribers_only
        self._released.clear()

    def release(self) -> None:
        """Pass bytes again, also those that were held."""
        self._holds = None
        self._released.set()

    async def _serve(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        try:
            far_reader, far = await asyncio.open_connection(LOOPBACK, self._target)
        except OSError:
            near.transport.abort()
            return
        link = _Link(near, far)
        link.tasks = [
            asyncio.create_task(self._to_redis(reader, link)),
            asyncio.create_task(self._to_client(far_reader, link)),
        ]
        self._links.add(link)
        await asyncio.wait(link.tasks, return_when=asyncio.FIRST_COMPLETED)
        link.abort()
        self._links.discard(link)

    async def _to_redis(self, reader: asyncio.StreamReader, link: _Link) -> None:
        with suppress(OSError):
            while chunk := await reader.read(65536):
                link.is_subscriber = link.is_subscriber or b"SUBSCRIBE" in chunk
                await self._gate(link)
                if self.loses_publish:
                    chunk, lost = _PUBLISH.subn(b"", chunk)
                    link.near.write(b":1\r\n" * lost)
                link.far.write(chunk)

    async def _to_client(self, reader: asyncio.StreamReader, link: _Link) -> None:
        with suppress(OSError):
            while chunk := await reader.read(65536):
                await self._gate(link)
                if self.delay:
                    asyncio.get_running_loop().call_later(self.delay, link.near.write, chunk)
                else:
                    link.near.write(chunk)

    async def _gate(self, link: _Link) -> None:
        while self._holds is not None and (link.is_subscriber or not self._holds):
            await self._released.wait()
