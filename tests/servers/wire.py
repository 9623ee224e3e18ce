"""A wire that can be cut, clogged, slowed and closed to newcomers, in front of any server.

async with Wire(server.port) as wire:
    connect to wire.port
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

LOOPBACK = "127.0.0.1"
Target = int | Path  # a loopback port, or a socket's file
_MOST = 65536  # bytes that pass at once
_SLICES = 20  # a second, of what a throttled wire lets pass


@dataclass(eq=False)
class Link:
    """One connection through the wire."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    bytes_left: int | None = None  # then it breaks, wherever in a message that is
    is_subscriber: bool = False  # of a Redis; see redis_wire.py
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def abort(self) -> None:
        for task in self.tasks:
            task.cancel()
        for writer in (self.near, self.far):
            writer.transport.abort()


class Wire:
    """Passes bytes, until told otherwise; new connections fare like those that are there.

    With several targets it is what stands before several workers: each connection goes to one of
    those that take it, by chance.
    """

    def __init__(self, *targets: Target, chance: Random | None = None) -> None:
        self._targets: Sequence[Target] = targets
        self._chance = chance or Random(0)
        self._links: set[Link] = set()
        self._is_held = False
        self._released = asyncio.Event()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.delay = 0.0  # seconds, for bytes on their way to the client
        self.bytes_per_second: int | None = None  # of each link, to the client
        self.refuses = False  # whoever comes new
        self.lifetime: Callable[[], int] | None = (
            None  # bytes to the client after which a link breaks
        )

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

    @property
    def count(self) -> int:
        """Return how many connections pass through it."""
        return len(self._links)

    def cut(self, share: float = 1.0) -> int:
        """Break every connection, or a share of them by chance, at once; new ones pass."""
        broken = [link for link in self._links if self._chance.random() < share]
        for link in broken:
            link.abort()
        return len(broken)

    def spare(self) -> None:
        """Let links live for as long as they like again, also those that are there."""
        self.lifetime = None
        for link in self._links:
            link.bytes_left = None

    def hold(self) -> None:
        """Be a black hole: connections stay open, or even open, and nothing comes out."""
        self._is_held = True
        self._released.clear()

    def release(self) -> None:
        """Pass bytes again, also those that were held."""
        self._is_held = False
        self._released.set()

    def holds(self, link: Link) -> bool:
        """Return whether this link is held now."""
        return self._is_held

    def sent(self, link: Link, chunk: bytes) -> bytes:
        """Return what the server gets of what a client sent."""
        return chunk

    async def _serve(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        opened = None if self.refuses else await self._opened()
        if opened is None:
            near.transport.abort()
            return
        far_reader, far = opened
        link = Link(near, far, self.lifetime() if self.lifetime else None)
        link.tasks = [
            asyncio.create_task(self._to_server(reader, link)),
            asyncio.create_task(self._to_client(far_reader, link)),
        ]
        self._links.add(link)
        await asyncio.wait(link.tasks, return_when=asyncio.FIRST_COMPLETED)
        link.abort()
        self._links.discard(link)

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for target in self._chance.sample(self._targets, len(self._targets)):
            with suppress(OSError):
                if isinstance(target, Path):
                    return await asyncio.open_unix_connection(target)
                return await asyncio.open_connection(LOOPBACK, target)
        return None

    async def _to_server(self, reader: asyncio.StreamReader, link: Link) -> None:
        with suppress(OSError):
            while chunk := await reader.read(_MOST):
                await self._gate(link)
                link.far.write(self.sent(link, chunk))
                await link.far.drain()

    async def _to_client(self, reader: asyncio.StreamReader, link: Link) -> None:
        with suppress(OSError):
            while chunk := await reader.read(self._slice()):
                await self._gate(link)
                if pause := self.delay or self._pause(chunk):
                    await asyncio.sleep(pause)
                if link.bytes_left is not None:
                    chunk = chunk[: link.bytes_left]
                    link.bytes_left -= len(chunk)
                link.near.write(chunk)
                await link.near.drain()
                if link.bytes_left == 0:
                    return

    def _slice(self) -> int:
        rate = self.bytes_per_second
        return _MOST if rate is None else max(1, rate // _SLICES)

    def _pause(self, chunk: bytes) -> float:
        return len(chunk) / self.bytes_per_second if self.bytes_per_second else 0.0

    async def _gate(self, link: Link) -> None:
        while self.holds(link):
            await self._released.wait()
