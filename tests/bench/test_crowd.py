"""The bench's own measure can fail: a message that is missing, doubled or cut in two is noticed."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest

from bench.crowd import Crowd
from bench.greetings import PLAIN
from bench.peers.payload import FIRST, Payload
from server.live.websocket_frame import text_frame

PAYLOAD = Payload('{"type":"frame",', ',"tag":"a1","ops":[{"op":"put"}]}')
PAGES = 3


def framed(seq: int) -> bytes:
    return text_frame(PAYLOAD.text(FIRST + seq).encode())


@asynccontextmanager
async def told(pieces: Iterable[bytes]) -> AsyncIterator[Crowd]:
    """Yield pages to which a server writes these pieces, each by itself."""
    come, gone = asyncio.Event(), asyncio.Event()

    async def tell(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await come.wait()
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await turns()
        await gone.wait()
        writer.transport.abort()

    async def turns() -> None:
        for _ in range(20):  # of the loop: so the pieces are read apart
            await asyncio.sleep(0)

    async with await asyncio.start_server(tell, "127.0.0.1", 0) as server:
        crowd = Crowd([server.sockets[0].getsockname()[1]], lambda _number: PLAIN)
        await crowd.grow(PAGES)
        come.set()
        try:
            yield crowd
        finally:
            crowd.leave()
            gone.set()
            await turns()


async def test_every_change_at_every_page_is_counted() -> None:
    async with told([framed(1), framed(2), framed(3)]) as crowd:
        assert await crowd.have(3 * PAGES, silence_seconds=5)
        assert (crowd.changes, crowd.frames, crowd.breaks) == (9, 9, 0)


async def test_frames_that_come_together_or_in_halves_count_once_each() -> None:
    whole = framed(1) + framed(2) + framed(3)
    async with told([whole[:40], whole[40:150], whole[150:]]) as crowd:
        assert await crowd.have(3 * PAGES, silence_seconds=5)
        assert (crowd.changes, crowd.breaks) == (9, 0)


@pytest.mark.parametrize("numbers", [(1, 3), (1, 2, 2), (2, 1)])
async def test_a_frame_that_is_missing_doubled_or_late_is_a_break(numbers: tuple[int, ...]) -> None:
    async with told([framed(number) for number in numbers]) as crowd:
        assert await crowd.have(len(numbers) * PAGES, silence_seconds=5)
        assert crowd.breaks == PAGES


async def test_changes_that_never_come_are_not_waited_for_without_end() -> None:
    async with told([framed(1)]) as crowd:
        assert not await crowd.have(2 * PAGES, silence_seconds=0.1)
        assert crowd.changes == PAGES


async def test_the_time_of_every_arrival_is_kept_while_timing() -> None:
    async with told([framed(1), framed(2)]) as crowd:
        crowd.is_timing = True
        assert await crowd.have(2 * PAGES, silence_seconds=5)
        assert [seq for _, _, seq in crowd.heard] == [FIRST + 1] * 3 + [FIRST + 2] * 3
