"""The pages of the bench: raw sockets that greet, answer pings, and drain what they are told."""

import asyncio
import json
import resource
import time
from asyncio.transports import BaseTransport
from collections.abc import Callable

_PAGES = 10  # of one scheduler: as many as one person may have open
_AT_ONCE = 40  # handshakes
_TEXT, _PING = 0x81, 0x89
_MASK = bytes(4)  # masking with zeros is masking all the same
_OPENING_SECONDS = 60
Greeting = tuple[bytes, bytes]  # the handshake (empty: no WebSocket at all), then a first message


class Page(asyncio.Protocol):
    """One socket; it reads frames by their headers only."""

    def __init__(self, crowd: "Crowd", greeting: Greeting, expected: int) -> None:
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._crowd = crowd
        self._handshake, self._hello = greeting
        self._expected = expected  # frames before the page counts as open
        self._is_upgraded = not self._handshake
        self._rest = bytearray()

    def connection_made(self, transport: BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._crowd.pages.append(self)
        transport.write(self._handshake)
        self._count_down(0)

    def connection_lost(self, exc: Exception | None) -> None:
        self._crowd.lost += not self._crowd.is_leaving
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("the server closed a page that was opening"))

    def data_received(self, data: bytes) -> None:
        at = time.monotonic_ns()
        if not self._rest and self._is_upgraded and data[0] == _TEXT and _size(data) == len(data):
            self._crowd.hear(data, at)  # nearly always: one message, whole
            self._count_down(1)
            return
        self._rest += data
        if not self._is_upgraded:
            end = self._rest.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self._rest.startswith(b"HTTP/1.1 101"):
                raise ConnectionError(bytes(self._rest[:80]).decode())
            del self._rest[: end + 4]
            self._is_upgraded = True
            self.transport.write(self._hello)
            self._count_down(0)
        while len(self._rest) > 1 and (size := _size(self._rest)) <= len(self._rest):
            self._frame(bytes(self._rest[:size]), at)
            del self._rest[:size]

    def _frame(self, frame: bytes, at: int) -> None:
        if frame[0] == _TEXT:
            self._crowd.hear(frame, at)
            self._count_down(1)
        elif frame[0] == _PING:
            payload = frame[2:]
            self.transport.write(bytes((0x8A, 0x80 | len(payload))) + _MASK + payload)

    def _count_down(self, frames: int) -> None:
        if self.opened.done():
            return
        self._expected -= frames
        if self._is_upgraded and self._expected <= 0:
            self.opened.set_result(None)


class Crowd:
    """All pages, and what they heard."""

    def __init__(self, port: int, greeting: Callable[[int], Greeting], expected: int) -> None:
        self.pages: list[Page] = []
        self.is_leaving = False
        self.lost = 0
        self.count = 0  # of changes that were heard
        self.last = b""
        self.is_timing = False
        self.heard: list[tuple[int, bytes]] = []  # (monotonic ns, frame) of each, while timing
        self._port = port
        self._greeting = greeting
        self._expected = expected

    def hear(self, frame: bytes, at: int) -> None:
        """Note a message; a heartbeat is none."""
        if b'"heartbeat"' in frame[:40]:
            return
        self.count += 1
        self.last = frame
        if self.is_timing:
            self.heard.append((at, frame))

    async def grow(self, to: int) -> None:
        """Open pages until there are so many, a few at a time."""
        async with asyncio.timeout(_OPENING_SECONDS):
            while len(self.pages) < to:
                count = min(_AT_ONCE, to - len(self.pages))
                first = len(self.pages)
                await asyncio.gather(*(self._open(first + number) for number in range(count)))
        self.forget()

    def forget(self) -> None:
        """Begin to count anew."""
        self.count = 0
        self.heard.clear()

    def leave(self) -> None:
        """Cut every connection."""
        self.is_leaving = True
        for page in self.pages:
            page.transport.abort()

    async def _open(self, number: int) -> None:
        page = Page(self, self._greeting(number), self._expected)
        await asyncio.get_running_loop().create_connection(lambda: page, "127.0.0.1", self._port)
        await page.opened


def upgrade(port: int, token: str) -> bytes:
    """Return the handshake of our own page."""
    lines = (
        "GET /live HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: http://127.0.0.1:{port}",
        f"Cookie: dispatch_login={token}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: ZGV0ZXJtaW5pc3RpYyE9PQ==",
        "\r\n",
    )
    return "\r\n".join(lines).encode()


def hello(number: int, stream: str) -> bytes:
    """Return the first message of the n-th page: it shows a board, from nothing."""
    view = {"view": "page", "stream": stream, "projection": "board", "seq": 0, "tag": ""}
    said = json.dumps({"type": "hello", "tab": f"bench-{number:06d}", "views": [view]}).encode()
    return bytes((_TEXT, 0x80 | 126)) + len(said).to_bytes(2, "big") + _MASK + said


def scheduler_of(number: int) -> int:
    """Return whose page the n-th is."""
    return number // _PAGES


def raise_limit_of_files() -> None:
    """Let this process and its children open as many sockets as the machine allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def payload_of(frame: bytes) -> str:
    """Return the text of a whole frame."""
    header = {126: 4, 127: 10}.get(frame[1], 2)
    return frame[header:].decode()


def _size(start: bytes | bytearray) -> int:
    """Return the length of the frame that starts here, header included."""
    length = start[1]
    if length < 126:
        return 2 + length
    if length == 126:
        return 4 + int.from_bytes(start[2:4], "big") if len(start) >= 4 else 4
    return 10 + int.from_bytes(start[2:10], "big") if len(start) >= 10 else 10
