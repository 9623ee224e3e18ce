"""Single deeds that a fault is about: sent through one worker, which may have been ordered to die of them."""

import asyncio

from tests.faults.ledger import Deed
from tests.faults.load import Cast
from tests.faults.process import Worker
from tests.faults.rig import Rig

SOON_SECONDS = 0.7  # that a person may wait for what no fault concerns, on a busy machine
ORDERED = "order-"  # begins the keys of these deeds
SLEEPING = "FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"


async def ask_through(rig: Rig, cast: Cast, worker: Worker) -> Deed:
    """Have somebody ask through that worker, as soon as somebody is free who has no open request."""
    while True:
        deed = await rig.load.ask(cast, worker.port, ORDERED)
        if deed is not None and (not deed.was_there or deed.tries > 1):
            return deed
        await asyncio.sleep(0.02)


async def flip(rig: Rig, cast: Cast, worker: Worker) -> list[Deed]:
    """Have a host turn on and off, or off and on: one of it changes something."""
    return [await rig.load.toggle(cast.hosts[-1], state, worker.port) for state in ("on", "off")]


def slowest(deeds: list[Deed]) -> float:
    return max(deed.slowest_seconds for deed in deeds)
