"""Runs every test in three goes: what only computes, on more than every core; what mostly waits, two files at a time; the rest, alone.

`python -m tests.whole` is `make test`. A folder that is not named here is in the last go, so none
can be forgotten.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

TESTS = Path("tests")
# No limits in seconds but those that end what hangs: they may share the machine. First the longest.
COMPUTING = (
    "bench", "journeys", "js", "house", "web", "storage", "faults/test_snapshot_race.py",
    "faults/test_sqlite.py", "hostile", "server", "demo", "mail", "races", "dispatch", "video",
)  # fmt: skip
A_CORE = 1.5  # of them at once on each core: a page, a disk or another process is often waited for
# Leases, silences and processes that come up: their limits leave room for a second file beside them.
# First those of few long tests, or one of two would wait for the other in the end.
WAITING = (
    "cluster", "bus", "controls", "health", "live", "peers", "worker", "server/test_ending.py",
)  # fmt: skip
# What is promised there is a second, two, or half of one (S64, S79, S88): whoever looks has nobody beside them.
TIMED = ("journeys/test_main_job.py", "journeys/test_counters.py", "journeys/test_board_tools.py")


def goes() -> list[list[str]]:
    """Return the words of each."""
    pytest = [sys.executable, "-m", "pytest"]
    computing, waiting, timed = (
        [str(TESTS / name) for name in names] for names in (COMPUTING, WAITING, TIMED)
    )
    named = {*computing, *waiting}
    rest = [str(path) for path in sorted(TESTS.iterdir()) if path.is_dir()]
    alone = [folder for folder in rest if folder not in named]
    many = str(int((os.cpu_count() or 1) * A_CORE))
    return [
        [*pytest, "-n", many, "--dist", "worksteal", *_without([*timed, *waiting]), *computing],
        [*pytest, "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", *waiting],
        [*pytest, *_without(named), *alone, *timed],
    ]


def _without(names: Iterable[str]) -> list[str]:
    return [f"--ignore={name}" for name in sorted(names)]


def main() -> int:
    """Return 0 if all goes went well."""
    with tempfile.TemporaryDirectory(prefix="pycache-") as folder:
        environment = {**os.environ}
        if environment.pop("PYTHONDONTWRITEBYTECODE", ""):
            # Or each of the hundreds of processes would compile the whole console anew. None of it
            # is left where somebody wants it not to be.
            environment["PYTHONPYCACHEPREFIX"] = folder
        # All of them always: what one finds says nothing of the others.
        return max([subprocess.run(go, env=environment, check=False).returncode for go in goes()])


if __name__ == "__main__":
    sys.exit(main())
