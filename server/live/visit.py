"""One page's visit: it says hello, is brought up to date, and then mostly listens."""

import asyncio
from collections.abc import Sequence
from typing import Any

from starlette.websockets import WebSocket

from dispatch.usecases.boards import joinable
from server.live.answers import Want
from server.live.codes import Close
from server.live.connection import Connection
from server.live.desk import LiveDesk
from server.live.frames import pong, welcome
from server.live.messages import Asked, BrokenError, Hello, Ping, Resume, parse
from server.live.settling import settle

MOST_TEXT = 16 * 1024  # where the server has no limit of its own


# Ours: the process ends. The page's own: it has moved over, maybe to another process.
_ELSEWHERE = (Close.RESTARTING, Close.TAKEN_OVER)


class _Left(Exception):  # noqa: N818 - no error: the ordinary end of a visit
    """The browser closed the socket."""


class Visit:
    """Reads what the page says; never waits for it to read."""

    def __init__(self, websocket: WebSocket[Any], desk: LiveDesk, connection: Connection) -> None:
        self._websocket = websocket
        self._desk = desk
        self._connection = connection
        self._allowance = float(desk.limits.burst)
        self._counted_at = desk.hub.elapsed()
        self.is_elsewhere = False  # the page has another socket, or soon will: its claims stay

    async def run(self) -> None:
        """Serve the page until it leaves; a page that breaks the protocol is sent away."""
        try:
            await self._greet()
            while True:
                await self._serve(await self._next())
        except _Left:
            return
        except BrokenError as broken:
            self._connection.end(broken.code)
        except self._desk.troubles:
            self._connection.end(Close.BUSY)

    async def _greet(self) -> None:
        try:
            async with asyncio.timeout(self._desk.limits.hello_seconds):
                hello = await self._next()
        except TimeoutError:
            raise BrokenError from None
        if not isinstance(hello, Hello):
            raise BrokenError
        if self._desk.is_draining:
            raise BrokenError(Close.BUSY)  # too late to be asked to move: others take it at once
        self._require(hello.views)
        if not self._desk.hub.greet(self._connection, hello.tab):
            raise BrokenError(Close.TOO_MANY)
        self._connection.answer(welcome(self._desk.clock.now()))
        await self._tell(hello.views)

    async def _serve(self, message: Hello | Resume | Ping) -> None:
        match message:
            case Ping(t):
                self._connection.answer(pong(t, self._desk.clock.now()))
                self._connection.flush()
            case Resume(asked):
                self._require([asked])
                await self._tell([asked])
            case Hello():
                raise BrokenError  # once is enough

    async def _next(self) -> Hello | Resume | Ping:
        said = await self._websocket.receive()
        if said["type"] == "websocket.disconnect" or self._connection.is_closed:
            self.is_elsewhere = said.get("code") in _ELSEWHERE
            raise _Left
        text = said.get("text")
        if text is None or len(text) > MOST_TEXT or not self._may_speak():
            raise BrokenError
        return parse(text, self._desk.limits.views)

    def _may_speak(self) -> bool:
        limits, now = self._desk.limits, self._desk.hub.elapsed()
        refilled = self._allowance + (now - self._counted_at) * limits.per_second
        self._allowance = min(refilled, limits.burst) - 1
        self._counted_at = now
        return self._allowance >= 0

    def _require(self, asked: Sequence[Asked]) -> None:
        """Let only those streams be followed that the person may join, as we last read."""
        may_join = joinable(self._connection.visitor.actor)
        for stream, projection in (each.key for each in asked):
            if projection not in may_join.get(stream, ()):
                raise BrokenError(Close.NOT_ALLOWED)

    async def _tell(self, asked: Sequence[Asked]) -> None:
        """Follow first, then read: what happens in between is held and comes after."""
        connection, desk = self._connection, self._desk
        wants = [Want(each.key, each.cursor, each.view) for each in asked]
        desk.hub.follow(connection, (want.key for want in wants))
        await settle(connection, wants, desk.hub, desk.answers)
