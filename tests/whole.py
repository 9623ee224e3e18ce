"""Runs every test in three goes: what only computes, on every core; what mostly waits, two files at a time; the rest, alone.

`python -m tests.whole` is `make test`. A folder that is not named here is in the last go, so none
can be forgotten.
"""

import os
import subprocess
import sys

# No real sockets between processes, no limits in seconds: they may share the machine.
COMPUTING = ("demo", "dispatch", "hostile", "house", "mail", "server", "storage", "video", "web")
# Leases, silences and processes that come up: their limits leave room for a second file beside them.
WAITING = ("bus", "cluster", "controls", "health", "live", "peers", "worker")


def main() -> int:
    """Return 0 if all goes went well."""
    pytest = [sys.executable, "-m", "pytest"]
    computing, waiting = ([f"tests/{name}" for name in names] for names in (COMPUTING, WAITING))
    cores = str(os.cpu_count() or 1)
    goes = (
        [*pytest, "-n", cores, "--dist", "worksteal", *computing],
        [*pytest, "-n", "2", "--dist", "loadfile", *waiting],
        [*pytest, *(f"--ignore={folder}" for folder in (*computing, *waiting))],
    )
    # All of them always: what one finds says nothing of the others.
    return max([subprocess.run(go, check=False).returncode for go in goes])


if __name__ == "__main__":
    sys.exit(main())
