"""uvicorn's WebSocket protocol for the length of a handshake; then it hands its transport over.

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
from collections.abc import Mapping, Sequence
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from server.live.page_socket import CLOSING_SECONDS, SHUTDOWN_SECONDS, PageSocket
from server.peers.tcp import give_up_on_silence, tcp_socket

EXTENSION = "dispatch.transport"
HIGH_WATER = 256 * 1024  # bytes that may wait in this process before the wire counts as paused
KERNEL_BUFFER = 128 * 1024  # Linux doubles it; left to itself it grows to 4 MB for each slow page

log = logging.getLogger("dispatch.live")


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
        self._last_moment: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Bound what one browser can make us hold, in this process and in the kernel."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=HIGH_WATER)
        if (sock := tcp_socket(transport)) is not None:
            give_up_on_silence(sock)
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the last moment: this is it."""
        if self._last_moment is not None:
            self._last_moment.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take the handshake, and nothing before its answer: a browser waits (RFC 6455, 4.1).

        So nothing that a page says has been half read here when its socket is handed over.
        """
        if self.handshake_initiated and not self.handshake_complete:
            self.transport.abort()
            return
        super().data_received(data)

    def handle_connect(self, event: Any) -> None:
        """Offer the transport to the application, whose task starts after this."""
        super().handle_connect(event)
        if self.response.status_code == 101:
            cast(dict[str, Any], self.scope["extensions"])[EXTENSION] = self

    def hand_over(self) -> PageSocket:
        """Return the page's socket, which lives on without this protocol, its task and its request.

        To be called right after the handshake was accepted, before anything is awaited.
        """
        self.stop_keepalive()
        self.connections.discard(self)
        most_bytes = self.config.ws_max_size
        page_socket = PageSocket(self.transport, cast(set[object], self.connections), most_bytes)
        self.transport = _HandedOver()  # uvicorn closes it when the application returns
        # To a browser that is just going uvicorn says nothing, and then has words for nobody.
        self.handshake_complete = True
        # What of the handshake refers to itself would wait for the garbage collector.
        del cast(dict[str, Any], self.scope["extensions"])[EXTENSION]
        self.conn.parser.close()
        return page_socket

    def keepalive_timeout(self) -> None:
        """Cut a wire whose browser answers no ping, even one that is waiting to close."""
        self.pong_timer = None
        self.transport.abort()

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
        """Run the application; once it is done, so is the connection, unless it was handed over."""
        await super().run_asgi()
        if not isinstance(self.transport, _HandedOver):
            self._abort_within(CLOSING_SECONDS)

    def _abort_within(self, seconds: float) -> None:
        if self._last_moment is not None:
            self._last_moment.cancel()
        if not self.disconnected:
            self._last_moment = self.loop.call_later(seconds, self.transport.abort)


class _HandedOver(asyncio.Transport):
    """What is left to a protocol whose transport is another's: nothing that it could close."""

    def close(self) -> None:
        """Leave the page's socket alone."""

    def is_closing(self) -> bool:
        """Return that nothing can be written here."""
        return True


def missing_in(base: type) -> Sequence[str]:
    """Return what ``LiveProtocol`` overrides or calls and this uvicorn does not have."""
    ours = (name for name in vars(LiveProtocol) if not name.startswith("_"))
    calls = ("stop_keepalive",)
    return sorted(name for name in {*ours, *calls} - {"hand_over"} if not hasattr(base, name))


def best_protocol() -> "type[asyncio.Protocol] | str":
    """Return the protocol for uvicorn's ``ws``; the log says so when it is not our own."""
    missing = missing_in(WebSocketsSansIOProtocol)
    if not missing:
        return LiveProtocol
    log.warning("live: uvicorn lacks %s, so sockets are served the slow way", ", ".join(missing))
    return "websockets-sansio"


def page_socket(scope: Mapping[str, Any]) -> PageSocket | None:
    """Return the socket of an accepted connection, or None where another server runs us.

    The connection is the page socket's from now on; the application may return.
    """
    protocol = (scope.get("extensions") or {}).get(EXTENSION)
    return protocol.hand_over() if isinstance(protocol, LiveProtocol) else None
