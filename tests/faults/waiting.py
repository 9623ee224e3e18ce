"""Waiting for what nobody announces: looked at again and again, until a deadline."""

import asyncio
from collections.abc import Callable

LOOK_SECONDS = 0.02


async def until(holds: Callable[[], object], seconds: float, words: str) -> None:
    """Return as soon as it holds; fail with these words if that takes too long."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not holds():
        assert loop.time() < deadline, f"not within {seconds} s: {words}"
        await asyncio.sleep(LOOK_SECONDS)
