"""A PostgreSQL of the tests' own, which can also be killed; see ``server.trial.postgres``."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

from server.clock import SystemClock
from server.settings import Settings
from server.storage.postgres_store import PostgresStore
from server.trial import postgres as trial

_ENDING_SECONDS = 30
_ORIGINAL = "original"


class Postgres(trial.Postgres):
    """A running server; every database of it is a new one."""

    _has_original = False

    def ready(self, name: str) -> str:
        """Return the address of a new database that has today's schema, which is quicker to copy than to make."""
        if not self._has_original:
            making = Thread(target=asyncio.run, args=(_migrated(self.url(_ORIGINAL)),))
            making.start()  # whoever asks may have a loop that runs
            making.join()
            self._has_original = True
        self.ask("postgres", f'CREATE DATABASE "{name}" TEMPLATE "{_ORIGINAL}"')
        return self.address(name)

    def kill(self) -> None:
        """End every process of it with SIGKILL, as a machine that runs out of memory might."""
        first = int((self.folder / "postmaster.pid").read_text().split()[0])
        listed = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for number in (first, *map(int, listed)):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        deadline = time.monotonic() + _ENDING_SECONDS
        while any(_runs(number) for number in (first, *map(int, listed))):
            if time.monotonic() > deadline:
                raise RuntimeError("a killed PostgreSQL is still there")
            time.sleep(0.01)
        # Where nobody reaps orphans, the dead keep their numbers, and would pass for living.
        for lock in ("postmaster.pid", f"{self.socket.name}.lock"):
            (self.folder / lock).unlink(missing_ok=True)


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """Yield a server of our own; stop it and leave nothing.

    ``durable`` keeps what it acknowledged whatever becomes of it, as the product's own must.
    """
    with trial.made_postgres(durable=durable, kind=Postgres) as server:
        assert isinstance(server, Postgres)
        yield server


async def _migrated(url: str) -> None:
    store = PostgresStore(Settings(database_url=url), SystemClock())
    await store.open()
    await store.close()


def _runs(number: int) -> bool:
    """Return whether a process still does anything; a zombie does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False
