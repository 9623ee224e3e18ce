"""Workers that die, at a chosen step of a transaction or at any."""

import asyncio
import time

from tests.faults.fault import fault
from tests.faults.orders import BY_POLL_SECONDS, ORDERED, ask_through
from tests.faults.process import Worker
from tests.faults.rig import Rig
from tests.faults.waiting import until


async def _dies_at(rig: Rig, step: str) -> float:
    """Kill a worker at that step of somebody's request; return when a board then showed it."""
    worker, cast = rig.chance.choice(rig.workers), rig.casts[0]
    worker.order(step, ORDERED)
    asking = asyncio.create_task(ask_through(rig, cast, worker))
    await worker.obeyed()
    died_at = time.monotonic()
    deed = await asking
    assert deed.is_done, f"never answered: {deed}"
    await until(lambda: rig.shows(cast, deed.number), 6, "somebody sees the request")
    seconds = time.monotonic() - died_at
    await worker.ended()
    await worker.start()
    return seconds


@fault("F8", "worker killed between commit and hint")
async def worker_dies_before_the_bell(rig: Rig) -> None:
    await rig.load.rest()  # or what others do would ring for it
    seconds = await _dies_at(rig, "before-bell")
    assert seconds < BY_POLL_SECONDS + 1, f"without a hint it took {seconds:.1f} s"


@fault("F9", "worker killed between commit and answer")
async def worker_dies_before_the_answer(rig: Rig) -> None:
    await _dies_at(rig, "before-reply")


@fault("F10", "worker killed before commit")
async def worker_dies_before_commit(rig: Rig) -> None:
    await _dies_at(rig, "before-commit")


@fault("F8", "worker killed at any moment")
async def worker_is_killed(rig: Rig) -> None:
    worker: Worker = rig.chance.choice(rig.workers)
    await worker.kill()
    await asyncio.sleep(1)
    await worker.start()
