"""The bell of one process keeps the contract; Redis will have to keep the same."""

import asyncio

import pytest

from server.bus.bell import Bell
from server.bus.memory import MemoryBell
from tests.bus.contract import BellContract, Ear


class TestMemoryBell(BellContract):
    @pytest.fixture
    def bells(self) -> tuple[Bell, Bell]:
        bell = MemoryBell()
        return bell, bell


def test_a_bell_rung_after_its_listeners_loop_has_gone_is_no_error() -> None:
    bell, ear = MemoryBell(), Ear()

    async def listen() -> None:
        bell.subscribe(ear)
        await ear.is_called()

    asyncio.run(listen())
    bell.ring({"clinic": 1})
    assert ear.heads == {}


async def test_rung_on_its_listeners_own_loop_it_need_not_wake_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bell, ear = MemoryBell(), Ear()
    bell.subscribe(ear)
    loop = asyncio.get_running_loop()
    with monkeypatch.context() as nobody_wakes:
        nobody_wakes.setattr(loop, "call_soon_threadsafe", None)
        bell.ring({"clinic": 1})
    assert ear.heads == {}, "called at once: whoever rings would run its listeners"
    await asyncio.sleep(0)
    assert ear.heads == {"clinic": 1}
    await asyncio.to_thread(bell.ring, {"clinic": 2})
    await ear.hears(clinic=2)


async def test_it_has_no_work_of_its_own() -> None:
    async with asyncio.timeout(1):
        await MemoryBell().run()
