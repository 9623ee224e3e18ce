"""A process that ends sends its pages to others: a few at a time, none early, none kept waiting."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from dispatch.usecases.claims import EndClaims
from server.live.drain import MOST_SECONDS, PATIENCE_SECONDS, drain, spread_seconds
from tests.live.rig import TAB, FakeWire, Rig
from tests.live.serving import a_rig, code_of, hear, hello, say, serving


class Draining:
    """A drain whose time a test moves; pages leave when ``leaves`` says so."""

    def __init__(self, rig: Rig, pages: int) -> None:
        self.rig, self.began = rig, rig.elapsed
        rig.live.is_running = True
        self.pages = [rig.open(rig.town.sam, tab=f"tab-number-{n}") for n in range(pages)]
        self.asked: dict[int, float] = {}  # which page, after how many seconds
        self.after = 0.3  # seconds that a page takes to move; below 0: it never does
        self.is_hurried = False

    async def run(self) -> int:
        return await drain(self.rig.live, lambda: self.is_hurried, self._sleep)

    @property
    def took(self) -> float:
        return self.rig.elapsed - self.began

    def wire(self, number: int) -> FakeWire:
        return self.pages[number][1]

    async def _sleep(self, seconds: float) -> None:
        for number, (connection, wire) in enumerate(self.pages):
            if wire.messages and number not in self.asked:
                self.asked[number] = self.took
            is_there = connection in self.rig.hub.connections
            if (
                number in self.asked
                and is_there
                and 0 <= self.after <= self.took - self.asked[number]
            ):
                self.rig.hub.leave(connection)
        self.rig.elapsed += seconds


def a_crowd(rig: Rig, pages: int) -> Draining:
    rig.live.hub.limits = type(rig.live.limits)(pages=pages)
    return Draining(rig, pages)


async def test_pages_are_asked_a_few_at_a_time_and_the_process_waits_for_the_last(rig: Rig) -> None:
    draining = a_crowd(rig, 200)
    assert await draining.run() == 0
    assert rig.live.is_draining
    assert [wire.messages for _, wire in draining.pages] == [[{"type": "move"}]] * 200
    in_each_second = [
        sum(1 for at in draining.asked.values() if second <= at < second + 1) for second in range(4)
    ]
    assert max(in_each_second) <= 53
    assert min(in_each_second) >= 46
    assert 3.5 <= draining.took <= 5


@pytest.mark.parametrize(("pages", "seconds"), [(0, 0), (10, 0.2), (400, 8), (500, 10), (5000, 10)])
def test_however_many_they_are_ten_seconds_are_enough(pages: int, seconds: float) -> None:
    assert spread_seconds(pages) == pytest.approx(seconds)


async def test_a_page_that_does_not_move_is_left_with_1012_after_three_seconds(rig: Rig) -> None:
    draining = a_crowd(rig, 2)
    draining.after = -1
    assert await draining.run() == 2
    assert [draining.wire(number).code for number in range(2)] == [1012, 1012]
    assert PATIENCE_SECONDS <= draining.took <= PATIENCE_SECONDS + 0.5


async def test_stalled_pages_cannot_hold_a_process_that_ends(rig: Rig) -> None:
    draining = a_crowd(rig, 1000)
    draining.after = -1
    for _, wire in draining.pages:
        wire.pause()
    assert await draining.run() == 1000
    assert draining.took <= MOST_SECONDS + PATIENCE_SECONDS + 0.5


async def test_without_pages_there_is_nothing_to_wait_for(rig: Rig) -> None:
    draining = a_crowd(rig, 0)
    assert (await draining.run(), draining.took) == (0, 0)


async def test_a_second_signal_ends_the_waiting(rig: Rig) -> None:
    draining = a_crowd(rig, 3)
    draining.is_hurried = True
    assert (await draining.run(), draining.took) == (3, 0)
    assert draining.wire(0).code == 1012


async def test_where_nothing_live_runs_any_more_pages_are_not_kept(rig: Rig) -> None:
    draining = a_crowd(rig, 3)
    rig.live.is_running = False
    assert (await draining.run(), draining.took) == (3, 0)


@asynccontextmanager
async def being_drained(rig: Rig, *, is_hurried: bool = False) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        draining = tasks.create_task(drain(rig.live, lambda: is_hurried))
        yield
        draining.cancel()


async def test_a_page_moves_and_takes_its_claims_with_it() -> None:
    rig = a_rig()
    async with serving(rig) as place, place.connect(rig.town.sam) as browser:
        await say(browser, hello(rig))
        await hear(browser, "frame")
        async with being_drained(rig):
            await hear(browser, "move")
            rig.town.ask()
            rig.ring()
            await hear(browser, "frame")  # it is served until it leaves
            await browser.close(4409)
            await place.until(lambda: not rig.hub.connections)
        assert rig.store.performed == []


async def test_a_page_that_is_closed_meanwhile_ends_its_claims() -> None:
    rig = a_rig()
    async with serving(rig) as place, place.connect(rig.town.sam) as browser:
        await say(browser, hello(rig))
        await hear(browser, "frame")
        async with being_drained(rig):
            await hear(browser, "move")
            await browser.close(1000)
            await place.until(lambda: rig.store.performed)
        assert rig.store.performed == [EndClaims(TAB)]


async def test_nobody_is_taken_in_by_a_process_that_ends() -> None:
    rig = a_rig()
    async with serving(rig) as place, place.connect(rig.town.sam) as early:
        await say(early, hello(rig))
        await hear(early, "frame")
        async with place.connect(rig.town.sam) as silent:  # in, but it has not said hello
            await place.until(lambda: len(rig.hub.connections) == 2)
            async with being_drained(rig):
                await hear(early, "move")
                async with place.connect(rig.town.sue) as late:
                    assert await code_of(late) == 1013
                await say(silent, hello(rig, tab="another-tab"))
                assert await code_of(silent) == 1013
