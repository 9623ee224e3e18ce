"""Several worker processes on one port: started, watched, renewed one by one, stopped together."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

from server.cli.worker import Worker
from server.settings import PREFIX, SettingError, Settings

GRACE_SECONDS = 25.0  # what a worker has to let go of its pages and its work; then it is killed
READY_SECONDS = 30.0  # for a new worker, before the old ones are kept instead
LOOK_SECONDS = 0.1
_TERMINAL = 0  # standard input, if it is one
_SOON_SECONDS = 2.0  # a worker that lives shorter than this is not started again at once


def check(settings: Settings, count: int) -> None:
    """Refuse what several workers cannot share.

    Raises:
        SettingError: SQLite, or a bell that rings in one process only.
    """
    if not 1 <= count <= 64:
        raise SettingError("Choose between 1 and 64 workers.")
    if count > 1 and not settings.database_url.startswith("postgresql"):
        raise SettingError(
            f"SQLite serves one worker. For {count}, set {PREFIX}DATABASE_URL to a PostgreSQL "
            "database (postgresql+asyncpg://...)."
        )
    if count > 1 and settings.bus_url == "memory://":
        raise SettingError(
            f"{count} workers need a bell between them: set {PREFIX}BUS_URL to redis://host:port."
        )


class Workers:
    """The parent of the workers; it serves nothing itself.

    SIGINT and SIGTERM stop them all, at once: there is nobody whom their pages could move to.
    SIGHUP puts a new one in the place of each, one after the other, while the pages move over,
    unless it says that the terminal was closed in which they run: that stops them.
    """

    def __init__(
        self,
        listener: socket.socket,
        own_ports: Sequence[socket.socket | None],
        environment: Mapping[str, str],
        command: str = "serve",
    ) -> None:
        """Start one worker for each of ``own_ports``; None: one that tells nobody how it is."""
        self._command = command
        self._listener = listener
        self._own_ports = own_ports  # where each tells how it is, and its successor after it
        self._environment = dict(environment)
        self._running: list[Worker] = []
        self._passing: list[
            Worker
        ] = []  # a new one that does not serve yet, or an old one that goes
        self._stopping = threading.Event()
        self._is_renewal_due = False
        self._has_terminal = os.isatty(_TERMINAL)

    def run(self, announce: Callable[[], None]) -> None:
        """Keep as many as asked for until SIGINT or SIGTERM; ``announce`` once one serves."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGHUP, self._ask_for_renewal)
        self._running += [self._worker(place) for place in range(len(self._own_ports))]
        while not any(worker.is_ready for worker in self._running) and self._look():
            pass
        if not self._stopping.is_set():
            announce()
        while self._look():
            if self._is_renewal_due:
                self._is_renewal_due = False
                self._renew()
        self._end()

    def _worker(self, place: int) -> Worker:
        own_port = self._own_ports[place]
        return Worker(self._listener, own_port, self._environment, self._command)

    def _look(self) -> bool:
        """Let a moment pass and replace the dead; return whether to go on."""
        is_stopping = self._stopping.wait(LOOK_SECONDS)
        if not is_stopping:
            self._replace_the_dead()
        return not is_stopping

    def _replace_the_dead(self) -> None:
        for place, worker in enumerate(self._running):
            # One that cannot start just now is looked at again when it would be older.
            is_soon = time.monotonic() - worker.started_at < _SOON_SECONDS
            if worker.is_alive or is_soon:
                continue
            print(f"A worker ended ({worker.code}); another takes its place.", file=sys.stderr)
            worker.surely_end(0)
            self._running[place] = self._worker(place)

    def _renew(self) -> None:
        for place in range(len(self._running)):
            if not self._renew_one(place):
                return
        print(f"The console runs on {len(self._running)} new workers.", flush=True)

    def _renew_one(self, place: int) -> bool:
        """Start a new one, then have the old one's pages move over; or keep what there is."""
        new = self._worker(place)
        self._passing.append(new)
        self._while(lambda: new.is_alive and not new.is_ready, READY_SECONDS)
        if self._stopping.is_set():
            return False
        self._passing.remove(new)
        if not new.is_ready:
            print("A new worker does not start; the old ones go on.", file=sys.stderr)
            new.ask(signal.SIGINT)
            new.surely_end(GRACE_SECONDS)
            return False
        old, self._running[place] = self._running[place], new
        self._passing.append(old)
        old.ask(signal.SIGTERM)
        self._while(lambda: old.is_alive, GRACE_SECONDS)
        if self._stopping.is_set():
            return False
        self._passing.remove(old)
        old.surely_end(0)
        return True

    def _while(self, holds: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while holds() and time.monotonic() < deadline and self._look():
            pass

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    def _ask_for_renewal(self, _number: int, _frame: FrameType | None) -> None:
        self._is_renewal_due = True
        if self._has_terminal and not os.isatty(_TERMINAL):
            self._stopping.set()

    def _end(self) -> None:
        workers = [*self._running, *self._passing]
        for worker in workers:
            # One that does not serve yet knows no order: SIGINT is a traceback of its imports.
            worker.ask(signal.SIGINT if worker.is_ready else signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for worker in workers:
            worker.surely_end(deadline - time.monotonic())


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment in which a worker finds the same settings."""
    said = {
        f"{PREFIX}DATABASE_URL": settings.database_url,
        f"{PREFIX}BUS_URL": settings.bus_url,
        f"{PREFIX}HOST": settings.host,
        f"{PREFIX}PORT": str(settings.port),
    }
    return {**os.environ, **said}
