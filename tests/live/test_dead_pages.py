"""A browser that has stopped reading costs a bounded amount, delays nobody, and is let go."""

import time
from dataclasses import replace

import pytest

from tests.live.rig import Page
from tests.live.serving import QUICK, a_rig, code_of, hear, hello, masked, noise, say, serving


async def test_a_stalled_page_is_cut_and_delays_nobody() -> None:
    # F18 I7
    rig = a_rig(stalled_seconds=0.5)
    async with serving(rig) as place:
        writer = await place.stalled()
        async with place.connect(rig.town.sue) as browser:
            await say(browser, hello(rig, tab="tab-of-another"))
            await hear(browser, "frame")
            connection = await place.flood()
            assert connection._wire.buffered() < 512 * 1024
            rig.town.ask()
            rig.ring()
            assert (await hear(browser, "frame"))["ops"]
            await place.until(lambda: connection not in rig.hub.connections)
            assert len(place.server.server_state.connections) == 1
        writer.transport.abort()


async def test_a_stalled_page_that_reads_again_gets_one_snapshot() -> None:
    # F19 I2
    rig = a_rig()
    async with serving(rig) as place:
        browser = await place.connect(rig.town.sam, max_queue=1, close_timeout=0.5)
        async with browser:
            await say(browser, hello(rig))
            await hear(browser, "frame")
            connection = await place.flood()
            word = noise(10)
            for _ in range(300):
                rig.hub.publish([(rig.board, rig.hub.places[rig.board], word)])
            assert connection.lagging
            rig.town.ask()
            rig.ring()
            frame = await hear(browser, "frame")
            assert (frame["after"], frame["why"]) == (None, "lagging")
            page = Page()
            page.hear(frame)
            assert page.entities == rig.truth(rig.board)
            await place.until(lambda: connection.stalled_since is None)


async def test_a_browser_that_answers_no_ping_is_cut_even_with_a_full_buffer() -> None:
    rig = a_rig(replace(QUICK, ping=0.2), stalled_seconds=60)
    async with serving(rig) as place:
        writer = await place.stalled()
        await place.flood()
        await place.until(lambda: not place.server.server_state.connections)
        writer.transport.abort()


@pytest.mark.parametrize("farewell", [b"", masked(b"\x03\xe8", 0x88)], ids=["eof", "close"])
async def test_a_browser_that_leaves_without_reading_is_let_go(farewell: bytes) -> None:
    rig = a_rig(replace(QUICK, ping=60), stalled_seconds=60)
    async with serving(rig) as place:
        writer = await place.stalled()
        await place.flood()
        if farewell:
            writer.write(farewell)
        else:
            writer.write_eof()
        await place.until(lambda: not place.server.server_state.connections)
        writer.transport.abort()


async def test_shutting_down_takes_less_than_five_seconds_with_a_stalled_page() -> None:
    rig = a_rig(stalled_seconds=60)
    async with serving(rig) as place, place.connect(rig.town.sue) as browser:
        await say(browser, hello(rig, tab="tab-of-another"))
        await hear(browser, "frame")
        writer = await place.stalled()
        await place.flood()
        began = time.monotonic()
        place.server.should_exit = True
        assert await code_of(browser) == 1012
        await place.until(lambda: place.server.lifespan.shutdown_event.is_set())
        assert time.monotonic() - began < 5
        assert rig.store.performed == []  # claims wait for their pages to come back
        writer.transport.abort()
