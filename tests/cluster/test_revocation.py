"""Whoever loses the right is gone from every worker within two seconds, whatever Redis does."""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

import pytest

from dispatch.usecases.logins import SetDisabled, set_disabled
from tests.cluster.conftest import Cluster, Worker
from tests.cluster.watching import Watch, browser, is_refused, watching

pytestmark = [pytest.mark.postgres, pytest.mark.redis]
WITHIN_SECONDS = 2.0
CHANGES, SEED = 60, 22


async def test_a_person_disabled_in_a_burst_of_changes_hears_nothing_later_than_that(
    cluster: Cluster,
) -> None:
    # F22 S55
    chance, workers = random.Random(SEED), [cluster.start(), cluster.start()]
    number = (await cluster.town.ask()).number
    await disabled_in_a_burst(cluster, workers, number, chance.randrange(10, CHANGES - 10), "well")
    cluster.redis.stop()
    await disabled_in_a_burst(
        cluster, workers, number, chance.randrange(10, CHANGES - 10), "frozen"
    )
    cluster.redis.kill()
    await disabled_in_a_burst(cluster, workers, number, chance.randrange(10, CHANGES - 10), "dead")


async def disabled_in_a_burst(
    cluster: Cluster, workers: Sequence[Worker], number: int, at: int, redis: str
) -> None:
    """Disable somebody after so many changes, who has a page on every worker, as a witness has."""
    town, schedules = cluster.town, frozenset({cluster.town.clinic.id})
    lost = await town.newcomer(f"Lost {redis}", schedules=schedules)
    witness = await town.newcomer(f"Witness {redis}", schedules=schedules)
    lost_token, token = [await cluster.signed_in(who) for who in (lost, witness)]
    async with AsyncExitStack() as stack:

        async def pages(token: str, tab: str) -> list[Watch]:
            return [
                await stack.enter_async_context(watching(worker, token, [town.stream], tab))
                for worker in workers
            ]

        gone, stay = (
            await pages(lost_token, "tab-of-the-lost"),
            await pages(token, "tab-that-stays"),
        )
        clients = [await stack.enter_async_context(browser(worker, token)) for worker in workers]
        revoked_at, head = 0.0, 0
        for turn in range(CHANGES):
            if turn == at:
                command = SetDisabled(lost.person_id, True)
                await cluster.store.perform(set_disabled, command, town.root)
                revoked_at, head = time.monotonic(), await town.cursor()
            path = f"/requests/{number}/claim{'/release' if turn % 2 else ''}"
            answer = await clients[turn % 4 // 2].post(path, data={"tab": "tab-of-a-dialog"})
            assert answer.status_code == 200
        last = await town.cursor()
        assert last - head == CHANGES - at, "too little happened after the revocation"
        for watch in gone:
            assert await watch.ends() == 4403
            assert watch.ended_at is not None
            assert watch.ended_at - revoked_at < WITHIN_SECONDS
            assert watch.seqs[town.stream] <= head, "told of something later"
        for watch in stay:
            await watch.has_seen(town.stream, last)
            assert watch.code is None
        for worker in workers:
            assert await is_refused(worker, lost_token), "let in again"


async def test_signing_out_on_one_worker_ends_that_sign_in_on_both(cluster: Cluster) -> None:
    # F22, with Redis dead: the bell does not ring, so each worker finds it by looking
    workers, town = [cluster.start(), cluster.start()], cluster.town
    mine, elsewhere = await cluster.signed_in(town.sam), await cluster.signed_in(town.sam)
    cluster.redis.kill()
    async with AsyncExitStack() as stack:
        gone = [
            await stack.enter_async_context(
                watching(worker, mine, [town.stream], f"tab-of-{worker.port}")
            )
            for worker in workers
        ]
        other = await stack.enter_async_context(
            watching(workers[1], elsewhere, [town.stream], "tab-elsewhere")
        )
        client = await stack.enter_async_context(browser(workers[0], mine))
        began = time.monotonic()
        assert (await client.post("/sign-out")).status_code in {200, 303}
        codes = await asyncio.gather(*(watch.ends() for watch in gone))
        assert codes == [4401, 4401]
        assert all(watch.ended_at and watch.ended_at - began < WITHIN_SECONDS for watch in gone)
        await town.ask(town.mia)
        await other.until(lambda seen: seen.requests)
        assert not any(watch.requests for watch in gone)
        assert await is_refused(workers[1], mine)
