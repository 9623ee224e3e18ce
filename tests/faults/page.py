"""A page without a browser: the browser's own rules for frames, back-off and being live, and a ledger."""

import asyncio
import json
import random
import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection

from tests.faults.ledger import Account, Op, Told
from tests.house.convergence_twin import Message, Twin, key_of
from tests.servers.wire import LOOPBACK

CANARY = re.compile(r"canary[0-9a-f]{8}")
NUMBER = re.compile(r"/requests/(\d+)/")
# static/js/live.js, connection.js, backoff.js
DEAD_SECONDS = 12.0
TRUST_SECONDS = 10.0
QUIET_SECONDS = 3.0
STEADY_SECONDS = 30.0
FIRST_SECONDS, MOST_SECONDS = 0.5, 20.0
STOPPING = {4400, 4401, 4403, 4409, 4410, 4429}


class Page:
    """One open page; ``run`` keeps it on the line for as long as it is open."""

    def __init__(
        self,
        name: str,
        keys: tuple[tuple[str, str], ...],
        token: str,
        port: int,
        may_see: Callable[[str], bool],
        chance: random.Random,
    ) -> None:
        self.account = Account(name, keys, time.time())
        self.twin = Twin({f"{stream}/{projection}": None for stream, projection in keys})
        self.port = port
        self.loses_frames = False  # until it asks for what it lost
        self.noticed_at = 0.0  # by a heartbeat, that something is missing
        self.numbers: set[int] = set()  # of the requests that it was ever told of
        self.reads = asyncio.Event()  # cleared: the page reads nothing
        self.reads.set()
        self._keys = dict(zip(self.twin.cursors, keys, strict=True))
        self._token = token
        self._may_see = may_see
        self._chance = chance
        self._hurried = asyncio.Event()
        self._tab = f"tab-{chance.randbytes(8).hex()}"
        self._socket: ClientConnection | None = None
        self._has_lost = False
        self._wishes: list[Message] = []
        self._is_open, self._lost_at, self._heard_at = False, _now(), _now()
        self._heartbeat_at, self._mode = _now(), "live"
        self._read_at: float | None = None

    @property
    def is_live(self) -> bool:
        return bool(self.account.states) and self.account.states[-1][1] in ("live", "slower")

    @property
    def mode(self) -> str:
        return self._mode

    def hurry(self) -> None:
        """Try at once to come back, as a page does that somebody turns to."""
        self._hurried.set()

    async def run(self) -> None:
        """Connect, listen, and come back, as static/js/live.js does."""
        attempt = 0
        try:
            while True:
                opened_at = _now()
                code = await self._visit()
                self._heard_at = _now()
                if self._is_open:
                    self._is_open, self._lost_at = False, _now()
                    self._look()
                    if self._lost_at - opened_at > STEADY_SECONDS:
                        attempt = 0
                if code in STOPPING:
                    raise AssertionError(f"{self.account.name} was sent away with {code}")
                pause = self._chance.random() * min(MOST_SECONDS, FIRST_SECONDS * 2**attempt)
                attempt = min(attempt + 1, 10)
                await self._rest(pause)
        finally:
            self.account.closed_at = time.time()

    async def _visit(self) -> int:
        address = f"{LOOPBACK}:{self.port}"
        try:
            async with asyncio.timeout(DEAD_SECONDS):
                socket = await websockets.connect(
                    f"ws://{address}/live",
                    origin=websockets.Origin(f"http://{address}"),
                    additional_headers={"Cookie": f"dispatch_login={self._token}"},
                    compression=None,
                    max_size=None,
                    open_timeout=None,
                    ping_interval=None,
                )
        except (OSError, EOFError, TimeoutError, websockets.WebSocketException):
            return 1006
        self._socket = socket
        self._heard_at = _now()
        self.account.connections += 1
        try:
            await self._send(self._hello())
            await self._listen(socket)
        except websockets.ConnectionClosed:
            pass
        finally:
            socket.transport.abort()
            await socket.wait_closed()
            self._socket = None
        code = socket.close_code or 1006
        self.account.codes.append(code)
        return code

    async def _listen(self, socket: ClientConnection) -> None:
        look_at = _now() + 1
        while _now() - self._heard_at <= DEAD_SECONDS:
            try:
                async with asyncio.timeout(max(look_at - _now(), 0)):
                    await self.reads.wait()
                    self._hear(await socket.recv(decode=True))
            except TimeoutError:
                look_at = _now() + 1
                self._look()
                await self._ask(self.twin.hear({"type": "tick"}, _now() * 1000))
            else:
                await self._ask(self._wishes)
                self._wishes = []

    def _hear(self, text: str) -> None:
        message: Message = json.loads(text)
        self._heard_at = _now()
        seen = set(CANARY.findall(text))
        self.account.foreign |= {canary for canary in seen if not self._may_see(canary)}
        match message["type"]:
            case "welcome":
                self._is_open, self._heartbeat_at = True, _now()
                self._read_at = message["now"] / 1000
            case "heartbeat":
                self._heartbeat_at, self._read_at = _now(), message["read_at"] / 1000
                self._mode = message["mode"]
            case "frame" if self.loses_frames:
                self._has_lost = True
                return
        self._look()
        self._take(message)

    def _take(self, message: Message) -> None:
        key = key_of(message) if message["type"] == "frame" else ""
        before, was_behind = self.twin.cursors.get(key), bool(self.twin.behind)
        self._wishes = self.twin.hear(message, _now() * 1000)
        if not key:
            if self.twin.behind and not was_behind:
                self.noticed_at = _now()
            return
        if self._wishes and not self._has_lost:
            self.account.gaps += 1
        if self.twin.cursors[key] is not before:
            self.account.told.append(_told(message, self._keys[key]))
            htmls = [op["html"] for op in message["ops"] if op["op"] == "put"]
            self.numbers.update(int(number) for html in htmls for number in NUMBER.findall(html))

    async def _ask(self, wishes: list[Message]) -> None:
        self.loses_frames = self.loses_frames and not wishes
        for wish in wishes:
            await self._send({**wish, "view": "page"})

    async def _send(self, message: Message) -> None:
        assert self._socket is not None
        await self._socket.send(json.dumps(message))

    def _hello(self) -> Message:
        views = []
        for key, cursor in self.twin.cursors.items():
            stream, projection = self._keys[key]
            views.append(
                {"view": "page", "stream": stream, "projection": projection, **(cursor or {})}
            )
        return {"type": "hello", "tab": self._tab, "views": views}

    async def _rest(self, seconds: float) -> None:
        until = _now() + seconds
        while (left := until - _now()) > 0 and not self._hurried.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, 1)):
                    await self._hurried.wait()
            self._look()
        self._hurried.clear()

    def _look(self) -> None:
        state = self._assess()
        if not self.account.states or self.account.states[-1][1] != state:
            self.account.states.append((time.time(), state))

    def _assess(self) -> str:
        """Return what connection.js would say."""
        is_old = self._read_at is not None and time.time() - self._read_at > TRUST_SECONDS
        if _now() - self._heartbeat_at >= TRUST_SECONDS or is_old:
            return "not-live"
        if not self._is_open and _now() - self._lost_at >= QUIET_SECONDS:
            return "reconnecting"
        if not self._is_open or self._read_at is None:
            return "checking"
        return "slower" if self._mode == "slower" else "live"


def _told(frame: Message, key: tuple[str, str]) -> Told:
    ops: list[Any] = frame["ops"]
    said = (Op(op["entity"], op["version"] if op["op"] == "put" else None) for op in ops)
    is_answer, why = "view" in frame, frame.get("why", "")
    return Told(
        time.time(), key, frame["after"], frame["seq"], frame["tag"], tuple(said), is_answer, why
    )


def _now() -> float:
    return time.monotonic()


async def closed(running: asyncio.Task[None]) -> None:
    """Close a page; what went wrong on it is raised here."""
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
