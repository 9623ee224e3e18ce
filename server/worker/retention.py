"""What is too old is let go of each minute or so, by whichever process comes to it first.

It knows how much at a time, so that nobody who is working waits for it; not what a row is.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from dispatch.errors import StoreAwayError
from dispatch.retention import Kept
from server.clock import Clock

PAUSE_SECONDS = 60.0  # between two rounds, give or take a half: processes do not come together
BREATH_SECONDS = 0.05  # between two batches, for those who wait to write
ROWS = 500  # deleted in one transaction; some ms
STREAMS = 20  # looked at in one transaction
FOUND = 1000  # streams, in one reading

Sleep = Callable[[float], Awaitable[None]]
log = logging.getLogger(__name__)


class Shelves(Protocol):
    """What is asked of the store; both are safe in any number of processes at once."""

    def outgrown(self, before: datetime, limit: int) -> Awaitable[Sequence[str]]:
        """Return streams that hold events to let go of."""

    def purge(
        self, kind: Kept, before: datetime, limit: int, streams: Collection[str] = ()
    ) -> Awaitable[int]:
        """Delete at most so many rows in one transaction; return how many.

        0 also when another process is at it.
        """


async def retain_for_ever(
    store: Shelves,
    clock: Clock,
    kept_for: Mapping[Kept, timedelta],
    *,
    sleep: Sleep = asyncio.sleep,
    chance: Callable[[], float] = random.random,
) -> None:
    """Let go of what is too old until cancelled; a database that is away is tried again."""
    while True:
        await sleep(PAUSE_SECONDS * (0.5 + chance()))
        try:
            for kind, age in kept_for.items():
                if count := await purge_all(store, kind, clock.now() - age, sleep):
                    log.info("retention: %d of kind %s went", count, kind)
        except StoreAwayError as trouble:
            log.warning("retention: %s", type(trouble).__name__)


async def purge_all(store: Shelves, kind: Kept, before: datetime, sleep: Sleep) -> int:
    """Let go of everything of a kind that is older, a batch at a time; return how many rows."""
    if kind is not Kept.EVENT:
        return await _drain(store, kind, before, (), sleep)
    count = 0
    while streams := await store.outgrown(before, FOUND):
        gone = 0
        for start in range(0, len(streams), STREAMS):
            gone += await _drain(store, kind, before, streams[start : start + STREAMS], sleep)
            await sleep(BREATH_SECONDS)
        if not gone:
            break  # another process is at it
        count += gone
    return count


async def _drain(
    store: Shelves, kind: Kept, before: datetime, streams: Collection[str], sleep: Sleep
) -> int:
    count = 0
    while gone := await store.purge(kind, before, ROWS, streams):
        count += gone
        if gone < ROWS:
            break
        await sleep(BREATH_SECONDS)
    return count
