"""The console itself as a measured process: the real application under uvicorn, on loopback."""

import asyncio
import logging
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.orders import Order, Window, idle, paced
from bench.ready import serve
from bench.town import fill, found
from bench.work import Work
from dispatch.events import clinic_stream
from dispatch.ports import Store
from server.app import create_app
from server.clock import Clock
from server.live.serving import uvicorn_options
from server.settings import Settings
from server.storage.sqlite_store import SqliteStore

_GAP = 0.012  # s between two changes of a round: each is told before the next comes


class Console:
    """Obeys the bench inside the server's own event loop."""

    def __init__(self) -> None:
        self.committed: dict[int, int] = {}  # seq of the clinic's stream -> monotonic ns
        self._parts: tuple[SqliteStore, Clock] | None = None
        self._work: Work | None = None
        self._stream = ""

    async def accompany(self, store: Store, clock: Clock) -> None:
        """Take hold of the store while the application runs."""
        assert isinstance(store, SqliteStore)
        self._parts = store, clock
        self._stamp_commits(store)
        await asyncio.Event().wait()

    async def open(self, schedulers: int, pending: int) -> dict[str, Any]:
        """Found the town; return the stream of its board."""
        assert self._parts is not None
        store, clock = self._parts
        town = await found(store, schedulers, pending)
        self._work = Work(store, clock, town)
        self._stream = clinic_stream(town.clinic.id)
        return {"stream": self._stream}

    async def fill(self, count: int) -> dict[str, Any]:
        """Put so many more requests on the board."""
        assert self._work is not None
        await fill(self._work.store, self._work.town.clinic, count)
        return {}

    async def tell(self, count: int, per_second: float) -> dict[str, Any]:
        """Have so many providers' rows change; return the CPU, and when each was committed."""
        assert self._work is not None
        self._work.gap_seconds = 0
        self.committed.clear()
        window = await Window().measure(paced(count, per_second, self._work.toggle))
        return {**window.said(), "committed": self.committed}

    async def round(self) -> dict[str, Any]:
        """Do a round of everyday work; return its changes and their CPU."""
        assert self._work is not None
        self._work.gap_seconds = _GAP
        working = self._work.round()
        window = await Window().measure(working)
        await self._work.free_everybody()
        return {**window.said(), "changes": 60}

    def _stamp_commits(self, store: SqliteStore) -> None:
        """Note on the writer's thread when each commit has returned; costs a microsecond."""
        commit = store._commit

        def stamped(*arguments: Any) -> tuple[Any, Mapping[str, int]]:
            done, heads = commit(*arguments)
            if self._stream in heads:
                self.committed[heads[self._stream]] = time.monotonic_ns()
            return done, heads

        vars(store)["_commit"] = stamped


async def main() -> None:
    """Serve until the orders end."""
    logging.basicConfig(level=logging.WARNING)
    console = Console()
    orders: dict[str, Order] = {
        "open": console.open,
        "fill": console.fill,
        "idle": idle,
        "tell": console.tell,
        "round": console.round,
    }
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite:///{Path(directory) / 'bench.db'}"
        settings = Settings(database_url=url, address_connections=0)  # the crowd has one address
        app = create_app(settings, [console.accompany])
        await serve(app, orders, **uvicorn_options(settings))


if __name__ == "__main__":
    asyncio.run(main())
