"""One fault after the other on a live load, each judged by itself, and a table in the end."""

import asyncio
import time
from dataclasses import dataclass, field

from tests.faults.fault import Fault
from tests.faults.page import CANARY
from tests.faults.process import EXIT_SECONDS
from tests.faults.rig import Rig

LEAST_DEEDS = 5  # that must be tried while something is broken, or it shows nothing
MOST_BYTES = 256 * 1024 * 1024  # I7: of one worker
_MORE_TASKS = 12  # I7: than at the beginning, with the same pages
_WARM_SECONDS = 0.5  # of load before each fault
_GONE_SECONDS = 5.0  # until what was closed has ended


@dataclass
class Row:
    """What one fault came to."""

    fault: Fault
    seconds: float = 0.0
    deeds: int = 0
    unclear: int = 0  # tries that nobody answered, or with 5xx
    frames: int = 0
    resumes: int = 0
    snapshots: int = 0
    settled_seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return a line of the table."""
        verdict = "; ".join(self.wrong) or "ok"
        return (
            f"{self.fault.number:<4}{self.seconds:6.1f} s {self.deeds:5} deeds {self.unclear:4} again "
            f"{self.frames:6} frames {self.resumes:5} resumes {self.snapshots:4} snapshots "
            f"{self.settled_seconds:5.1f} s to settle  {self.fault.words}: {verdict}"
        )


class Run:
    """All faults of one run, and what was counted."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.rows: list[Row] = []
        self._tasks = 0

    async def begin(self) -> None:
        """Wait until everything works, and note how much it takes."""
        self.rig.load.go()
        await asyncio.sleep(_WARM_SECONDS * 4)
        await self.rig.settled(first=True)
        self._tasks = await self._count_tasks()

    async def suffer(self, fault: Fault) -> Row:
        """Have a fault happen; return what came of it. Nothing of it is hidden by the next."""
        rig, row = self.rig, Row(fault)
        self.rows.append(row)
        began_at, before = time.monotonic(), self._counts()
        rig.load.go()
        await asyncio.sleep(_WARM_SECONDS)
        try:
            await fault.play(rig)
            row.settled_seconds = await rig.settled()
        except (AssertionError, TimeoutError) as wrong:
            row.wrong.append(str(wrong) or type(wrong).__name__)
            await rig.load.rest()
        row.wrong += await rig.oracle.judge() + await self._bounds()
        row.seconds = time.monotonic() - began_at
        after = self._counts()
        row.deeds, row.unclear, row.frames, row.resumes, row.snapshots = (
            now - then for now, then in zip(after, before, strict=True)
        )
        if row.deeds < LEAST_DEEDS:
            row.wrong.append(f"void: {row.deeds} deeds")
        if not row.frames:
            row.wrong.append("void: no frames")
        return row

    async def end(self, least_faults: int) -> list[str]:
        """Stop the workers; return what is wrong with how they went, or with the whole run."""
        found = [] if len(self.rows) >= least_faults else [f"void: only {len(self.rows)} faults"]
        seen = [deed for deed in self.rig.ledger.deeds if deed.is_done]
        if len(seen) < LEAST_DEEDS * len(self.rows):
            found.append(f"void: only {len(seen)} deeds were acknowledged")
        for worker in self.rig.workers:
            seconds = await worker.stop()
            if seconds >= EXIT_SECONDS:
                found.append(f"I7: a worker did not end within {EXIT_SECONDS:.0f} s")
        rig = self.rig
        if rig.monitored_bytes < 1000:
            found.append(f"void: only {rig.monitored_bytes} bytes were read along on Redis")
        if rig.leaks:
            found.append(f"I6: {len(rig.leaks)} canaries in Redis")
        if leaks := sum(len(CANARY.findall(worker.log)) for worker in rig.workers):
            found.append(f"I6: {leaks} canaries in the workers' logs")
        return found

    def summary(self) -> str:
        """Return what happened in all."""
        deeds = self.rig.ledger.deeds
        done = sum(1 for deed in deeds if deed.is_done)
        return (
            f"{len(self.rows)} faults, {len(deeds)} deeds ({done} acknowledged, "
            f"{sum(1 for deed in deeds if deed.status is None)} never answered), "
            f"{sum(row.frames for row in self.rows)} frames, "
            f"{sum(row.resumes for row in self.rows)} resumes, "
            f"{sum(row.snapshots for row in self.rows)} snapshots, "
            f"{sum(1 for row in self.rows if row.wrong)} faults with something wrong"
        )

    def _counts(self) -> tuple[int, int, int, int, int]:
        ledger = self.rig.ledger
        return (
            len(ledger.deeds),
            sum(deed.tries - 1 for deed in ledger.deeds),
            sum(len(page.told) for page in ledger.pages),
            sum(page.resumes for page in ledger.pages),
            sum(page.snapshots for page in ledger.pages),
        )

    async def _bounds(self) -> list[str]:
        """I7: what was closed has ended, and nothing grows."""
        most, deadline = self._tasks + _MORE_TASKS, time.monotonic() + _GONE_SECONDS
        while (tasks := await self._count_tasks()) > most and time.monotonic() < deadline:  # noqa: ASYNC110 - in another process
            await asyncio.sleep(0.1)
        found = [
            f"I7: a worker takes {worker.resident_bytes() >> 20} MiB"
            for worker in self.rig.workers
            if worker.resident_bytes() > MOST_BYTES
        ]
        if tasks > most:
            found.append(f"I7: {tasks} tasks, {self._tasks} at the beginning")
        return found

    async def _count_tasks(self) -> int:
        said = [await worker.state() for worker in self.rig.workers]
        return sum(one["tasks"] for one in said)
