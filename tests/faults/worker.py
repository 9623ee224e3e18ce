"""A worker that dies or dawdles at a chosen step of a transaction: the server as it is, its store wrapped.

python -m tests.faults.worker <port> <folder>

An order is one line in the folder's file ``order``: a step, what the idempotency key of the command
begins with or ``any``, and seconds to dawdle (0: die). It is carried out once. On SIGUSR1 the worker writes how it is into ``state``.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

import server.storage.transaction
import server.wiring
from server.__main__ import main
from server.live.desk import LiveDesk
from server.storage.postgres_store import PostgresStore
from server.storage.transaction import Transaction
from server.storage.unit_of_work import SqlUnit

_doing = ContextVar("_doing", default="")
_folder = Path()
_desks: list[LiveDesk] = []


class Orders:
    """Reads what the test wants to happen, and makes it happen."""

    STEPS = ("before-events", "before-commit", "before-bell", "before-reply")

    def reached(self, step: str, connection: Connection | None = None) -> None:
        """Die or dawdle here, if this is the step that was ordered."""
        file = _folder / "order"
        try:
            ordered, begins, seconds = file.read_text().split()
        except FileNotFoundError:
            return
        key = _doing.get()
        if ordered != step or not (key if begins == "any" else key.startswith(begins)):
            return
        file.rename(_folder / "done")  # another thread or step finds nothing
        if not float(seconds):
            os.kill(os.getpid(), signal.SIGKILL)
        assert connection is not None
        connection.execute(text(f"SELECT pg_sleep({float(seconds)})"))


orders = Orders()


class FaultyStore(PostgresStore):
    """The store, with an order looked for at each step."""

    async def perform(self, usecase: Any, command: Any, actor: Any, *, key: Any = None) -> Any:
        _doing.set("" if actor.is_system else key or "no key")
        done = await super().perform(usecase, command, actor, key=key)
        orders.reached("before-reply")
        return done

    def ring_with(self, ring: Any) -> None:
        def told(heads: Mapping[str, int]) -> None:
            orders.reached("before-bell")
            ring(heads)

        super().ring_with(told)

    def _run(self, connection: Connection, transaction: Transaction) -> Any:
        found = super()._run(connection, transaction)
        orders.reached("before-commit", connection)
        return found


class FaultyUnit(SqlUnit):
    """What a use case changes: its rows are written, its events not yet."""

    def finish(self) -> Mapping[str, int]:
        orders.reached("before-events", self._connection)
        return super().finish()


class KnownDesk(LiveDesk):
    """The live desk, which the test may ask about."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        _desks.append(self)


def _tell(_number: int, _frame: object) -> None:
    [desk] = _desks
    said = {
        "tasks": len(asyncio.all_tasks()),
        "sockets": len(desk.hub.connections),
        "holes": desk.tailer.holes,
        "bell": desk.tailer._outside.bell.mode,
    }
    draft = _folder / "state.new"
    draft.write_text(json.dumps(said))
    draft.rename(_folder / "state")


if __name__ == "__main__":
    port, _folder = sys.argv[1], Path(sys.argv[2])
    server.wiring.PostgresStore = FaultyStore  # type: ignore[attr-defined]
    server.wiring.LiveDesk = KnownDesk  # type: ignore[attr-defined]
    server.storage.transaction.SqlUnit = FaultyUnit  # type: ignore[attr-defined]
    signal.signal(signal.SIGUSR1, _tell)
    sys.exit(main(["serve", "--port", port]))
