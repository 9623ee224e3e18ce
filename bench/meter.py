"""What processes used of the machine, read from outside without disturbing them; Linux only."""

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process so far, all threads included, to the nanosecond."""
    # clock_getcpuclockid(3): a process's clock is its number, inverted, three bits up, plus 2.
    return time.clock_gettime((~pid << 3) | 2)


def resident_bytes(pid: int) -> int:
    """Return the memory of a process as Linux counts it (VmRSS)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


def family(pid: int) -> list[int]:
    """Return a process and its children."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *map(int, listed)]


def cpu_of_all(pids: Iterable[int]) -> float:
    """Return the CPU time of several processes; one that ended counts no more."""
    total = 0.0
    for pid in pids:
        with suppress(OSError):
            total += cpu_seconds(pid)
    return total


@dataclass(slots=True)
class Stretch:
    """Seconds that went by, and the CPU seconds that each group of processes used meanwhile."""

    groups: Sequence[Sequence[int]]
    seconds: float = 0.0
    cpu: tuple[float, ...] = ()
    _began: float = 0.0
    _before: tuple[float, ...] = ()

    def __enter__(self) -> "Stretch":
        """Begin."""
        self._began = time.monotonic()
        self._before = tuple(map(cpu_of_all, self.groups))
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        after = [cpu_of_all(group) for group in self.groups]
        self.seconds = time.monotonic() - self._began
        self.cpu = tuple(now - then for now, then in zip(after, self._before, strict=True))
