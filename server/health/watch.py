"""Asks the database by itself, now and then, so that a probe waits for nobody and costs nothing."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Protocol

from dispatch.vocabulary import ClinicId

LOOK_SECONDS = 2.0
log = logging.getLogger("dispatch.health")

Late = tuple[datetime | None, datetime | None]  # when the first request is due to end, or message
Backlogs = Mapping[ClinicId, tuple[int, datetime | None]]  # how many wait, since when the oldest


class Database(Protocol):
    """What is asked of the store."""

    async def is_current(self) -> bool:
        """Return whether the schema is the one that this code knows."""

    async def backlogs(self) -> Backlogs:
        """Return what waits in every clinic."""

    async def late(self) -> Late:
        """Return when the first request is due to end by itself, and the first message to go."""


class Watch:
    """What the database last said, and when. Redis is not asked: nothing depends on it."""

    def __init__(
        self,
        database: Database,
        troubles: tuple[type[Exception], ...],
        *,
        counts_backlogs: bool,
        elapsed: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._troubles = troubles
        self._counts_backlogs = counts_backlogs
        self._elapsed = elapsed
        self._sleep = sleep
        self._answered_at: float | None = None
        self.is_current = False
        self.backlogs: Backlogs | None = None  # None: not known just now
        self.late: Late = (None, None)

    @property
    def silent_seconds(self) -> float:
        """Return how long ago the database last answered; endless if it has not, or just failed."""
        return float("inf") if self._answered_at is None else self._elapsed() - self._answered_at

    async def look_for_ever(self) -> None:
        """Look until cancelled; a database that hangs makes its last answer older, and no more."""
        while True:
            await self.look()
            await self._sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Ask once."""
        try:
            self.is_current = await self._database.is_current()
            if self._counts_backlogs:
                self.late = await self._database.late()
                self.backlogs = await self._database.backlogs()
        except self._troubles as trouble:
            if self._answered_at is not None:
                log.warning("health: the database does not answer: %s", type(trouble).__name__)
            self._answered_at = self.backlogs = None
        else:
            self._answered_at = self._elapsed()
