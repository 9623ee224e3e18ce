"""A measured process's side of the bench: it obeys orders from its input until that closes.

An order is one line of JSON, ``{"order": name, …}``; its answer is one line of JSON.
"""

import asyncio
import json
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

Order = Callable[..., Awaitable[Mapping[str, Any]]]
_LONGEST_LIFE = 240  # s without an order; no measured process outlives its bench
_LINGER = 0.15  # s after the last change of a window, so that what it set off is counted too


@dataclass(slots=True)
class Window:
    """A stretch of time and the CPU that this process used in it, in every thread, in seconds."""

    seconds: float = 0.0
    cpu: float = 0.0

    async def measure(self, work: Awaitable[object]) -> "Window":
        """Measure while the work runs, and until its effects are over."""
        began, used = time.monotonic(), time.process_time()
        await work
        await asyncio.sleep(_LINGER)
        self.seconds, self.cpu = time.monotonic() - began, time.process_time() - used
        return self

    def said(self) -> dict[str, float]:
        """Return it as an answer."""
        return {"seconds": self.seconds, "cpu": self.cpu}


async def idle(seconds: float) -> dict[str, float]:
    """Measure what it costs to do nothing."""
    return (await Window().measure(asyncio.sleep(seconds))).said()


async def paced(
    count: int, per_second: float, act: Callable[[int], Awaitable[object] | None]
) -> None:
    """Act so many times at a steady rate; late acts follow at once, none is left out."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    for turn in range(count):
        await asyncio.sleep(began + turn / per_second - loop.time())
        acting = act(turn)
        if acting is not None:
            await acting


async def obey(greeting: Mapping[str, Any], orders: Mapping[str, Order]) -> None:
    """Say the greeting, then obey until the input closes."""
    signal.alarm(_LONGEST_LIFE)
    reader = asyncio.StreamReader(limit=1 << 24)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    _say(greeting)
    while line := await reader.readline():
        signal.alarm(_LONGEST_LIFE)
        asked = json.loads(line)
        _say(await orders[asked.pop("order")](**asked))


def _say(answer: Mapping[str, Any]) -> None:
    print(json.dumps(answer), flush=True)
