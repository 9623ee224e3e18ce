"""One address may have so many connections and pages; nobody else notices."""

import asyncio
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from server.peers.http import Patience
from server.settings import Settings
from server.wiring import running
from tests.live.serving import a_rig, code_of, hear, hello, say, serving
from tests.peers.speaker import console, small
from tests.peers.test_slow_peers import GET


async def test_more_connections_of_an_address_than_it_may_have_are_turned_away() -> None:
    async with small(Patience(), address_connections=3) as place:
        mine = [await place.speaker() for _ in range(3)]
        await place.until(3)
        assert b"503" in await (await place.speaker()).answer()
        another = await place.speaker(local_addr=("127.0.0.2", 0))
        another.say(GET)
        assert b"200 OK" in await another.answer()
        mine[0].writer.close()
        await place.until(3)
        late = await place.speaker()
        late.say(GET)
        assert b"200 OK" in await late.answer()


async def test_behind_proxies_their_connections_are_not_counted() -> None:
    async with small(address_connections=3, trusted_proxies=1) as place:
        for _ in range(6):
            speaker = await place.speaker()
            speaker.say(GET)
            assert b"200 OK" in await speaker.answer()


async def test_a_socket_is_no_longer_one_of_the_connections() -> None:
    # it is counted as a page; both have the same limit, and nobody is counted twice
    rig = a_rig(pages_of_place=2)
    async with serving(rig) as place:
        pages = [place.connect(rig.town.sam), place.connect(rig.town.sue)]
        browsers = [await page for page in pages]
        assert rig.live.door.count("127.0.0.1") == 2
        third = await place.connect(rig.town.tom)
        assert await code_of(third) == 1013
        await browsers[0].close()
        await place.until(lambda: rig.live.door.count("127.0.0.1") == 1)
        late = await place.connect(rig.town.tom)
        await say(late, {"type": "hello", "tab": "tab-of-another", "views": []})
        assert (await hear(late, "welcome"))["now"]
        for browser in (*browsers, late):
            await browser.close()
        await place.until(lambda: not rig.live.door._here)


async def test_pages_behind_a_proxy_are_counted_by_what_it_says(tmp_path: Path) -> None:
    # decision 7: the proxy's word counts, and nobody's own
    rig = a_rig(pages_of_place=1)
    rig.live.proxies = 1
    async with serving(rig) as place:

        def from_(forwarded: str) -> object:
            page = place.connect(rig.town.sam)
            page.additional_headers["X-Forwarded-For"] = forwarded  # type: ignore[index]
            return page

        first = await from_("198.51.100.7")  # type: ignore[misc]
        neighbour = await from_("9.9.9.9, 198.51.100.7")  # type: ignore[misc]
        assert await code_of(neighbour) == 1013
        other = await from_("198.51.100.8")  # type: ignore[misc]
        await say(other, hello(rig))
        await hear(other, "welcome")
        for browser in (first, other):
            await browser.close()


async def test_who_is_not_let_in_takes_nobodys_place() -> None:
    rig = a_rig(pages_of_place=2)
    async with serving(rig) as place:
        for _ in range(5):
            stranger = place.connect(rig.town.sam)
            stranger.additional_headers["Cookie"] = "login=forged"  # type: ignore[index]
            with pytest.raises(InvalidStatus, match="403"):
                await stranger
        assert not rig.live.door._here


async def test_a_process_that_is_full_sends_pages_elsewhere() -> None:
    rig = a_rig(sockets=1)
    async with serving(rig) as place, place.connect(rig.town.sam) as first:
        await say(first, hello(rig))
        await hear(first, "welcome")
        async with place.connect(rig.town.sue) as second:
            assert await code_of(second) == 1013


async def test_the_settings_reach_whoever_counts(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'dispatch.db'}"
    settings = Settings(database_url=url, address_connections=7, trusted_proxies=2)
    async with running(settings) as state:
        assert (state["live"].proxies, state["live"].limits.pages_of_place) == (2, 7)


async def test_hundreds_of_silent_connections_hold_up_nobody(tmp_path: Path) -> None:
    async with console(tmp_path, address_connections=0) as place:
        await asyncio.gather(*(place.speaker() for _ in range(300)))
        polite = await place.speaker()
        polite.say("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        async with asyncio.timeout(3):
            assert b"200 OK" in await polite.answer()
        await place.until(1)  # the silent ones are gone
