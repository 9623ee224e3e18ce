"""One worker as a process: started, ordered to die at a step, frozen, killed, asked how it is."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from server.settings import ROOT
from tests.faults.waiting import until

_READY_SECONDS = 60
_ORDER_SECONDS = 20
EXIT_SECONDS = 25.0  # I7


class Worker:
    """``tests.faults.worker`` on a port of its own; started again it keeps port and log."""

    def __init__(self, port: int, folder: Path, environment: dict[str, str]) -> None:
        self.port = port
        self.starts = 0
        self._folder = folder
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir()

    @property
    def log(self) -> str:
        """Return everything it ever said."""
        return (self._folder / "log").read_text(errors="replace")

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    async def start(self) -> None:
        """Start it and wait until it takes connections."""
        command = [sys.executable, "-m", "tests.faults.worker", str(self.port), str(self._folder)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: ASYNC220 - a fork is short
                command, env=self._environment, cwd=ROOT, stdout=log, stderr=log
            )
        self.starts += 1
        await until(
            lambda: self.log.count("is ready") >= self.starts or not self.is_running,
            _READY_SECONDS,
            "a worker is ready",
        )
        assert self.is_running, self.log[-2000:]

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    async def kill(self) -> None:
        """End it as a crash would, frozen or not."""
        self.signal(signal.SIGKILL)
        await self.ended()

    async def ended(self) -> None:
        """Wait until it is gone."""
        await until(lambda: not self.is_running, _ORDER_SECONDS, "a worker is gone")

    async def stop(self) -> float:
        """Ask it to end; return how many seconds that took, the limit if it had to be killed."""
        if not self.is_running or self._process is None:
            return 0.0
        began_at = time.monotonic()
        self.signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(self._process.wait, EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            await self.kill()
        return time.monotonic() - began_at

    def order(self, step: str, begins: str, seconds: float = 0.0) -> None:
        """Have it die at that step of the next such transaction, or dawdle there."""
        (self._folder / "done").unlink(missing_ok=True)
        draft = self._folder / "order.new"
        draft.write_text(f"{step} {begins} {seconds}")
        draft.rename(self._folder / "order")

    async def obeyed(self) -> None:
        """Wait until the order is being carried out."""
        await until((self._folder / "done").exists, _ORDER_SECONDS, "an order is obeyed")

    async def state(self) -> dict[str, Any]:
        """Return what it says of its tasks, sockets and tailer."""
        file = self._folder / "state"
        file.unlink(missing_ok=True)
        self.signal(signal.SIGUSR1)
        await until(file.exists, _ORDER_SECONDS, "a worker says how it is")
        said: dict[str, Any] = json.loads(file.read_text())
        return said

    def resident_bytes(self) -> int:
        """Return its memory as Linux counts it (VmRSS)."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) * 1024 if found else 0
