"""One subscription of a process to Redis, for the contestants that bring none of their own."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from redis.asyncio import Redis

CHANNEL = "bench"


async def listen(url: str, tell: Callable[[str], Awaitable[None] | None]) -> None:
    """Hand each message on, one after the other."""
    async with Redis.from_url(url, decode_responses=True) as redis, redis.pubsub() as pubsub:
        await pubsub.subscribe(CHANNEL)
        async for message in pubsub.listen():
            if message["type"] == "message":
                telling = tell(message["data"])
                if telling is not None:
                    await telling


async def beside(work: Awaitable[None], *others: Awaitable[None]) -> None:
    """Do the work; the others run as long as it does."""
    tasks = [asyncio.ensure_future(other) for other in others]
    try:
        await work
    finally:
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)
