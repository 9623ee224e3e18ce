"""The bench runs and says every figure; how good the figures are is for a quiet machine to tell."""

import subprocess
import sys

from tests.house.checkout import ROOT

FIGURES = (
    "(a) CPU per delivery",
    "the same by send_text on stock uvicorn",
    "the same bytes to plain asyncio connections",
    "send_text / ours",
    "ours / plain connections",
    "CPU of a socket to which nothing happens",
    "(b) CPU of a change, command to frame, 10 rows pending",
    "(b) CPU of a change, command to frame, 50 rows pending",
    "50 rows / 10 rows",
    "frames for each change",
    "CPU of the transaction alone",
    "elapsed time of the transaction alone",
    "(c) commit to socket, p50",
    "commit to socket, p99",
    "(d) memory of an idle socket",
    "CPU of a change in two workers, 1 boards open",
    "change to socket, p99",
)
# The others need what only `make bench` installs, or are these again at another size.
PARTS = ("boards", "sockets", "changes", "waiting")


def test_the_quick_bench_says_every_figure() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", *(f"--only={part}" for part in PARTS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert not ran.stderr
    said = ran.stdout.splitlines()
    missing = [figure for figure in FIGURES if not any(figure in line for line in said)]
    assert not missing
    assert any("Python" in line and "uvicorn" in line for line in said)
