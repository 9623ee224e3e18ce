"""Keeping this machine's time with the database's, where several machines share one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

from dispatch.errors import StoreAwayError

PAUSE_SECONDS = 60.0
_WORTH_A_WORD = timedelta(seconds=1)
log = logging.getLogger("dispatch.worker")


class SharedTime(Protocol):
    """The store, as far as it knows the time."""

    async def set_clock(self) -> timedelta:
        """Correct our clock to the database's; return how far that one is ahead of the machine."""


async def keep_time(store: SharedTime, before: timedelta = timedelta(0)) -> timedelta:
    """Correct the clock once; say so where it makes a difference that people see."""
    ahead = await store.set_clock()
    if abs(ahead - before) >= _WORTH_A_WORD:
        log.warning(
            "this machine's clock is %+.1f s off the database's, which counts: does NTP run?",
            -ahead.total_seconds(),
        )
    return ahead


async def keep_time_for_ever(
    store: SharedTime,
    before: timedelta,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Correct it each minute; while the database is away, what was last known goes on."""
    while True:
        await sleep(PAUSE_SECONDS)
        try:
            before = await keep_time(store, before)
        except StoreAwayError as trouble:
            log.warning("the database's clock cannot be read: %s", type(trouble).__name__)
