"""The demo while it runs, minute by minute: it stays alive, and leaves a visitor their work."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random

import pytest

from dispatch.people import system_actor
from dispatch.ports import Reading
from dispatch.request import SessionRequest
from dispatch.usecases.availability import SetAvailability, set_availability
from dispatch.usecases.claims import ClaimRequest, claim_request
from dispatch.usecases.sweep import Settle, settle
from dispatch.vocabulary import RequestNumber, RequestStatus
from server.demo.board import MOST_PENDING, Waiting
from server.demo.cast import ACCOUNT, PATIENT, PROVIDER, SCHEDULER
from server.demo.life import LEFT_TO_VISITORS, LONGEST_SECONDS, SHORTEST_SECONDS, Life
from tests.builders import minutes, seconds
from tests.demo.conftest import Demo

A_WHILE = minutes(25)


async def live(
    demo: Demo,
    seed: int,
    how_long: timedelta = A_WHILE,
    each_time: Callable[[list[Waiting]], Awaitable[None]] | None = None,
) -> None:
    """Let the simulation live on the frozen clock; its sleep moves the clock and sweeps."""
    end = demo.clock.now() + how_long

    async def sleep(delay: float) -> None:
        assert SHORTEST_SECONDS <= delay <= LONGEST_SECONDS
        now = demo.clock.advance(seconds(delay))
        if now > end:
            raise asyncio.CancelledError
        for due in await demo.store.read(lambda reading: reading.due(now, 100)):
            await demo.store.perform(settle, Settle(due), system_actor(ACCOUNT))
        there = await demo.waiting()
        assert len(there) <= MOST_PENDING
        if each_time:
            await each_time(there)

    life = Life(demo.store, demo.clock, demo.cast, Random(seed), sleep)
    with pytest.raises(asyncio.CancelledError):
        await life.go_on()


async def all_requests(demo: Demo) -> list[SessionRequest]:
    def every(reading: Reading) -> list[SessionRequest]:
        found = (reading.request(ACCOUNT, RequestNumber(number)) for number in range(1, 5000))
        return [request for request in found if request]

    return await demo.store.read(every)


@pytest.mark.parametrize("seed", [1, 2])
async def test_an_hour_of_life(demo: Demo, seed: int) -> None:
    start = demo.clock.now()
    least = MOST_PENDING

    async def look(there: list[Waiting]) -> None:
        nonlocal least
        least = min(least, len(there))

    await live(demo, seed, timedelta(hours=1), look)
    new = [one for one in await all_requests(demo) if one.submitted_at > start]
    decided = [one for one in new if one.decision]
    assert len(new) >= 20
    assert {RequestStatus.ACCEPTED, RequestStatus.WITHDRAWN} <= {one.status for one in decided}
    assert least >= 3  # a visitor always finds something to do
    assert len({one.requester_id for one in new}) > 5
    assert demo.cast.people[PATIENT] not in {one.requester_id for one in new}


async def test_young_requests_are_left_to_the_visitor(demo: Demo) -> None:
    start = demo.clock.now()
    desks = {demo.cast.desk(clinic.id).person_id for clinic in demo.cast.clinics}
    answered = []
    await live(demo, 4)
    for one in await all_requests(demo):
        is_new = one.decision is not None and one.decision.at > start
        if one.decision and is_new and one.decision.by_id in desks:
            answered.append(one.decision.at - one.submitted_at)
    assert answered
    assert min(answered) >= LEFT_TO_VISITORS


async def test_what_a_visitor_is_deciding_on_stays(demo: Demo) -> None:
    oldest = (await demo.waiting())[0]
    visitor = demo.cast.actor(SCHEDULER)

    async def keep(_there: list[Waiting]) -> None:
        await demo.store.perform(
            claim_request, ClaimRequest(oldest.request.number, "a-visitors-tab"), visitor
        )

    # Each wait is longer than a lease, so the claim is renewed after each.
    await live(demo, 5, each_time=keep)
    assert oldest.request.number in {one.request.number for one in await demo.waiting()}


async def test_what_is_for_the_visitors_provider_stays(demo: Demo) -> None:
    provider = demo.cast.people[PROVIDER]
    await live(demo, 6)
    assert [one for one in await demo.waiting() if one.request.target_host_id == provider]


async def test_providers_come_and_go_but_the_visitors_own_stays(demo: Demo) -> None:
    visitor = demo.cast.people[PROVIDER]
    await demo.store.perform(
        set_availability, SetAvailability(is_on=True), demo.cast.actor(visitor)
    )
    hosts = demo.cast.hosts(demo.cast.northside)
    seen = set()

    async def look(_there: list[Waiting]) -> None:
        now = demo.clock.now()
        toggles = await demo.store.read(lambda reading: reading.availabilities(hosts))
        on = frozenset(host for host in hosts if toggles[host].is_available_at(now))
        assert visitor in on
        seen.add(on)

    await live(demo, 7, each_time=look)
    assert len(seen) > 3


async def test_a_refusal_is_part_of_life(demo: Demo) -> None:
    """Everybody waits already: nobody is left to ask, and nothing breaks."""
    demo.clock.advance(minutes(90))
    life = Life(demo.store, demo.clock, demo.cast, Random(8))
    for _ in range(40):
        await life.moment()
    assert len(await demo.waiting()) <= MOST_PENDING
