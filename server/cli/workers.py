"""Several worker processes on one port: started, watched, and stopped together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
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


class Workers:
    """The parent of the workers; it serves nothing itself."""

    def __init__(self, listener: socket.socket, count: int, environment: Mapping[str, str]) -> None:
        self._listener = listener
        self._count = count
        self._environment = dict(environment)
        self._running: dict[subprocess.Popen[bytes], float] = {}
        self._stopping = threading.Event()

    def run(self, announce: Callable[[], None]) -> None:
        """Keep as many as asked for until SIGINT or SIGTERM, then stop them all."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        for _ in range(self._count):
            self._start()
        announce()
        while not self._stopping.wait(LOOK_SECONDS):
            self._replace_the_dead()
        self._end()

    def _start(self) -> None:
        number = self._listener.fileno()
        command = [sys.executable, "-m", "server", "serve", "--listener", str(number)]
        worker = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            env=self._environment,
            pass_fds=[number],
            start_new_session=True,  # Ctrl-C reaches the parent alone, who stops them in order
        )
        self._running[worker] = time.monotonic()

    def _replace_the_dead(self) -> None:
        for worker, since in [*self._running.items()]:
            if worker.poll() is None:
                continue
            if time.monotonic() - since < _SOON_SECONDS:
                continue  # it cannot start just now; looked at again when it would be older
            del self._running[worker]
            print(
                f"A worker ended ({worker.returncode}); another takes its place.", file=sys.stderr
            )
            self._start()

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
