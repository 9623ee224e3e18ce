"""`honcho start` runs the Procfile as it stands, on the embedded default and on PostgreSQL with Redis."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.house.checkout import ROOT
from tests.servers.postgres import running_postgres
from tests.servers.redis import free_port

SECONDS = 120.0  # before a start counts as failed


class Honcho:
    """The Procfile's processes as one sees them in a terminal."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self._lines.put(line.rstrip())
        self._lines.put(None)

    def wait_for(self, *words: str) -> None:
        """Read until each of these was said; what was said before counts too."""
        deadline = time.monotonic() + SECONDS
        while not all(any(word in line for line in self.said) for word in words):
            line = self._lines.get(timeout=max(deadline - time.monotonic(), 0.01))
            assert line is not None, "\n".join(self.said)
            self.said.append(line)

    def stop(self) -> None:
        """End them all, as Ctrl-C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        self._reader.join()
        while (line := self._lines.get()) is not None:
            self.said.append(line)
        if self.process.stdout is not None:
            self.process.stdout.close()


@contextmanager
def honcho(folder: Path, port: int, **settings: str) -> Iterator[Honcho]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DISPATCH_")}
    there = Path(sys.executable).parent
    environment = {**kept, **settings, "PATH": f"{there}{os.pathsep}{kept['PATH']}"}
    # From the checkout, with a database elsewhere; honcho reads no .env of whoever runs this.
    command = [str(there / "honcho"), "-e", str(folder / "none.env"), "start", "-p", str(port)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    running = Honcho(process)
    try:
        yield running
    finally:
        running.stop()


def test_the_procfile_runs_as_it_stands_on_the_embedded_default(tmp_path: Path) -> None:
    port = free_port()
    database = f"sqlite:///{tmp_path}/console.db"
    with honcho(tmp_path, port, DISPATCH_DATABASE_URL=database) as running:
        running.wait_for(
            f"The console is ready: http://127.0.0.1:{port}/sign-in",
            "the web process does the background work; this one waits.",
            "No Redis is needed",
        )
        assert httpx2.get(f"http://127.0.0.1:{port}/sign-in").status_code == 200
    assert not [line for line in running.said if "Traceback" in line]


@pytest.mark.postgres
@pytest.mark.redis
def test_the_procfile_runs_as_it_stands_on_postgresql_and_redis(tmp_path: Path) -> None:
    web, bell = free_port(), free_port()
    with running_postgres() as postgres:
        settings = {
            "DISPATCH_DATABASE_URL": postgres.url("procfile"),
            "DISPATCH_BUS_URL": f"redis://127.0.0.1:{bell}/0",
        }
        with honcho(tmp_path, web, **settings) as running:
            running.wait_for(
                f"The console is ready: http://127.0.0.1:{web}/sign-in",
                "The background work is done here.",
                f"A Redis for development: redis://127.0.0.1:{bell}",
            )
            assert httpx2.get(f"http://127.0.0.1:{web}/sign-in").status_code == 200
    assert not [line for line in running.said if "Traceback" in line]
