"""Everything is built here and handed down; only this module names the adapters."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

from starlette.requests import HTTPConnection

from dispatch.ports import Store
from server.bus.memory import MemoryBell
from server.clock import Clock, SystemClock
from server.live.desk import LiveDesk
from server.live.seams import Outside, Visitor
from server.live.state import LiveState
from server.rendering import Rendering
from server.settings import Settings
from server.storage.store import TROUBLES, SqliteStore
from server.web.login import maybe_signed_in
from server.web.state import WebState
from server.worker.sweep import sweep_for_ever

__all__ = ["Companion", "SqliteStore", "State", "open_store", "running", "stop_process"]

Companion = Callable[[Store, Clock], Coroutine[None, None, None]]
log = logging.getLogger(__name__)


class State(WebState, LiveState):
    """The lifespan state: what web and live each asked for."""


def open_store(settings: Settings, clock: Clock) -> SqliteStore:
    """Return the store of the settings, for work without a server.

    Raises:
        SettingError: it is no SQLite file, or another process holds it.
    """
    return SqliteStore(settings, clock)


def stop_process() -> None:
    """End this process as if asked to: a half-dead server would show stale boards."""
    signal.raise_signal(signal.SIGTERM)


@asynccontextmanager
async def running(
    settings: Settings,
    companions: Sequence[Companion] = (),
    *,
    clock: Clock | None = None,
    on_death: Callable[[], None] = stop_process,
) -> AsyncIterator[State]:
    """Yield the state of a running server; background tasks live exactly as long.

    A task that dies ends the whole process, loudly: ``on_death`` is called.
    """
    clock = clock or SystemClock()
    store = open_store(settings, clock)
    rendering = Rendering()
    bell = MemoryBell()
    store.ring_with(bell.ring)
    outside = Outside(store=store, bell=bell, clock=clock, troubles=TROUBLES)
    live = LiveDesk(outside, rendering, _visitor, origin=settings.origin)
    try:
        async with asyncio.TaskGroup() as tasks:
            running_tasks = [
                tasks.create_task(bell.run(), name="bell"),
                tasks.create_task(live.run(), name="live"),
                tasks.create_task(sweep_for_ever(store, clock), name="sweep"),
                *(tasks.create_task(companion(store, clock)) for companion in companions),
            ]
            yield State(store=store, clock=clock, rendering=rendering, settings=settings, live=live)
            for task in running_tasks:
                task.cancel()
    except* Exception as errors:
        for error in errors.exceptions:
            log.critical("a background task died: %s", type(error).__name__)
        on_death()
        raise
    finally:
        store.close()


async def _visitor(connection: HTTPConnection[Any]) -> Visitor | None:
    """Say to live who web says it is; the two do not know each other."""
    signed = await maybe_signed_in(connection)
    return Visitor(signed.actor, signed.login_id) if signed else None
