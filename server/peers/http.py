"""uvicorn's HTTP protocol that waits for nobody longer than it says; it knows no page.

Measured on uvicorn 0.54: a connection that says nothing, or one letter now and then, in its head or
in its body, stays open for ever; its keep-alive time ends with the first letter of the next head.
No middleware can help: it runs after the head was read.
"""

import asyncio
from asyncio import TimerHandle
from asyncio.transports import BaseTransport
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from server.peers.address import network_of
from server.peers.door import Door, Seat
from server.peers.tcp import give_up_on_silence, tcp_socket

_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\n"
    b"content-type: text/plain; charset=utf-8\r\n"
    b"retry-after: 10\r\n"
    b"connection: close\r\n"
    b"content-length: 36\r\n\r\n"
    b"Too many connections from one place."
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a browser may take; one that is there and well needs a fraction of it."""

    head_seconds: float = 10  # from the connection, or from the first letter of a later head
    body_seconds: float = 30  # 64 KiB at most (server/web/guards.py)
    stalled_seconds: float = 15  # in which it has to take …
    least_bytes: int = 8 * 1024  # … so much of an answer that waits for it


class PatientProtocol(H11Protocol):
    """Lets a place have so many connections, and ends those on which nothing comes to an end."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        patience: Patience,
        door: Door,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._patience = patience
        self._door = door
        self._seat: Seat | None = None
        self._awaits: Literal["head", "body", None] = None
        self._last_moment: TimerHandle | None = None  # for what we await of the browser
        self._stalls: TimerHandle | None = None  # for what the browser is to take
        self._left_bytes = 0  # of that, when we last looked

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin to wait for a head, unless too many are here from that place."""
        super().connection_made(transport)  # type: ignore[arg-type]
        if (sock := tcp_socket(transport)) is not None:
            give_up_on_silence(sock)
        if self.client is not None:
            self._seat = self._door.enter(network_of(self.client[0]))
            if self._seat is None:
                self.transport.write(_FULL)
                self.transport.close()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._let_go()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what the browser says, and see what it still owes."""
        super().data_received(data)
        self._look()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Leave the connection to the protocol of sockets, which has limits of its own."""
        super().handle_websocket_upgrade(event)
        self._let_go()

    def on_response_complete(self) -> None:
        """Wait for the next head; as long as none has begun, uvicorn's keep-alive time counts."""
        super().on_response_complete()
        self._look()

    def timeout_keep_alive_handler(self) -> None:
        """Close, and see to it that it comes to an end."""
        super().timeout_keep_alive_handler()
        self._look()

    def shutdown(self) -> None:
        """Close soon, and see to it that it comes to an end."""
        super().shutdown()
        self._look()

    def pause_writing(self) -> None:
        """Have the browser take something within a while."""
        super().pause_writing()
        self._expect_progress()

    def resume_writing(self) -> None:
        """Note that it took nearly all."""
        super().resume_writing()
        if self._stalls is not None and not self.transport.is_closing():
            self._stalls.cancel()
            self._stalls = None

    def _look(self) -> None:
        """Begin a new time where the browser owes something else than before."""
        if self.transport.get_protocol() is not self:
            return  # a socket by now
        if self.transport.is_closing():
            self._expect_progress()
        awaits = self._awaited()
        if awaits == self._awaits:
            return
        self._awaits = awaits
        if self._last_moment is not None:
            self._last_moment.cancel()
        if awaits is not None:
            patience = self._patience
            seconds = patience.head_seconds if awaits == "head" else patience.body_seconds
            self._last_moment = self.loop.call_later(seconds, self.transport.abort)

    def _awaited(self) -> Literal["head", "body", None]:
        """Return what the browser owes; None: it is our turn, or nothing has begun."""
        if self.conn.their_state is h11.SEND_BODY:
            return "body"
        if self.conn.their_state is not h11.IDLE:
            return None
        # Between two heads uvicorn's own time runs, but only until the first letter of the next.
        is_idle = self.timeout_keep_alive_task is not None and not self.conn.trailing_data[0]
        return None if is_idle else "head"

    def _expect_progress(self) -> None:
        if self._stalls is None and (waiting := self.transport.get_write_buffer_size()):
            self._left_bytes = waiting
            self._stalls = self.loop.call_later(self._patience.stalled_seconds, self._check)

    def _check(self) -> None:
        """Cut a browser that took next to nothing of what waits for it."""
        self._stalls = None
        taken = self._left_bytes - self.transport.get_write_buffer_size()
        if taken < min(self._patience.least_bytes, self._left_bytes):
            self.transport.abort()
        else:
            self._expect_progress()

    def _let_go(self) -> None:
        for timer in (self._last_moment, self._stalls):
            if timer is not None:
                timer.cancel()
        if self._seat is not None:
            self._seat.leave()


def patient_protocol(patience: Patience, door: Door) -> Callable[..., asyncio.Protocol]:
    """Return what uvicorn's ``http`` makes its protocols with."""
    return partial(PatientProtocol, patience=patience, door=door)
