"""The way out where the server frames by itself (tests, other servers): one message at a time."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from starlette.websockets import WebSocket

from server.live.websocket_frame import payload_of

HIGH_WATER = 256 * 1024


class SendWire:
    """A ``Wire`` over ``send_text``; ``pump`` is the task that sends, and ends with the wire."""

    def __init__(self, websocket: WebSocket[Any], send_seconds: float) -> None:
        self._websocket = websocket
        self._send_seconds = send_seconds
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._is_paused = False
        self._has_work = asyncio.Event()
        self._code: int | None = None
        self._is_over = False
        self._on_change: Callable[[bool], None] = lambda _is_paused: None

    @property
    def is_paused(self) -> bool:
        """Return whether more than the high-water mark waits."""
        return self._is_paused

    def listen(self, on_change: Callable[[bool], None]) -> None:
        """Have it told when the wire pauses, and when it can take more."""
        self._on_change = on_change

    def buffered(self) -> int:
        """Return how many bytes wait to be sent."""
        return self._size

    def write(self, frames: Sequence[bytes]) -> None:
        """Put messages in line."""
        if self._is_over or self._code is not None:
            return
        self._waiting.extend(frames)
        self._size += sum(map(len, frames))
        self._has_work.set()
        self._turn(self._size > HIGH_WATER)

    def ping(self) -> None:
        """Leave it to the server, which pings by itself."""

    def end(self, code: int) -> None:
        """Close with this code; what still waits here is not sent any more."""
        if self._is_paused:
            self.abort()
        elif self._code is None:
            self._code = code
            self._waiting.clear()
            self._has_work.set()

    def abort(self) -> None:
        """Send nothing more."""
        self._is_over = True
        self._has_work.set()

    def finish(self) -> None:
        """Note that the visit is over: send what is left only if a code is to be said."""
        if self._code is None:
            self.abort()

    async def pump(self) -> None:
        """Send until the wire ends; a browser that takes nothing for too long ends it."""
        try:
            await self._send_all()
        except (TimeoutError, OSError, RuntimeError):  # RuntimeError: Starlette says it is closed
            self._is_over = True

    async def _send_all(self) -> None:
        while not self._is_over:
            while self._waiting and not self._is_over:
                frame = self._waiting.popleft()
                async with asyncio.timeout(self._send_seconds):
                    await self._websocket.send_text(payload_of(frame).decode())
                self._size -= len(frame)
                self._turn(self._size > HIGH_WATER // 4 if self._is_paused else self._is_paused)
            if self._code is not None and not self._is_over:
                async with asyncio.timeout(self._send_seconds):
                    await self._websocket.close(self._code)
                return
            self._has_work.clear()
            await self._has_work.wait()

    def _turn(self, is_paused: bool) -> None:
        if is_paused != self._is_paused:
            self._is_paused = is_paused
            self._on_change(is_paused)
