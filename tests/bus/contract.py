"""What every bell keeps. A test module gives the fixture ``bells``: one to ring, one to hear.

Hints may be late and doubled, so the tests wait for what must come and do not count.
"""

import asyncio
import threading
from collections.abc import Mapping

from server.bus.bell import Bell


class Ear:
    """Listens, and remembers the highest number of each stream."""

    def __init__(self) -> None:
        self.calls: list[Mapping[str, int]] = []
        self._changed = asyncio.Event()

    def __call__(self, heads: Mapping[str, int]) -> None:
        self.calls.append(dict(heads))
        self._changed.set()

    @property
    def heads(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for call in self.calls:
            for stream, seq in call.items():
                found[stream] = max(seq, found.get(stream, 0))
        return found

    async def hears(self, **heads: int) -> None:
        """Wait until every one of these has come."""
        async with asyncio.timeout(30):
            while not heads.items() <= self.heads.items():
                self._changed.clear()
                await self._changed.wait()

    async def is_called(self) -> None:
        async with asyncio.timeout(30):
            while not self.calls:
                await self._changed.wait()


class BellContract:
    async def test_subscribing_says_catch_up_now_before_anything_else(
        self, bells: tuple[Bell, Bell]
    ) -> None:
        ear = Ear()
        bells[1].subscribe(ear)
        await ear.is_called()
        assert ear.calls[0] == {}

    async def test_what_is_rung_is_heard_elsewhere(self, bells: tuple[Bell, Bell]) -> None:  # S86
        ear = Ear()
        bells[1].subscribe(ear)
        await ear.is_called()
        bells[0].ring({"control": 3, "clinic": 810})
        await ear.hears(control=3, clinic=810)

    async def test_own_rings_are_heard_too(self, bells: tuple[Bell, Bell]) -> None:
        ear = Ear()
        bells[0].subscribe(ear)
        await ear.is_called()
        bells[0].ring({"clinic": 811})
        await ear.hears(clinic=811)

    async def test_ringing_from_the_writers_thread_arrives_on_the_loop(
        self, bells: tuple[Bell, Bell]
    ) -> None:
        heard_on: list[int] = []
        ear = Ear()

        def listen(heads: Mapping[str, int]) -> None:
            heard_on.append(threading.get_ident())
            ear(heads)

        bells[1].subscribe(listen)
        writer = threading.Thread(target=bells[0].ring, args=({"clinic": 812},))
        writer.start()
        await ear.hears(clinic=812)
        writer.join()
        assert set(heard_on) == {threading.get_ident()}

    async def test_ringing_never_calls_back_inside_the_ring(self, bells: tuple[Bell, Bell]) -> None:
        ear = Ear()
        bells[0].subscribe(ear)
        await ear.is_called()
        before = len(ear.calls)
        bells[0].ring({"clinic": 813})  # the use case that rings must not run the tailer
        assert len(ear.calls) == before
        await ear.hears(clinic=813)

    async def test_who_has_unsubscribed_hears_nothing_more(self, bells: tuple[Bell, Bell]) -> None:
        gone, stays = Ear(), Ear()
        end = bells[1].subscribe(gone)
        bells[1].subscribe(stays)
        await gone.is_called()
        end()
        bells[0].ring({"clinic": 814})
        await stays.hears(clinic=814)
        assert "clinic" not in gone.heads

    async def test_ringing_with_nobody_there_is_no_error(self, bells: tuple[Bell, Bell]) -> None:
        bells[0].ring({"clinic": 815})
        assert bells[0].mode in {"live", "slower"}

    async def test_a_bell_that_works_is_live(self, bells: tuple[Bell, Bell]) -> None:
        ear = Ear()
        bells[1].subscribe(ear)
        bells[0].ring({"clinic": 816})
        await ear.hears(clinic=816)
        assert bells[1].mode == "live"
