"""What happens in the parent of several workers beside them: a demo is played once, not by each."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from server.settings import Settings
from server.wiring import Companion, work


@contextmanager
def beside(settings: Settings, companion: Companion) -> Iterator[None]:
    """Have a companion, and the background work, run in a thread of this process meanwhile."""
    loop, ends = asyncio.new_event_loop(), asyncio.Event()
    working = work(settings, ends, companions=[companion])
    thread = threading.Thread(target=loop.run_until_complete, args=(working,), name="beside")
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(ends.set)
        thread.join()
        loop.close()
