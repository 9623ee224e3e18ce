"""Several worker processes on one port: started, watched, and stopped together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

from server.settings import PREFIX, SettingError, Settings

GRACE_SECONDS = 25.0  # what a worker has to say goodbye to its pages; then it is killed
LOOK_SECONDS = 0.2
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


@dataclass(frozen=True, slots=True)
class _Start:
    """When a worker was started, and where it tells how it is: its successor tells it there."""

    at: float
    own_port: socket.socket | None


class Workers:
    """The parent of the workers; it serves nothing itself."""

    def __init__(
        self,
        listener: socket.socket,
        own_ports: Sequence[socket.socket | None],
        environment: Mapping[str, str],
    ) -> None:
        """Start one worker for each of ``own_ports``; None: one that tells nobody how it is."""
        self._listener = listener
        self._own_ports = own_ports
        self._environment = dict(environment)
        self._running: dict[subprocess.Popen[bytes], _Start] = {}
        self._stopping = threading.Event()

    def run(self, announce: Callable[[], None]) -> None:
        """Keep as many as asked for until SIGINT or SIGTERM, then stop them all."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        for own_port in self._own_ports:
            self._start(own_port)
        announce()
        while not self._stopping.wait(LOOK_SECONDS):
            self._replace_the_dead()
        self._end()

    def _start(self, own_port: socket.socket | None) -> None:
        given = {"--listener": self._listener, "--own-port": own_port}
        numbers = {name: one.fileno() for name, one in given.items() if one is not None}
        command = [sys.executable, "-m", "server", "serve"]
        command += [f"{name}={number}" for name, number in numbers.items()]
        worker = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            env=self._environment,
            pass_fds=[*numbers.values()],
            start_new_session=True,  # Ctrl-C reaches the parent alone, who stops them in order
        )
        self._running[worker] = _Start(time.monotonic(), own_port)

    def _replace_the_dead(self) -> None:
        for worker, start in [*self._running.items()]:
            if worker.poll() is None:
                continue
            if time.monotonic() - start.at < _SOON_SECONDS:
                continue  # it cannot start just now; looked at again when it would be older
            del self._running[worker]
            print(
                f"A worker ended ({worker.returncode}); another takes its place.", file=sys.stderr
            )
            self._start(start.own_port)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    def _end(self) -> None:
        for worker in self._running:
            if worker.poll() is None:
                worker.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for worker in self._running:
            try:
                worker.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment in which a worker finds the same settings."""
    said = {
        f"{PREFIX}HOST": settings.host,
        f"{PREFIX}PORT": str(settings.port),
    }
    return {**os.environ, **said}
