"""``make chaos``: faults at random under a load, for as long as asked; exits 1 on any violation.

python -m tests.faults.chaos --minutes 10 --seed 7
"""

import argparse
import asyncio
import random
import secrets
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.plan import FAULTS
from tests.faults.rig import opened
from tests.faults.run import Run
from tests.servers.postgres import running_postgres
from tests.servers.redis import redis_server


async def chaos(minutes: float, seed: int) -> bool:
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
            wrong = await run.end(least_faults=max(1, int(minutes * 3)))
    print(f"\nseed {seed}: {run.summary()}")
    _table(run)
    for words in wrong:
        print(words)
    return not wrong and not any(row.wrong for row in run.rows)


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
    asked.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    given = asked.parse_args()
    sys.exit(0 if asyncio.run(chaos(given.minutes, given.seed)) else 1)
