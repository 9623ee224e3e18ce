"""The sweep: twice a second it settles what time alone has made due."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from dispatch.errors import DispatchError
from dispatch.people import system_actor
from dispatch.ports import Store
from dispatch.usecases.sweep import Settle, settle
from server.clock import Clock

PAUSE_SECONDS = 0.5  # so that a decline, a lease or a toggle ends within a second of its time
BATCH = 200

Sleep = Callable[[float], Awaitable[None]]
log = logging.getLogger(__name__)


async def sweep_for_ever(store: Store, clock: Clock, sleep: Sleep = asyncio.sleep) -> None:
    """Sweep until cancelled; a database that is away is tried again, never given up."""
    while True:
        try:
            await sweep_once(store, clock)
        except Exception as error:  # noqa: BLE001 - whatever storage raises, requests still expire
            log.warning("sweep failed: %s", type(error).__name__)
        await sleep(PAUSE_SECONDS)


async def sweep_once(store: Store, clock: Clock) -> int:
    """Settle everything that is due now; return how many things that was.

    Each is a transaction of its own: one that cannot be settled does not hold up the others.
    """
    now = clock.now()
    dues = await store.read(lambda reading: reading.due(now, BATCH))
    for due in dues:
        try:
            await store.perform(settle, Settle(due), system_actor(due.account_id))
        except DispatchError as error:  # somebody was faster; the next round looks again
            log.info("sweep left %s %s: %s", due.kind, due.id, error.code)
        except Exception as error:  # noqa: BLE001 - one that cannot be settled holds up nobody
            log.warning("sweep failed at %s %s: %s", due.kind, due.id, type(error).__name__)
    return len(dues)
