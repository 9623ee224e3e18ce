"""Knows how to write to a log from many sides at once and to poll it; not how a log numbers its rows.

What it is for: the same harness runs on our log, which must lose nothing, and on a log numbered by an
identity column, which must be seen to lose. A harness that cannot fail proves nothing. (F15)
"""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from dispatch.events import Change, EntityRef
from dispatch.vocabulary import EntityKind, PersonId
from server.storage.event_log import append, events_after

STREAMS = tuple(f"clinic:{n}" for n in range(1, 9))
Row = tuple[int, int]  # its place in the stream, and what was written


class Log(Protocol):
    """A log as a poller uses it: add inside a transaction, then ask for what comes after a place."""

    def add(self, connection: Connection, stream: str, token: int) -> None: ...
    def after(self, connection: Connection, stream: str, place: int) -> Sequence[Row]: ...


class CounterLog:
    """Ours: a counter row for each stream, whose lock makes number order commit order."""

    def add(self, connection: Connection, stream: str, token: int) -> None:
        about = EntityRef(EntityKind.REQUEST, token)
        change = Change("request.submitted", about, frozenset({stream}))
        append(connection, [change], [f"{token:08x}"], PersonId(1), datetime.now(UTC))

    def after(self, connection: Connection, stream: str, place: int) -> Sequence[Row]:
        return [
            (seq, entity.id)
            for seq, _, entity, *_ in events_after(connection, stream, place, 10_000)
        ]


class IdentityLog:
    """What most would write: ``id`` from a sequence, and ``WHERE id > :last``."""

    CREATE = (
        "CREATE TABLE naive_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
        "stream text NOT NULL, token bigint NOT NULL)"
    )

    def add(self, connection: Connection, stream: str, token: int) -> None:
        row = {"stream": stream, "token": token}
        connection.execute(
            text("INSERT INTO naive_log (stream, token) VALUES (:stream, :token)"), row
        )

    def after(self, connection: Connection, stream: str, place: int) -> Sequence[Row]:
        statement = (
            "SELECT id, token FROM naive_log WHERE stream = :stream AND id > :place ORDER BY id"
        )
        found = connection.execute(text(statement), {"stream": stream, "place": place})
        return [(row.id, row.token) for row in found]


@dataclass
class Poller:
    """Follows every stream from the last place it saw, as a tailer does."""

    engine: AsyncEngine
    log: Log
    places: Counter[str] = field(default_factory=Counter)
    seen: list[tuple[str, int]] = field(default_factory=list)

    async def look(self) -> int:
        """Take what is new in each stream; return how much that was."""
        new = 0
        async with self.engine.connect() as connection:
            for stream in STREAMS:
                rows = await connection.run_sync(self.log.after, stream, self.places[stream])
                new += len(rows)
                for place, token in rows:
                    self.places[stream] = place
                    self.seen.append((stream, token))
        return new

    async def look_until(self, is_over: asyncio.Event) -> None:
        """Look again and again, and once more when nobody writes any longer."""
        while not is_over.is_set():
            await self.look()
        await self.look()


async def write_from_all_sides(
    engine: AsyncEngine, log: Log, *, writers: int, turns: int, seed: int
) -> list[tuple[str, int]]:
    """Let so many writers commit, and sometimes roll back; return what was committed.

    Each does up to 10 ms of work between its row and its commit, as real transactions do.
    """
    committed: list[tuple[str, int]] = []

    async def write(writer: int) -> None:
        chance = random.Random(f"{seed}-{writer}")
        async with engine.connect() as connection:
            for turn in range(turns):
                stream, token = chance.choice(STREAMS), writer * 100_000 + turn + 1
                await connection.run_sync(log.add, stream, token)
                await asyncio.sleep(chance.random() * 0.01)
                if chance.random() < 0.1:
                    await connection.rollback()
                else:
                    await connection.commit()
                    committed.append((stream, token))

    async with asyncio.TaskGroup() as tasks:
        for writer in range(writers):
            tasks.create_task(write(writer))
    return committed
