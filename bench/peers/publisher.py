"""The process that makes changes known; told how, by which Redis, and for ours which database."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from bench.orders import Order, obey
from bench.peers.console_teller import console
from bench.peers.payload import Payload
from bench.peers.telling import BY, Stamps, Teller, TextTeller


class Publisher:
    """Tells in ticks: so many changes together, so many times, so far apart."""

    def __init__(self, teller: Teller | None = None) -> None:
        self.teller = teller
        self._turn = 0

    async def tell(self, ticks: int, changes: int, gap_seconds: float) -> Mapping[str, Any]:
        """Tell at a steady rate; what is late follows at once, nothing is left out."""
        assert self.teller is not None
        stamps: Stamps = {}
        loop = asyncio.get_running_loop()
        began = loop.time()
        for tick in range(ticks):
            await asyncio.sleep(began + tick * gap_seconds - loop.time())
            self._turn += 1
            await self.teller.tell(changes, self._turn, stamps)
        return {"stamps": stamps, "late_seconds": loop.time() - began - (ticks - 1) * gap_seconds}


@asynccontextmanager
async def _ours(redis: str, database: str) -> AsyncIterator[tuple[Publisher, dict[str, Order]]]:
    teller, store, bell = await console(database, redis)
    ringing = asyncio.create_task(bell.run())
    try:
        yield Publisher(teller), {"found": teller.found, "cursor": teller.cursor}
    finally:
        ringing.cancel()
        await asyncio.gather(ringing, return_exceptions=True)
        await store.close()


@asynccontextmanager
async def _theirs(how: str, redis: str) -> AsyncIterator[tuple[Publisher, dict[str, Order]]]:
    publisher, publish = Publisher(), BY[how](redis)

    async def payload(head: str, tail: str) -> Mapping[str, Any]:
        publisher.teller = TextTeller(Payload(head, tail), publish)
        return {}

    yield publisher, {"payload": payload}


async def main() -> None:
    """Publish until the orders end."""
    how, redis, *database = sys.argv[1:]
    async with _ours(redis, *database) if how == "console" else _theirs(how, redis) as opened:
        publisher, orders = opened
        await obey({"port": 0}, {"tell": publisher.tell, **orders})


if __name__ == "__main__":
    asyncio.run(main())
