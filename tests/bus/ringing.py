"""A worker's bell as the fault tests watch it: what its listener was told, in which mode, and when."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from server.bus.bell import Heads, Mode
from server.bus.redis_bell import RedisBell

PLACE = "postgresql+asyncpg:///faults"
AT_ONCE = 1.0  # seconds: there was an error, and the silence of 1.5 had not to be waited for
IN_TIME = 3.0  # there was silence, on a busy machine
RECOVERED = 8.0  # the longest pause, a try that fails, another pause


class Worker:
    """A bell that runs, and what its listener was told in which mode."""

    def __init__(self, url: str, chance: Callable[[], float] = lambda: 0.0) -> None:
        self.bell = RedisBell(url, PLACE, sleep=self._sleep, chance=chance)
        self.told: list[tuple[Mode, Heads]] = []
        self.pauses = 0
        self._changed = asyncio.Event()
        self.bell.subscribe(self._listen)
        self.running = asyncio.create_task(self.bell.run())

    def _listen(self, heads: Heads) -> None:
        self.told.append((self.bell.mode, dict(heads)))
        self._changed.set()

    async def _sleep(self, seconds: float) -> None:
        self.pauses += 1
        self._changed.set()
        await asyncio.sleep(seconds)

    async def until(self, condition: Callable[[], bool], within: float) -> None:
        async with asyncio.timeout(within):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def is_slower(self, within: float) -> None:
        """Wait for the mode, and for the listener to be told to look for itself."""
        await self.until(lambda: ("slower", {}) in self.told, within)
        assert self.bell.mode == "slower"

    async def is_live(self, within: float = RECOVERED) -> None:
        await self.until(lambda: ("live", {}) in self.told, within)
        assert not self.running.done()

    async def pauses_again(self, times: int) -> None:
        """Wait until it has tried in vain so often."""
        before = self.pauses
        await self.until(lambda: self.pauses >= before + times, RECOVERED)

    async def hears(self, stream: str, seq: int) -> None:
        def heard() -> bool:
            return any(heads.get(stream, 0) >= seq for _, heads in self.told)

        await self.until(heard, RECOVERED)

    async def end(self) -> None:
        """Go as wiring makes it go; a second is enough, whatever Redis does."""
        self.running.cancel()
        async with asyncio.timeout(1):
            await asyncio.gather(self.running, return_exceptions=True)


@asynccontextmanager
async def workers(*urls: str) -> AsyncIterator[list[Worker]]:
    """Run one at each address; they have found Redis, and forgotten how."""
    team = [Worker(url) for url in urls]
    try:
        for worker in team:
            await worker.is_live()
            worker.told.clear()
        yield team
    finally:
        for worker in team:
            await worker.end()


def assert_ringing_is_quick(bell: RedisBell, last: int = 100) -> None:
    """A millisecond, unless the machine takes the processor away; no publish was waited for."""
    took = []
    for seq in range(last - 99, last + 1):
        before = time.perf_counter()
        bell.ring({"clinic:3": seq})
        took.append(time.perf_counter() - before)
    assert sorted(took)[89] < 0.001
    assert sum(took) < 0.25  # a publish may take 0.3
