"""The contestants in rounds, so that a machine that drifts is unfair to nobody."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.child import Child, child
from bench.peers.contestants import OURS, Contestant
from bench.peers.grounds import Grounds, grounds
from bench.peers.payload import Payload
from bench.peers.visit import Pattern, Standing, Visit
from bench.peers.workers import workers

_PENDING = 10  # rows on the board
_PAGES = 10  # of one scheduler


@dataclass(frozen=True, slots=True)
class Course:
    """What everybody goes through."""

    contestants: Sequence[Contestant]
    sizes: Sequence[int] = (100, 500, 2000)
    rounds: int = 3
    shrink: float = 1.0  # of the windows
    pattern: Pattern = field(default_factory=Pattern)


@dataclass(slots=True)
class Visited:
    """What one contestant showed in one round."""

    name: str
    round: int
    standings: list[Standing]


class Round:
    """Visits one contestant after the other, on the same Redis and the same database."""

    def __init__(self, course: Course, place: Grounds, database: str, ours: Child) -> None:
        self._course = course
        self._place = place
        self._database = database
        self._ours = ours  # the process that changes rows of the console
        self._town: dict[str, Any] = {}
        self.payload: Payload | None = None

    async def found(self) -> None:
        """Have schedulers enough, and a board."""
        desks = max(self._course.sizes) // _PAGES + 1
        self._town = await self._ours.ask("found", schedulers=desks, pending=_PENDING)

    async def visit(self, who: Contestant, number: int) -> Visited:
        """Start a contestant, measure it at each size, and end it."""
        found = Visited(who.name, number, [])
        async with (
            workers(who, self._place, self._database, self.payload) as running,
            self._publisher(who) as publisher,
            child("bench.peers.pages") as (pages, _),
        ):
            visiting = Visit(who, running, pages, publisher)
            for sockets in self._course.sizes:
                how = await self._greeting(who)
                found.standings.append(
                    await visiting.stand(sockets, self._course.pattern, self._course.shrink, **how)
                )
            if who.name == OURS.name and self.payload is None:
                self.payload = Payload.like(bytes.fromhex(visiting.sample))
            await pages.ask("leave")
        return found

    async def _greeting(self, who: Contestant) -> dict[str, Any]:
        if who.name == OURS.name:
            return {"stream": self._town["stream"], **await self._ours.ask("cursor")}
        return {"has_login": True} if who.asks_who else {}

    @asynccontextmanager
    async def _publisher(self, who: Contestant) -> AsyncIterator[Child | None]:
        if who.name == OURS.name:
            yield self._ours
        elif not who.told_by:
            yield None
        else:
            how = ("bench.peers.publisher", who.told_by, self._place.redis)
            async with child(*how) as (started, _):
                assert self.payload is not None
                await started.ask("payload", head=self.payload.head, tail=self.payload.tail)
                yield started


@asynccontextmanager
async def opened_round(course: Course) -> AsyncIterator[Round]:
    """Start Redis, PostgreSQL and the process that changes rows; end them all."""
    with grounds() as place:
        database = place.database("bench")
        how = ("bench.peers.publisher", "console", place.redis, database)
        async with child(*how) as (ours, _):
            opened = Round(course, place, database, ours)
            await opened.found()
            yield opened


async def rounds(course: Course) -> AsyncIterator[tuple[Visited, Payload]]:
    """Yield each visit as it ends; ours is the first, for its frame is what all send."""
    async with opened_round(course) as opened:
        for number in range(course.rounds):
            for who in course.contestants:
                visited = await opened.visit(who, number)
                assert opened.payload is not None
                yield visited, opened.payload
