"""What every store promises about tries: each counts for everybody at once, or is refused and leaves nothing."""

import asyncio

import pytest

from dispatch.errors import NotAllowedError, TooManyTriesError
from dispatch.people import system_actor
from dispatch.ports import Store
from dispatch.tries import HOUR, Limit, Limits
from dispatch.usecases.tries import CountTry, ForgiveTry, count_try, forgive_try
from dispatch.vocabulary import AccountId
from tests.builders import FrozenClock, minutes, seconds
from tests.storage.town import Town

__all__ = ["TestTries"]

DOOR = system_actor(AccountId(0))
SAM = {"as sam@example.org": Limit(5, 20)}
HERE = {"from 192.0.2.1": Limit(20, 60)}


async def tried(store: Store, limits: Limits) -> int:
    """Try once; return how many seconds the next try has to wait, 0 if this one was let through."""
    try:
        await store.perform(count_try, CountTry(limits), DOOR)
    except TooManyTriesError as refused:
        return refused.seconds
    return 0


class TestTries:
    async def test_one_too_many_in_a_minute_waits_and_does_not_count(
        self, store: Store, clock: FrozenClock
    ) -> None:
        assert [await tried(store, SAM | HERE) for _ in range(5)] == [0] * 5
        clock.advance(seconds(20))
        assert [await tried(store, SAM | HERE) for _ in range(3)] == [40] * 3
        assert await tried(store, {"as ruth@example.org": Limit(5, 20)} | HERE) == 0
        clock.advance(seconds(40))
        # Those that were refused are not in the way now, neither here nor of the place.
        assert [await tried(store, SAM) for _ in range(6)] == [0] * 5 + [60]
        assert [await tried(store, HERE) for _ in range(20)] == [0] * 19 + [20]

    async def test_an_hour_has_a_limit_of_its_own(self, store: Store, clock: FrozenClock) -> None:
        for _ in range(20):
            assert await tried(store, SAM) == 0
            clock.advance(minutes(2))
        assert await tried(store, SAM) == 20 * 60
        clock.advance(HOUR - minutes(40))
        assert await tried(store, SAM) == 0

    async def test_what_is_forgiven_never_counted(self, store: Store) -> None:
        for _ in range(12):
            assert await tried(store, SAM | HERE) == 0
            await store.perform(forgive_try, ForgiveTry(SAM | HERE), DOOR)
        await store.perform(forgive_try, ForgiveTry({"as nobody": Limit(1, 1)}), DOOR)
        assert [await tried(store, SAM) for _ in range(6)] == [0] * 5 + [60]

    async def test_of_many_in_the_same_instant_no_more_come_through(self, store: Store) -> None:
        waits = await asyncio.gather(*(tried(store, SAM | HERE) for _ in range(16)))
        assert sorted(waits) == [0] * 5 + [60] * 11

    async def test_what_counts_is_read_without_holding_it(
        self, store: Store, clock: FrozenClock
    ) -> None:
        first = clock.now()
        await tried(store, SAM)
        clock.advance(seconds(1))
        await tried(store, SAM | HERE)
        made = await store.read(lambda reading: reading.tries([*SAM, *HERE, "as nobody"]))
        assert {of: list(at) for of, at in made.items()} == {
            "as sam@example.org": [first, first + seconds(1)],
            "from 192.0.2.1": [first + seconds(1)],
            "as nobody": [],
        }

    async def test_it_makes_no_event_and_no_person_may(self, store: Store, town: Town) -> None:
        before = await town.cursor()
        await tried(store, SAM)
        assert await town.cursor() == before
        with pytest.raises(NotAllowedError):
            await store.perform(count_try, CountTry(SAM), town.root)
        with pytest.raises(NotAllowedError):
            await store.perform(forgive_try, ForgiveTry(SAM), town.root)
