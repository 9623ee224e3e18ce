"""One page of the bench: a raw socket that greets, answers pings, and drains what it is told."""

import asyncio
import re
import time
from asyncio.transports import BaseTransport
from collections.abc import Mapping
from typing import NamedTuple, Protocol

_TEXT, _PING = 0x81, 0x89
_MASK = bytes(4)  # masking with zeros is masking all the same
_RANGE = re.compile(rb'"after":(\d+|null),"seq":(\d+)(?:,"tag":"(\w*)")?')
# What engine.io says beside messages, and what its client answers.
_ENGINE = {b"0{": b"40", b"2": b"3"}
Told = tuple[tuple[int | None, int], ...]  # the ranges of changes, one for each frame


class Greeting(NamedTuple):
    """How a page begins."""

    handshake: bytes  # empty: no WebSocket at all
    hello: bytes  # the first message, framed
    expected: int  # frames of text before the page counts as open


class Audience(Protocol):
    """What a page needs to know of all of them."""

    breaks: int
    snapshots: int
    tags: dict[int, str]

    @property
    def buffer(self) -> memoryview: ...
    @property
    def known(self) -> Mapping[bytes, Told]: ...
    def come(self, page: "Page") -> None: ...
    def go(self, page: "Page") -> None: ...
    def count(self, at: int, after: int, seq: int) -> None: ...
    def remember(self, chunk: bytes, told: Told) -> None: ...


class Page(asyncio.BufferedProtocol):
    """All pages are told the same bytes, so what was understood once is only looked up."""

    def __init__(self, crowd: Audience, number: int, greeting: Greeting) -> None:
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.number = number
        self.seq: int | None = None  # the last change that it was told
        self._crowd = crowd
        self._handshake, self._hello, self._expected = greeting
        self._is_upgraded = not self._handshake
        self._rest = bytearray()

    def connection_made(self, transport: BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._crowd.come(self)
        if self._handshake:
            transport.write(self._handshake)
        self._count_down(0)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("the server closed a page that was opening"))
        self._crowd.go(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._crowd.buffer

    def buffer_updated(self, nbytes: int) -> None:
        at = time.monotonic_ns()
        chunk = bytes(self._crowd.buffer[:nbytes])
        if not self._rest and self.opened.done():
            told = self._crowd.known.get(chunk)
            if told is not None:
                self._hear(told, at)
                return
        self._rest += chunk
        if self._is_upgraded or self._upgrade():
            self._read(chunk, at)

    def _upgrade(self) -> bool:
        end = self._rest.find(b"\r\n\r\n")
        if end < 0:
            return False
        if not self._rest.startswith(b"HTTP/1.1 101"):
            raise ConnectionError(bytes(self._rest[:80]).decode())
        del self._rest[: end + 4]
        self._is_upgraded = True
        if self._hello:
            self.transport.write(self._hello)
        self._count_down(0)
        return True

    def _read(self, chunk: bytes, at: int) -> None:
        """Take the frames that are whole; remember a chunk that was nothing but messages."""
        told: list[tuple[int | None, int]] = []
        place, is_plain = 0, bytes(self._rest) == chunk
        rest = self._rest
        while len(rest) - place > 1 and place + (size := size_of(rest, place)) <= len(rest):
            frame = bytes(rest[place : place + size])
            place += size
            if frame[0] == _TEXT:
                told += self._ranges_in(frame)
                is_plain = self._spoken(frame) and is_plain
            elif frame[0] == _PING:
                self.transport.write(bytes((0x8A, 0x80 | frame[1])) + _MASK + frame[2:])
                is_plain = False
        del rest[:place]
        if is_plain and not rest:
            self._crowd.remember(chunk, tuple(told))
        self._hear(tuple(told), at)

    def _ranges_in(self, frame: bytes) -> Told:
        """Return which changes a message says, if any."""
        found = _RANGE.search(frame, 0, 400)
        if found is None:
            return ()
        after, seq, tag = found.groups()
        self._crowd.tags[int(seq)] = (tag or b"").decode()
        return ((None if after == b"null" else int(after), int(seq)),)

    def _spoken(self, frame: bytes) -> bool:
        """Answer engine.io, count down to being open; False: the next such chunk asks for more."""
        was_open = self.opened.done()
        payload = payload_of(frame)
        answer = _ENGINE.get(payload[:2]) if len(payload) > 1 else _ENGINE.get(payload)
        if answer:
            self.transport.write(masked(answer))
        else:
            self._count_down(1)
        return was_open and not answer

    def _hear(self, told: Told, at: int) -> None:
        for after, seq in told:
            if after is None:
                self._crowd.snapshots += 1
            elif seq > after:
                if self.seq is not None and after != self.seq:
                    self._crowd.breaks += 1
                self._crowd.count(at, after, seq)
            self.seq = seq

    def _count_down(self, frames: int) -> None:
        if self.opened.done():
            return
        self._expected -= frames
        if self._is_upgraded and self._expected <= 0:
            self.opened.set_result(None)


def payload_of(frame: bytes) -> bytes:
    """Return the text of a whole frame."""
    return frame[{126: 4, 127: 10}.get(frame[1], 2) :]


def masked(payload: bytes) -> bytes:
    """Return a message as a browser frames it."""
    size = len(payload)
    length = bytes((0x80 | size,)) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes((_TEXT,)) + length + _MASK + payload


def size_of(bytes_: bytes | bytearray, place: int = 0) -> int:
    """Return the length of the frame that starts there, header included."""
    length = bytes_[place + 1]
    if length < 126:
        return 2 + length
    wide, start = (2, 4) if length == 126 else (8, 10)
    if len(bytes_) < place + start:
        return start
    return start + int.from_bytes(bytes_[place + 2 : place + 2 + wide], "big")
