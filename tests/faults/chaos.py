"""``make chaos``: faults at random under a load for as long as asked, then the races for one request.

python -m tests.faults.chaos --minutes 10 --seed 7 --rounds 500

Exits 1 on any violation, and when too little happened to show anything.
"""

import argparse
import asyncio
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from tests.faults.plan import FAULTS
from tests.faults.rig import Rig, opened
from tests.faults.run import Run
from tests.journeys.desk_server import desk_server
from tests.races.race import Field, gather_at, race
from tests.servers.postgres import running_postgres
from tests.servers.redis import redis_server
from tests.servers.wire import LOOPBACK
from tests.storage.town import settle


async def chaos(minutes: float, seed: int, rounds: int) -> bool:
    """Break things until the time is up; return whether everything held."""
    chance = random.Random(seed)
    print(f"seed {seed}: {minutes:g} minutes; to do the same again: make chaos SEED={seed}")
    with (
        tempfile.TemporaryDirectory(prefix="chaos-") as folder,
        redis_server() as redis,
        running_postgres(durable=True) as postgres,
    ):
        async with opened(postgres, redis, Path(folder), seed) as rig:
            run = Run(rig)
            await run.begin()
            deadline = time.monotonic() + minutes * 60
            while time.monotonic() < deadline:
                row = await run.suffer(FAULTS[chance.choice([*FAULTS])])
                print(row, flush=True)
            wrong = await _race_on_two_workers(rig, rounds, seed) if rounds else []
            wrong += await run.end(least_faults=max(1, int(minutes * 3)))
        wrong += await _race_on_sqlite(Path(folder) / "race", rounds, seed) if rounds else []
    print(f"\nseed {seed}: {run.summary()}")
    _table(run)
    for words in wrong:
        print(words)
    return not wrong and not any(row.wrong for row in run.rows)


async def _race_on_two_workers(rig: Rig, rounds: int, seed: int) -> list[str]:
    """Have fifty people race on PostgreSQL, in a clinic of their own."""
    town = await settle(rig.store, await rig.store.create_account("Race"), "Race")
    origins = [f"http://{LOOPBACK}:{worker.port}" for worker in rig.workers]

    async def rows(query: str) -> Sequence[tuple[Any, ...]]:
        async with rig.store._engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]

    async with gather_at(rig.store, town.clinic, origins, rows) as field:
        return await _race(field, "two workers on PostgreSQL", rounds, seed)


async def _race_on_sqlite(folder: Path, rounds: int, seed: int) -> list[str]:
    """The same in one process, on the embedded database."""
    async with desk_server(folder) as server:
        engine = create_engine(server.settings.database_url)

        async def rows(query: str) -> Sequence[tuple[Any, ...]]:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(query))]

        desk = server.desk
        clinic = desk.clinics["Northside"]
        async with gather_at(desk.store, clinic, [server.address], rows) as field:
            wrong = await _race(field, "one process on SQLite", rounds, seed)
        engine.dispose()
    return wrong


async def _race(field: Field, where: str, rounds: int, seed: int) -> list[str]:
    """Have them race for one request after the other; return what was wrong, in words."""
    try:
        report = await race(field, rounds=rounds, seed=seed)
    except AssertionError as wrong:
        return [f"I5: {where}: {wrong}"]
    told = ", ".join(f"{count} {word}" for word, count in sorted(report.told.items()))
    print(
        f"\nF23 {where}: {report.rounds} rounds, {report.calls} calls, "
        f"{len(report.winners)} winners: {told}"
    )
    return []


def _table(run: Run) -> None:
    print(f"{'':4}{'times':>6} {'wrong':>6} {'slowest to settle':>18}")
    for fault in FAULTS.values():
        rows = [row for row in run.rows if row.fault is fault]
        slowest = max((row.settled_seconds for row in rows), default=0.0)
        wrong = sum(1 for row in rows if row.wrong)
        print(f"{fault.number:4}{len(rows):6} {wrong:6} {slowest:16.1f} s  {fault.words}")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description="Break everything at random, and look what holds.")
    asked.add_argument("--minutes", type=float, default=10)
    asked.add_argument("--rounds", type=int, default=500, help="of the race")
    asked.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    given = asked.parse_args()
    sys.exit(0 if asyncio.run(chaos(given.minutes, given.seed, given.rounds)) else 1)
