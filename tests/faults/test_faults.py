"""Whatever dies under load, nothing is missed, invented, lost or shown to the wrong person."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.faults.plan import FAULTS
from tests.faults.rig import opened
from tests.faults.run import Run
from tests.servers.postgres import running_postgres
from tests.servers.redis import redis_server

SEED = 1042
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.postgres, pytest.mark.redis]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder: Path = tmp_path_factory.mktemp("faults")
    with redis_server() as redis, running_postgres(durable=True) as postgres:
        async with opened(postgres, redis, folder, SEED) as rig:
            run = Run(rig)
            await run.begin()
            yield run
            print(f"\nseed {SEED}: {run.summary()}")  # noqa: T201 - what a failure is judged by


@pytest.mark.parametrize("name", list(FAULTS))
async def test_nothing_is_missed(run: Run, name: str) -> None:
    row = await run.suffer(FAULTS[name])
    print(row)  # noqa: T201 - as above, by the one that failed
    assert not row.wrong, "\n".join(row.wrong)


async def test_workers_end_in_time_and_have_told_nobody(run: Run) -> None:
    # I6 I7
    assert not await run.end(least_faults=len(FAULTS))
