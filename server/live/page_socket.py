"""A page's socket after its handshake: bytes both ways, and a sure end; it knows no message.

It lives by callbacks. No task, queue, timer or request waits beside it, and nothing of the
handshake is kept: that, and not what it does, is what an idle socket used to cost.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from websockets.frames import Frame, Opcode

from server.live.codes import Close
from server.live.incoming import Incoming, IncomingError, code_of

CLOSING_SECONDS = 2.0  # for the browser's answer to a close, and for what still waits
SHUTDOWN_SECONDS = 1.0
_PING = Frame(Opcode.PING, b"").serialize(mask=False)
_LOST = 1006  # as a browser calls it: there was no close frame


class Guest(Protocol):
    """Whoever is told what the page says."""

    def hear(self, text: str | None) -> None:
        """Take a message; None: it is no text."""

    def leave(self, code: int) -> None:
        """Take note, once, that the socket is over, and by which code."""


class PageSocket(asyncio.Protocol):
    """A ``Wire`` on the transport itself; uvicorn counts it as one of its connections."""

    __slots__ = (
        "_connections",
        "_guest",
        "_incoming",
        "_is_over",
        "_last_moment",
        "_on_change",
        "_owes_pong",
        "_transport",
        "is_paused",
    )

    def __init__(
        self, transport: asyncio.Transport, connections: "set[object]", most_bytes: int
    ) -> None:
        self._transport = transport
        self._connections = connections
        self._incoming: Incoming | None = Incoming(most_bytes)  # None: what comes makes no sense
        self._guest: Guest | None = None
        self._on_change: Callable[[bool], None] | None = None
        self._last_moment: asyncio.TimerHandle | None = None
        self._owes_pong = False
        self._is_over = False  # nothing is said any more; a close may still be on its way
        self.is_paused = False  # more than the high-water mark waits
        connections.add(self)
        transport.set_protocol(self)

    def serve(self, guest: Guest) -> None:
        """Tell it everything from now on."""
        self._guest = guest

    # The wire ---------------------------------------------------------------------------------

    def listen(self, on_change: Callable[[bool], None]) -> None:
        """Have it told when the wire pauses, and when it can take more."""
        self._on_change = on_change

    def buffered(self) -> int:
        """Return how many bytes the transport holds back."""
        return self._transport.get_write_buffer_size()

    def write(self, frames: Sequence[bytes]) -> None:
        """Hand framed messages to the transport, in one piece."""
        if not self._is_over:
            self._transport.write(frames[0] if len(frames) == 1 else b"".join(frames))

    def ping(self) -> None:
        """Ask for a sign of life; a browser that still owes the last one is cut."""
        if self._owes_pong:
            self._transport.abort()
        elif not self._is_over:
            self._owes_pong = True
            self._transport.write(_PING)

    def end(self, code: int) -> None:
        """Close with this code, or cut the wire if it is paused; the guest leaves soon."""
        if self._is_over:
            return
        if self.is_paused:
            self._transport.abort()
        else:
            self._say_close(code.to_bytes(2, "big"))
            self._abort_within(CLOSING_SECONDS)
        self._leave(code)

    def abort(self) -> None:
        """Cut the wire."""
        self._transport.abort()

    def stop_hearing(self) -> None:
        """Let what the browser says wait in the kernel."""
        self._transport.pause_reading()

    def hear_on(self) -> None:
        """Take what was said meanwhile."""
        self._transport.resume_reading()

    # The transport ----------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        """Tell the guest what the browser said."""
        if self._incoming is None:
            return
        self._owes_pong = False
        try:
            for opcode, payload in self._incoming.hear(data):
                self._take(opcode, payload)
        except IncomingError as error:
            self._incoming = None
            self.end(error.code)

    def eof_received(self) -> None:
        """Let the transport close; a browser that only stopped sending may never read the rest."""
        self._abort_within(CLOSING_SECONDS)

    def pause_writing(self) -> None:
        """Tell whoever writes that the buffer is full."""
        self._change(is_paused=True)

    def resume_writing(self) -> None:
        """Tell whoever writes that there is room again."""
        self._change(is_paused=False)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget everything: this was the last moment."""
        self._connections.discard(self)
        if self._last_moment is not None:
            self._last_moment.cancel()
        self._leave(_LOST)
        self._on_change = None

    def shutdown(self) -> None:
        """Say 1012 to a browser that reads, and leave the others after a second (for uvicorn)."""
        if not self._is_over:
            self._say_close(Close.RESTARTING.to_bytes(2, "big"))
        self._leave(Close.RESTARTING)
        self._transport.close()
        self._abort_within(SHUTDOWN_SECONDS)

    # ------------------------------------------------------------------------------------------

    def _take(self, opcode: Opcode, payload: bytes) -> None:
        if self._is_over:
            if opcode is Opcode.CLOSE:  # the answer to ours
                self._transport.close()
            return
        match opcode:
            case Opcode.TEXT:
                self._tell(payload.decode())
            case Opcode.BINARY:
                self._tell(None)
            case Opcode.PING if not self.is_paused:  # nobody makes us hold answers
                self._transport.write(Frame(Opcode.PONG, payload).serialize(mask=False))
            case Opcode.CLOSE:
                code = code_of(payload)
                self._say_close(payload)
                self._transport.close()
                self._abort_within(CLOSING_SECONDS)  # it may never read the answer
                self._leave(code)
            case _:  # a pong, or a ping that cannot be answered now
                pass

    def _tell(self, text: str | None) -> None:
        if self._guest is not None:
            self._guest.hear(text)

    def _say_close(self, payload: bytes) -> None:
        self._transport.write(Frame(Opcode.CLOSE, payload).serialize(mask=False))

    def _leave(self, code: int) -> None:
        """Tell the guest soon, never at once: whoever ends a socket may be going through them."""
        self._is_over = True
        if self._guest is not None:
            asyncio.get_running_loop().call_soon(self._guest.leave, code)
            self._guest = None

    def _change(self, *, is_paused: bool) -> None:
        self.is_paused = is_paused
        if self._on_change is not None:
            self._on_change(is_paused)

    def _abort_within(self, seconds: float) -> None:
        if self._last_moment is not None:
            self._last_moment.cancel()
        loop = asyncio.get_running_loop()
        self._last_moment = loop.call_later(seconds, self._transport.abort)
