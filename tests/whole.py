"""Runs every test in two goes: what only computes, on every core; then what watches the clock, alone.

`python -m tests.whole` is `make test`. A folder that is not named here is in the second go, so none
can be forgotten.
"""

import os
import subprocess
import sys

# No real sockets between processes, no limits in seconds: they may share the machine.
COMPUTING = ("demo", "dispatch", "hostile", "house", "mail", "server", "storage", "video", "web")


def main() -> int:
    """Return 0 if both goes went well."""
    pytest = [sys.executable, "-m", "pytest"]
    folders = [f"tests/{name}" for name in COMPUTING]
    cores = str(os.cpu_count() or 1)
    goes = (
        [*pytest, "-n", cores, "--dist", "worksteal", *folders],
        [*pytest, *(f"--ignore={folder}" for folder in folders)],
    )
    # Both always: what the first finds says nothing of the second.
    return max([subprocess.run(go, check=False).returncode for go in goes])


if __name__ == "__main__":
    sys.exit(main())
