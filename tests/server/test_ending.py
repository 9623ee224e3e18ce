"""One process alone: Ctrl-C is quick, a second one quicker, and nothing holds it for ever."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from server.settings import ROOT

SERVE = (
    "import server.cli.server as s; s.LAST_SECONDS = {seconds}; from server.__main__ import main; "
)
SERVE += "raise SystemExit(main(['serve', '--port', '0']))"


@contextmanager
def serving(
    folder: Path, last_seconds: float = 24.0
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run the embedded console; yield it and its port."""
    environment = {**os.environ, "DISPATCH_DATABASE_URL": f"sqlite:///{folder}/x.db"}
    command = [sys.executable, "-c", SERVE.format(seconds=last_seconds)]
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # fmt: skip
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        assert "is ready" in said
        yield process, int(said.rpartition("/")[0].rpartition(":")[2])
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def a_request_that_never_ends(port: int) -> Iterator[None]:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        head = (
            f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nSec-Fetch-Site: same-origin\r\n"
        )
        connection.sendall(f"{head}Expect: 100-continue\r\nContent-Length: 900\r\n\r\n".encode())
        assert b"100" in connection.recv(64)  # somebody waits for the rest
        yield


def seconds_to_end(process: subprocess.Popen[str]) -> float:
    began = time.monotonic()
    process.wait(30)
    return time.monotonic() - began


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_with_nobody_to_move_to_it_does_not_wait(tmp_path: Path, number: signal.Signals) -> None:
    with serving(tmp_path) as (process, port):
        with socket.create_connection(("127.0.0.1", port)):
            process.send_signal(number)
            assert seconds_to_end(process) < 3
        assert process.returncode == (0 if number is signal.SIGINT else -signal.SIGTERM)


def test_a_request_is_waited_for_until_the_second_signal(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, port), a_request_that_never_ends(port):
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.7)
        process.send_signal(signal.SIGINT)
        assert seconds_to_end(process) < 1.8  # without it, 2.3 more and the time to clean up
        assert process.returncode == 0


def test_whatever_holds_it_the_kernel_ends_it(tmp_path: Path) -> None:
    with serving(tmp_path, last_seconds=0.5) as (process, port), a_request_that_never_ends(port):
        process.send_signal(signal.SIGINT)
        process.wait(30)
        assert process.returncode == -signal.SIGALRM
