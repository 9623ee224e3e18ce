"""uvicorn's WebSocket protocol, made able to take framed bytes and to let go of a dead browser.

Measured on uvicorn 0.54: a browser that stops reading keeps its socket for ever, because every way
to an end goes through ``transport.close()``, which waits for a buffer that never drains. Here each
of those ways also has a moment at which the transport is aborted.
"""

import asyncio
import contextlib
import logging
import socket
from asyncio import TimerHandle
from asyncio.transports import BaseTransport
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.exceptions import InvalidState

EXTENSION = "dispatch.transport"
HIGH_WATER = 256 * 1024  # bytes that may wait in this process before the wire counts as paused
KERNEL_BUFFER = 128 * 1024  # Linux doubles it; left to itself it grows to 4 MB for each slow page
SILENT_MS = 20_000  # TCP gives up on bytes that nobody acknowledged for so long
CLOSING_SECONDS = 2.0  # for the browser's answer to a close, and for what still waits
SHUTDOWN_SECONDS = 1.0

log = logging.getLogger("dispatch.live")


class DirectWire:
    """A ``Wire`` that writes to the transport itself: no task, queue or framing for each socket."""

    def __init__(self, protocol: "LiveProtocol") -> None:
        self._protocol = protocol
        self._on_change: Callable[[bool], None] = _nobody

    @property
    def is_paused(self) -> bool:
        """Return whether more than the high-water mark waits."""
        return not self._protocol.writable.is_set()

    def listen(self, on_change: Callable[[bool], None]) -> None:
        """Have it told when the wire pauses, and when it can take more."""
        self._on_change = on_change

    def buffered(self) -> int:
        """Return how many bytes the transport holds back."""
        return self._protocol.transport.get_write_buffer_size()

    def write(self, frames: Sequence[bytes]) -> None:
        """Hand framed messages to the transport, in one piece."""
        protocol = self._protocol
        if protocol.close_sent or protocol.transport.is_closing():
            return
        protocol.transport.write(frames[0] if len(frames) == 1 else b"".join(frames))

    def end(self, code: int) -> None:
        """Close with this code, or cut the wire if it is paused."""
        self._protocol.end(code)

    def abort(self) -> None:
        """Cut the wire."""
        self._protocol.transport.abort()

    def changed(self, is_paused: bool) -> None:
        """Pass on what the transport says of its buffer."""
        self._on_change(is_paused)


class LiveProtocol(WebSocketsSansIOProtocol):
    """Offers ``scope["extensions"]["dispatch.transport"]``, and always comes to an end."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.wire = DirectWire(self)
        self._last_moment: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Bound what one browser can make us hold, in this process and in the kernel."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=HIGH_WATER)
        sock: socket.socket | None = transport.get_extra_info("socket")
        if sock is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
            return
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER)
            if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENT_MS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the last moment: this is it."""
        if self._last_moment is not None:
            self._last_moment.cancel()
        super().connection_lost(exc)

    def handle_connect(self, event: Any) -> None:
        """Offer the wire to the application, whose task starts after this."""
        super().handle_connect(event)
        if self.response.status_code == 101:
            extensions = cast(dict[str, Any], self.scope["extensions"])
            extensions[EXTENSION] = self.wire

    def pause_writing(self) -> None:
        """Tell whoever writes that the buffer is full."""
        super().pause_writing()
        self.wire.changed(True)

    def resume_writing(self) -> None:
        """Tell whoever writes that there is room again."""
        super().resume_writing()
        self.wire.changed(False)

    def end(self, code: int) -> None:
        """Close with this code without waiting; the application hears of it at once."""
        if self.close_sent or self.transport.is_closing():
            return
        if not self.writable.is_set():
            self.transport.abort()
            return
        try:
            self.conn.send_close(code)
        except InvalidState:  # the browser was first
            self.transport.abort()
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(CLOSING_SECONDS, self.transport.abort)

    def keepalive_timeout(self) -> None:
        """Cut a wire whose browser answers no ping, even one that is waiting to close."""
        self.pong_timer = None
        self.transport.abort()

    def send_keepalive_ping(self) -> None:
        """Ping, unless the wire is on its way to an end; then make sure that it comes."""
        super().send_keepalive_ping()
        if self.transport.is_closing():
            self._abort_within(CLOSING_SECONDS)

    def send_receive_event_to_app(self) -> None:
        """Pass a message on; one that is no UTF-8 ends the socket, without a traceback."""
        if self.curr_msg_data_type == "text" and not _is_text(b"".join(self.frames)):
            self.frames = []
            self.conn.fail(1007)
            self.handle_parser_exception()
            return
        super().send_receive_event_to_app()

    def handle_parser_exception(self) -> None:
        """End a socket whose bytes make no sense."""
        super().handle_parser_exception()
        self._abort_within(CLOSING_SECONDS)

    def handle_close(self, event: Any) -> None:
        """Answer the browser's close, and do not wait for it to read the answer."""
        super().handle_close(event)
        self._abort_within(CLOSING_SECONDS)

    def eof_received(self) -> None:
        """Let the transport close; a browser that only stopped sending may never read the rest."""
        super().eof_received()
        self._abort_within(CLOSING_SECONDS)

    def shutdown(self) -> None:
        """Say 1012 to a browser that reads, and leave the others after a second."""
        super().shutdown()
        self._abort_within(SHUTDOWN_SECONDS)

    async def run_asgi(self) -> None:
        """Run the application; once it is done, so is the connection."""
        await super().run_asgi()
        self._abort_within(CLOSING_SECONDS)

    def _abort_within(self, seconds: float) -> None:
        if self._last_moment is not None:
            self._last_moment.cancel()
        if not self.disconnected:
            self._last_moment = self.loop.call_later(seconds, self.transport.abort)


def missing_in(base: type) -> Sequence[str]:
    """Return what ``LiveProtocol`` overrides or calls and this uvicorn does not have."""
    ours = (name for name in vars(LiveProtocol) if not name.startswith("_"))
    return sorted(name for name in {*ours} - {"end"} if not hasattr(base, name))


def best_protocol() -> "type[asyncio.Protocol] | str":
    """Return the protocol for uvicorn's ``ws``; the log says so when it is not our own."""
    missing = missing_in(WebSocketsSansIOProtocol)
    if not missing:
        return LiveProtocol
    log.warning("live: uvicorn lacks %s, so sockets are served the slow way", ", ".join(missing))
    return "websockets-sansio"


def direct_wire(scope: Mapping[str, Any]) -> DirectWire | None:
    """Return the wire of a connection, or None where another server runs the application."""
    wire = (scope.get("extensions") or {}).get(EXTENSION)
    return wire if isinstance(wire, DirectWire) else None


def _is_text(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


def _nobody(_is_paused: bool) -> None:
    """Hear nothing: nobody listens yet."""
