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


async def test_it_has_no_work_of_its_own() -> None:
    async with asyncio.timeout(1):
        await MemoryBell().run()
