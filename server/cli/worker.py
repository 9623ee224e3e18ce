"""One worker process as its parent sees it: started, ready or not, asked to end, surely gone."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping

READY = b"1"  # what a worker writes once it serves


class Worker:
    """A child that serves the listener it is given. Waits for nothing by itself."""

    def __init__(
        self,
        listener: socket.socket,
        own_port: socket.socket | None,
        environment: Mapping[str, str],
        command: str,
    ) -> None:
        ours, theirs = os.pipe()
        os.set_blocking(ours, False)
        self._words = os.fdopen(ours, "rb", buffering=0)
        given = {"--listener": listener.fileno(), "--ready": theirs}
        if own_port is not None:
            given["--own-port"] = own_port.fileno()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [
                *(sys.executable, "-m", "server", command),
                *(f"{name}={number}" for name, number in given.items()),
            ],
            env=dict(environment),
            pass_fds=[*given.values()],
            start_new_session=True,  # Ctrl-C reaches the parent alone, who stops them in order
        )
        os.close(theirs)
        self._is_ready = False
        self.started_at = time.monotonic()

    @property
    def is_alive(self) -> bool:
        """Return whether the process runs."""
        return self._process.poll() is None

    @property
    def is_ready(self) -> bool:
        """Return whether it has said that it serves."""
        self._is_ready = self._is_ready or self._words.read(1) == READY
        return self._is_ready

    @property
    def code(self) -> int | None:
        """Return what it ended with; None: it runs."""
        return self._process.poll()

    def ask(self, number: signal.Signals) -> None:
        """Send it a signal: SIGTERM moves its pages first, SIGINT ends it soon."""
        if self.is_alive:
            self._process.send_signal(number)

    def surely_end(self, seconds: float) -> None:
        """Wait so long for its end, then kill it."""
        try:
            self._process.wait(max(seconds, 0.1))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._words.close()
