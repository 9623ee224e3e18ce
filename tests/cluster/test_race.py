"""Fifty people on two workers press at once; the same race on SQLite is in tests/journeys/test_race.py."""

from collections.abc import Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.cluster.conftest import Cluster
from tests.races.race import gather_at, race

SEED = 20261124


@pytest.mark.postgres
@pytest.mark.redis
async def test_of_fifty_on_two_workers_one_has_it_and_every_answer_fits_one_order(
    cluster: Cluster,
) -> None:
    # F23 S65 I5
    first, second = cluster.start(), cluster.start()
    engine = create_async_engine(cluster.url)

    async def rows(query: str) -> Sequence[tuple[object, ...]]:
        async with engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]

    origins = [first.origin, second.origin]
    async with gather_at(cluster.store, cluster.town.clinic, origins, rows) as field:
        report = await race(field, rounds=20, seed=SEED)
    await engine.dispose()
    assert report.rounds == 20
    assert report.calls == 10 * 50 + 10 * 52
    assert len(report.winners) > 1, "the same person each time is no race"
    assert {"done", "accepted", "assigning", "declining"} <= set(report.told)
