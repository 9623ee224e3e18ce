"""One contestant in one round: more and more sockets, idle, told at a pace, told in a burst."""

import asyncio
from dataclasses import dataclass
from typing import Any

from bench.child import Child
from bench.meter import Stretch, resident_bytes
from bench.peers.contestants import Contestant
from bench.peers.workers import Running


@dataclass(slots=True)
class Told:
    """A window in which changes were told; CPU in seconds, for each change."""

    cpu: float  # of all workers, without what idling costs
    telling: float  # of the process that made the changes
    p50: float  # ms
    p99: float
    frames: float  # at each socket
    missing: int
    breaks: int
    generator: float  # share of one core that the load generator used


@dataclass(slots=True)
class Standing:
    """What so many sockets cost."""

    sockets: int
    opening: float = 0.0  # CPU seconds of the workers for each socket that came
    resident: int = 0  # bytes of all workers, before anything was told …
    warmed: int = 0  # … and after
    idle: float = 0.0  # CPU seconds of all workers, each second
    paced: Told | None = None
    burst: Told | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """How changes are told: so many together, so far apart."""

    paced_gap: float = 0.05  # s: 20 changes a second, each alone
    together: int = 10  # changes of a tick of the burst
    burst_gap: float = 0.05  # s: 200 changes a second


class Visit:
    """Runs the windows of one contestant."""

    def __init__(
        self, who: Contestant, running: Running, pages: Child, publisher: Child | None
    ) -> None:
        self._who = who
        self._running = running
        self._pages = pages
        self._publisher = publisher
        self._sockets = 0
        self._idle = 0.0
        telling = [publisher.pid] if publisher else []
        self._groups = (running.pids, [pages.pid], telling)
        self.sample = ""  # the last frame of one change that a page got

    async def stand(self, sockets: int, pattern: Pattern, shrink: float, **how: Any) -> Standing:
        """Have so many sockets, and measure."""
        with Stretch(self._groups) as opening:
            await self._pages.ask(
                "come", to=sockets, ports=self._running.ports, kind=self._who.greeting, **how
            )
        came, self._sockets = sockets - self._sockets, sockets
        found = Standing(sockets)
        with Stretch(self._groups) as quiet:
            await self._pages.ask("rest", seconds=self._who.idle_seconds * shrink)
        found.idle = quiet.cpu[0] / quiet.seconds
        # Those that are there idle meanwhile, and so do the new ones from when they came.
        idling = (self._idle + found.idle) / 2 * opening.seconds
        found.opening = (opening.cpu[0] - idling) / came
        self._idle = found.idle
        found.resident = self._resident()
        if self._who.paced:
            paced = max(2, round(self._who.paced * shrink))
            found.paced = await self._told(paced, 1, pattern.paced_gap, found.idle)
        if self._who.ticks:
            ticks = max(1, round(self._who.ticks * shrink))
            found.burst = await self._told(ticks, pattern.together, pattern.burst_gap, found.idle)
        found.warmed = self._resident()
        return found

    def _resident(self) -> int:
        return sum(map(resident_bytes, self._running.pids))

    async def _told(self, ticks: int, changes: int, gap: float, idle: float) -> Told:
        count = ticks * changes
        await self._pages.ask("begin")
        with Stretch(self._groups) as window:
            stamps = await self._tell(ticks, changes, gap)
            had = await self._pages.ask("have", changes=count)
        waits = await self._pages.ask("waits", stamps=stamps)
        self.sample = waits["sample"]
        workers_cpu, generator, telling = window.cpu
        return Told(
            cpu=(workers_cpu - idle * window.seconds) / count,
            telling=telling / count,
            p50=waits["p50"],
            p99=waits["p99"],
            frames=had["frames"],
            missing=had["missing"],
            breaks=had["breaks"],
            generator=generator / window.seconds,
        )

    async def _tell(self, ticks: int, changes: int, gap: float) -> dict[str, int]:
        if self._publisher is not None:
            told = await self._publisher.ask("tell", ticks=ticks, changes=changes, gap_seconds=gap)
            return dict(told["stamps"])
        floors = self._running.floors
        return dict((await asyncio.gather(*(each.tell(ticks, changes, gap) for each in floors)))[0])
