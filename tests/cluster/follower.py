"""A board that lives as the browser's page does: it moves when it is asked to, and resumes where it broke."""

import asyncio
import json
import random
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Origin

from tests.live.rig import Page

MOVED = 4409


class Follower:
    """One page over all of its sockets; ``live`` runs until it is cancelled."""

    def __init__(self, origin: str, token: str, stream: str, tab: str) -> None:
        self._origin = origin
        self._token = token
        self._stream = stream
        self._tab = tab
        self._chance = random.Random(tab)
        self.page = Page()
        self.ranges: list[tuple[int | None, int]] = []  # (after, seq) of every frame applied
        self.codes: list[int] = []  # of sockets that ended without having been left
        self.moves = 0
        self.snapshots = 0
        self.has_told: asyncio.Event = asyncio.Event()  # the first answer is here

    async def live(self) -> None:
        line: ClientConnection | None = None
        while True:
            line = await self._stay(line or await self._opened())

    async def _opened(self) -> ClientConnection:
        """Return a socket on which everything asked for has been answered; try until there is one."""
        while True:
            try:
                return await self._greet()
            except (OSError, TimeoutError, InvalidHandshake, ConnectionClosed):
                await asyncio.sleep(0.2 * self._chance.random())  # full jitter, as a page does

    async def _greet(self) -> ClientConnection:
        line = await connect(
            f"{self._origin.replace('http', 'ws', 1)}/live",
            origin=Origin(self._origin),
            additional_headers={"Cookie": f"dispatch_login={self._token}"},
            compression=None,
            proxy=None,
        )
        view: dict[str, object] = {"view": "page", "stream": self._stream, "projection": "board"}
        if self.page.cursor is not None:
            view |= {"seq": self.page.cursor, "tag": self.page.tag}
        await line.send(json.dumps({"type": "hello", "tab": self._tab, "views": [view]}))
        while True:
            said = json.loads(await line.recv())
            self._hear(said)
            if said.get("view"):
                self.has_told.set()
                return line

    async def _stay(self, line: ClientConnection) -> ClientConnection | None:
        """Listen until the line breaks, or until its successor has caught up; return that."""
        async with asyncio.TaskGroup() as tasks:
            hearing: asyncio.Task[Any] = tasks.create_task(self._next(line))
            moving: asyncio.Task[ClientConnection] | None = None
            while True:
                ends = [hearing, moving] if moving else [hearing]
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
                if moving and moving.done():
                    hearing.cancel()
                    await line.close(MOVED)
                    self.moves += 1
                    return moving.result()
                if (said := hearing.result()) is None:
                    return await moving if moving else None
                self._hear(said)
                if said["type"] == "move" and moving is None:
                    moving = tasks.create_task(self._opened())
                hearing = tasks.create_task(self._next(line))

    async def _next(self, line: ClientConnection) -> dict[str, Any] | None:
        """Return what is said next; None: it is over. A task of a group may not fail."""
        try:
            said: dict[str, Any] = json.loads(await line.recv())
        except ConnectionClosed as closed:
            self.codes.append(closed.rcvd.code if closed.rcvd else 1006)
            return None
        return said

    def _hear(self, said: dict[str, Any]) -> None:
        if said["type"] != "frame":
            return
        before, asks = self.page.cursor, self.page.asks
        self.page.hear(said)
        if self.page.asks > asks or (self.page.cursor == before and said["after"] is not None):
            return  # a gap, or nothing new
        self.snapshots += said["after"] is None
        self.ranges.append((before if said["after"] is not None else None, said["seq"]))
