"""uvicorn's server as this process runs it: says when it serves, and comes to an end in time."""

import contextlib
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import uvicorn

from server.live.desk import LiveDesk
from server.live.drain import drain

LAST_SECONDS = 24.0  # from the signal; then the kernel ends the process, whatever it is doing


@dataclass(frozen=True, slots=True)
class Place:
    """Where this process stands among others, and so how it ends."""

    has_others: bool = False  # processes that its pages can move to
    shares_port: bool = False  # with them: who does not accept leaves the newcomers to them


ALONE = Place()


class Server(uvicorn.Server):
    """SIGTERM moves the pages to other processes first, if there are any; SIGINT does not wait.

    A second signal of either kind ends the waiting, never a unit of work.
    """

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None], place: Place) -> None:
        super().__init__(config)
        self._announce = announce
        self._place = place
        self._drains = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end at the first signal, and hurry at the second."""
        if self.should_exit:
            self.force_exit = True
            return
        super().handle_exit(sig, frame)
        signal.setitimer(signal.ITIMER_REAL, LAST_SECONDS)
        self._drains = sig == signal.SIGTERM and self._place.has_others
        if (desk := self._desk()) is not None:
            desk.is_draining = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the pages go elsewhere, then do what uvicorn does, and always close the store."""
        # Whoever keeps a connection open hears with the next answer to use another.
        self.server_state.default_headers.append((b"connection", b"close"))
        if self._drains and (desk := self._desk()) is not None:
            if self._place.shares_port:
                for server in self.servers:
                    server.close()
            await drain(desk, lambda: self.force_exit)
        await super().shutdown(sockets)
        if self.force_exit:
            await self.lifespan.shutdown()  # which uvicorn leaves out then

    def _desk(self) -> LiveDesk | None:
        state = self.lifespan.state if hasattr(self, "lifespan") else {}
        desk: LiveDesk | None = state.get("live")
        return desk


def allow_many_files() -> None:
    """Use what the system allows us: a shell's usual 1,024 would end with the thousandth page."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # a system may say more than it lets one ask for
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@contextmanager
def no_alarm_left() -> Iterator[None]:
    """Take the alarm of the last moment back, should anybody live on."""
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
