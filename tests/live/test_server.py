"""A real server and real sockets: who comes in, what they are told, and how they are sent away."""

import asyncio
import logging
import time

import orjson
import pytest
from websockets.exceptions import InvalidStatus

from server.live.protocol import missing_in
from tests.live.rig import TAB, Page
from tests.live.serving import a_rig, code_of, hear, hello, noise, say, serving
from tests.live.test_revocation import disable


async def test_a_page_is_told_and_follows() -> None:  # S85, S90
    rig = a_rig()
    rig.town.ask()
    async with serving(rig) as place, place.connect(rig.town.sam) as browser:
        await say(browser, hello(rig))
        await hear(browser, "welcome")
        page = Page()
        page.hear(await hear(browser, "frame"))
        rig.town.ask(by=rig.town.omar)
        rig.ring()
        page.hear(await hear(browser, "frame"))
        assert (page.asks, page.entities) == (0, rig.truth(rig.board))
        await say(browser, {"type": "ping", "t": 12.5})
        assert (await hear(browser, "pong"))["t"] == 12.5
        assert (await hear(browser, "heartbeat"))["mode"] == "live"
        resume = {"type": "resume", "view": "dialog", "stream": rig.board[0]}
        await say(browser, resume | {"projection": "board", "seq": page.cursor, "tag": page.tag})
        answer = await hear(browser, "frame")
        assert (answer["view"], answer["after"], answer["ops"]) == ("dialog", page.cursor, [])
        assert browser.protocol.extensions == []  # nothing is compressed


async def test_the_wire_is_the_direct_one(caplog: pytest.LogCaptureFixture) -> None:
    rig = a_rig()
    with caplog.at_level(logging.INFO, "dispatch.live"):
        async with serving(rig) as place, place.connect(rig.town.sam) as browser:
            await say(browser, hello(rig))
            await hear(browser, "frame")
    assert "written by direct" in caplog.text


def test_the_check_at_start_sees_what_is_missing() -> None:
    assert "keepalive_timeout" in missing_in(asyncio.Protocol)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {},
        {"Origin": "own", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "own", "Cookie": "login=forged"},
    ],
)
async def test_a_foreign_page_or_nobody_is_refused(headers: dict[str, str]) -> None:
    rig = a_rig()
    async with serving(rig) as place:
        own = {"Cookie": f"login={rig.sign_in(rig.town.sam)}"} | headers
        if own.get("Origin") == "own":
            own["Origin"] = f"http://{place.host}"
        with pytest.raises(InvalidStatus) as refused:
            async with place.connect(rig.town.sam, additional_headers=own):
                pass
        assert refused.value.response.status_code == 403
        assert not rig.hub.connections


@pytest.mark.parametrize(
    ("stream", "projection", "code"),
    [
        ("clinic:{daytime}", "board", 4403),
        ("clinic:{evening}", "patient", 4403),
        ("clinic:{foreign}", "board", 4403),
        ("patient:{mia}", "patient", 4403),
        ("host:{ada}", "host", 4403),
        ("clinic:999", "board", 4403),
        ("control:1", "board", 4403),
        ("control", "board", 4400),
    ],
)
async def test_nobody_joins_what_is_not_theirs(
    stream: str, projection: str, code: int
) -> None:  # S55, S67
    rig = a_rig()
    town = rig.town
    clinics = {name: getattr(town, name).id for name in ("evening", "daytime", "foreign")}
    named = stream.format(**clinics, mia=town.mia, ada=town.ada)
    async with serving(rig) as place, place.connect(town.sam) as browser:
        view = {"view": "page", "stream": named, "projection": projection}
        await say(browser, {"type": "hello", "tab": TAB, "views": [view]})
        assert await code_of(browser) == code
        await place.until(lambda: not rig.hub.connections)


async def test_a_tab_that_comes_back_takes_over() -> None:
    rig = a_rig()
    async with serving(rig) as place, place.connect(rig.town.sam) as old:
        await say(old, hello(rig))
        await hear(old, "frame")
        async with place.connect(rig.town.sam) as new:
            await say(new, hello(rig))
            await hear(new, "frame")
            assert await code_of(old) == 4409
            await place.until(lambda: len(rig.hub.connections) == 1)
            rig.town.ask()
            rig.ring()
            await hear(new, "frame")
            assert rig.store.performed == []  # its claims are kept
    assert rig.store.performed  # and end with the page


async def test_revocation_reaches_a_socket_within_two_seconds() -> None:
    rig = a_rig()
    async with serving(rig) as place, place.connect(rig.town.sam) as browser:
        await say(browser, hello(rig))
        await hear(browser, "frame")
        began = time.monotonic()
        disable(rig, rig.town.sam)
        rig.ring()
        assert await code_of(browser) == 4403
        assert time.monotonic() - began < 2


async def test_rights_that_go_during_the_handshake_are_gone() -> None:
    rig = a_rig()

    async def revoke_meanwhile() -> None:
        disable(rig, rig.town.sam)
        await rig.catch_up()  # told to every socket that there is; this one is not yet

    async with serving(rig) as place:
        browser = place.connect(rig.town.sam)
        rig.after_login = [revoke_meanwhile]
        async with browser:
            assert await code_of(browser.connection) == 4401


async def test_without_a_database_a_page_is_asked_to_come_back() -> None:
    rig = a_rig()
    async with serving(rig) as place:
        await place.until(lambda: rig.tailer.started.is_set())
        token = rig.sign_in(rig.town.sam)
        rig.store.is_away = True
        headers = {"Origin": f"http://{place.host}", "Cookie": f"login={token}"}
        async with place.connect(rig.town.sam, additional_headers=headers) as browser:
            assert await code_of(browser) == 1013


async def test_what_was_framed_here_is_what_a_browser_reads() -> None:
    rig = a_rig()
    async with serving(rig) as place, place.connect(rig.town.sam, max_size=None) as browser:
        await say(browser, hello(rig))
        await hear(browser, "frame")
        for size in (0, 100, 126, 127, 65_500, 65_536, 70_000):
            place_now = rig.hub.places[rig.board]
            rig.hub.publish([(rig.board, place_now, noise(size))])
            assert orjson.dumps(await hear(browser, "noise")) == orjson.dumps(
                {"type": "noise", "x": "x" * size}
            )
