"""A PostgreSQL of the tests' own, which can also be killed; see ``server.trial.postgres``."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from server.trial import postgres as trial

_ENDING_SECONDS = 10


class Postgres(trial.Postgres):
    """A running server; every database of it is a new one."""

    def kill(self) -> None:
        """End every process of it with SIGKILL, as a machine that runs out of memory might."""
        first = int((self.folder / "postmaster.pid").read_text().split()[0])
        listed = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for number in (first, *map(int, listed)):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        deadline = time.monotonic() + _ENDING_SECONDS
        while any(_runs(int(number)) for number in (first, *listed)):
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


def _runs(number: int) -> bool:
    """Return whether a process still does anything; a zombie does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False
