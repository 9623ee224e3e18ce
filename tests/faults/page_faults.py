"""What becomes of the way between pages and workers."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dispatch.stream import Projection
from tests.faults.fault import fault
from tests.faults.load import Cast
from tests.faults.orders import ask_through
from tests.faults.page import Page
from tests.faults.rig import Rig
from tests.faults.waiting import until

CROWD = 50  # F16
_CUTTING_SECONDS = 40
FOUND_SECONDS = 6.0  # F25


@fault("F16", "fifty more pages, sockets cut at any byte")
async def sockets_are_cut(rig: Rig) -> None:
    cast = rig.casts[0]
    async with _crowd(rig, cast) as crowd:
        before = sum(page.account.resumes for page in crowd)

        def resumes() -> int:
            return sum(page.account.resumes for page in crowd) - before

        rig.pages_way.lifetime = lambda: rig.chance.randint(200, 60_000)
        try:
            async with asyncio.timeout(_CUTTING_SECONDS):
                while resumes() < 2 * CROWD:
                    rig.pages_way.cut(0.3)
                    for page in crowd:
                        page.hurry()  # or most would soon wait, and nothing would be left to cut
                    await asyncio.sleep(0.35)
        finally:
            rig.pages_way.spare()
        await rig.settled()
        count, anew = resumes(), sum(page.account.snapshots for page in crowd)
    assert count > 10 * anew, f"{count} resumes, {anew} snapshots"


@asynccontextmanager
async def _crowd(rig: Rig, cast: Cast) -> AsyncIterator[list[Page]]:
    pages: list[Page] = []
    for _ in range(CROWD // 8 + 1):
        who = await rig.newcomer(cast)
        for _ in range(8):
            pages.append(rig.open(cast, "a board", who, (cast.town.stream, Projection.BOARD)))
    try:
        await until(lambda: all(page.is_live for page in pages), 30, "a crowd is live")
        yield pages
    finally:
        for page in pages:
            await rig.close(page)


@fault("F17", "the way to every page is a black hole, while people go on")
async def pages_hear_nothing(rig: Rig) -> None:
    rig.pages_way.hold()
    try:
        await asyncio.sleep(11.5)
        states = {page.account.states[-1][1] for page in rig.pages}
    finally:
        rig.pages_way.release()
    assert states.isdisjoint({"live", "slower"}), f"I8: in a black hole: {states}"


@fault("F25", "the last event never arrives, and then there is silence")
async def last_event_is_lost(rig: Rig) -> None:
    cast = rig.casts[0]
    for page in cast.boards:
        page.loses_frames = True  # until it has noticed by itself, and asks
    await ask_through(rig, cast, rig.workers[0])
    lost_at, late = time.monotonic(), rig.late_seconds
    for page in cast.boards:
        await until(lambda: not page.loses_frames, 15, "a page asks for what it lost")
        found = page.noticed_at - lost_at - (rig.late_seconds - late)
        assert found < FOUND_SECONDS, f"found by the heartbeat after {found:.1f} s"
