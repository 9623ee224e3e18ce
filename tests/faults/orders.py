"""Single deeds that a fault is about: sent through one worker, which may have been ordered to die of them."""

import asyncio
import time

from tests.faults.ledger import Deed
from tests.faults.load import Cast
from tests.faults.process import Worker
from tests.faults.rig import Rig
from tests.faults.waiting import until

BY_POLL_SECONDS = 1.2  # for what no hint told: a look at the heads each second
_SLACK_SECONDS = 1.0  # of a busy machine
SOON_SECONDS = 0.7  # that a person may wait for what no fault concerns, on a busy machine
ORDERED = "order-"  # begins the keys of these deeds
SLEEPING = "FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"


async def ask_through(rig: Rig, cast: Cast, worker: Worker) -> Deed:
    """Have somebody ask through that worker, as soon as somebody is free who may."""
    while True:
        deed = await rig.load.ask(cast, worker.port, ORDERED)
        # Not whoever has an open request, or has yet to read an answer: nothing was asked by those.
        is_asked = deed is not None and (deed.is_done or deed.status is None)
        if deed is not None and is_asked and (not deed.was_there or deed.tries > 1):
            return deed
        await asyncio.sleep(0.02)


async def flip(rig: Rig, cast: Cast, worker: Worker) -> list[Deed]:
    """Have a host turn on and off, or off and on: one of it changes something."""
    return [await rig.load.toggle(cast.hosts[-1], state, worker.port) for state in ("on", "off")]


def slowest(deeds: list[Deed]) -> float:
    return max(deed.slowest_seconds for deed in deeds)


async def seen_by_poll(rig: Rig, deed: Deed) -> None:
    """Wait until every board shows a request; fail if that takes longer than a look at the heads."""
    began_at, late = time.monotonic(), rig.late_seconds
    boards = [
        page
        for cast in rig.casts
        for page in cast.boards
        if cast.town.clinic.account_id == deed.account
    ]
    await until(
        lambda: all(deed.number in page.numbers for page in boards), 6, "all boards show it"
    )
    seconds = time.monotonic() - began_at - (rig.late_seconds - late)
    assert seconds < BY_POLL_SECONDS + _SLACK_SECONDS, f"without a hint it took {seconds:.1f} s"
