"""The transaction alone: the store without a server, and nobody who listens."""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.orders import obey
from bench.town import found
from bench.work import Work
from server.clock import SystemClock
from server.settings import Settings
from server.storage.sqlite_store import SqliteStore


async def main() -> None:
    """Do rounds of work until the orders end."""
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as directory:
        settings = Settings(database_url=f"sqlite:///{Path(directory) / 'bench.db'}")
        store = SqliteStore(settings, clock)
        town = await found(store, schedulers=1, pending=10)
        work = Work(store, clock, town)

        async def round_of_work() -> dict[str, Any]:
            began, used = time.monotonic(), time.process_time()
            changes = await work.round()
            said = {
                "seconds": time.monotonic() - began,
                "cpu": time.process_time() - used,
                "changes": changes,
            }
            await work.free_everybody()
            return said

        await obey({"port": 0}, {"round": round_of_work})
        store.close()


if __name__ == "__main__":
    asyncio.run(main())
