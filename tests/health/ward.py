"""One process as its checks and figures see it, with every part that can fail in a test's hands."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from dispatch.errors import StoreAwayError
from dispatch.vocabulary import ClinicId
from server.health.figures import Figures
from server.health.metrics import Metrics
from server.health.readiness import Readiness
from server.health.watch import Watch
from tests.health.scrape import Scrape
from tests.live.rig import Rig


class FakeDatabase:
    """Answers, fails, or never answers."""

    def __init__(self) -> None:
        self.is_away = False
        self.hangs = False
        self.revision_is_known = True
        self.waiting: dict[ClinicId, tuple[int, datetime | None]] = {}
        self.due: tuple[datetime | None, datetime | None] = (None, None)

    async def is_current(self) -> bool:
        if self.is_away:
            raise StoreAwayError("ConnectionResetError")
        if self.hangs:
            await asyncio.Event().wait()
        return self.revision_is_known

    async def backlogs(self) -> Mapping[ClinicId, tuple[int, datetime | None]]:
        return self.waiting

    async def late(self) -> tuple[datetime | None, datetime | None]:
        return self.due


class Ward:
    """The rig, its watch and its figures, on one clock."""

    def __init__(self) -> None:
        self.rig = Rig()
        self.database = FakeDatabase()
        self.slower_seconds = 0.0  # it is the bell too
        self.watch = Watch(
            self.database,
            (StoreAwayError,),
            counts_backlogs=True,
            elapsed=lambda: self.rig.elapsed,
        )
        self.readiness = Readiness(self.rig.live, self.watch)
        self.metrics = Metrics()
        self.rig.note_told = self.metrics.note_told
        clock = self.rig.town.clock
        self.metrics.read_from(Figures(self.rig.live, self, self.watch, self.readiness, clock))

    async def live_a_while(self, seconds: float = 2.0, *, tailer: bool = True) -> None:
        """Let time pass, and everybody look as they do."""
        self.rig.elapsed += seconds
        if tailer:
            self.rig.tailer.wake({})
            await self.rig.tailer.step()
        await self.rig.live.heart.look()
        looking = asyncio.ensure_future(self.watch.look())
        await asyncio.wait({looking}, timeout=None if not self.database.hangs else 0)
        looking.cancel()

    def scrape(self) -> Scrape:
        return Scrape(self.metrics.page("")[0].decode())

    def troubles(self) -> dict[str, str]:
        """Return the checks that are not well."""
        found = {name: said for name, said in self.readiness.checks().items() if said != "ok"}
        assert self.readiness.is_ready == (not found)
        return found
