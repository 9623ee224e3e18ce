"""A real server, real sockets: pages are told, bad ones are sent away, dead ones are let go."""

import asyncio
import logging
import time

import orjson
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server.live.limits import Pace
from server.live.protocol import missing_in
from tests.live.rig import TAB, Page, Rig
from tests.live.serving import hear, hello, masked, noise, say, serving
from tests.live.test_revocation import disable

QUICK = Pace(poll=5.0, sweep=0.05, heartbeat=0.2, look=0.05)


def a_rig(**limits: object) -> Rig:
    return Rig(QUICK, is_real=True, **limits)


async def code_of(browser: object) -> int | None:
    async with asyncio.timeout(8):
        try:
            while True:
                await browser.recv()  # type: ignore[attr-defined]
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


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


CORPUS = {
    "no JSON": (masked(b"hello"), 4400),
    "deep": (masked(b"[" * 9_000), 4400),
    "binary": (masked(b"\0\1\2", 0x82), 4400),
    "an early ping": (masked(b'{"type": "ping", "t": 1}'), 4400),
    "no UTF-8": (masked(b"\xff\xfe\xfd"), 1007),
    "half a letter": (masked(b"\xc3"), 1007),
    "too long": (masked(b" " * 16_385), 1009),
    "too long in fragments": (
        masked(b" " * 9_000, 0x01) + masked(b" " * 9_000, 0x80),
        1009,
    ),
    "many fragments": (masked(b" ", 0x01) + masked(b" ", 0x00) * 17_000, 1009),
    "a broken letter in fragments": (masked(b"\xc3", 0x01) + masked(b"\x28", 0x80), 1007),
    "a reserved bit": (masked(b"x", 0xC1), 1002),
    "an unknown opcode": (masked(b"x", 0x83), 1002),
    "not masked": (b"\x81\x01x", 1002),
}


@pytest.mark.parametrize(("sent", "code"), CORPUS.values(), ids=CORPUS.keys())
async def test_bad_bytes_end_the_socket_with_a_code_and_no_traceback(
    sent: bytes, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    rig = a_rig()
    async with serving(rig) as place:
        reader, writer = await place.raw(rig.town.sam)
        writer.write(sent)
        async with asyncio.timeout(8):
            assert int.from_bytes((await closing(reader))[:2], "big") == code
        await place.until(lambda: not rig.hub.connections)
        writer.transport.abort()
    assert not [record for record in caplog.records if record.exc_info]
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def closing(reader: asyncio.StreamReader) -> bytes:
    """Return the payload of the close frame; the others are short."""
    while True:
        opcode, length = await reader.readexactly(2)
        size = length if length < 126 else int.from_bytes(await reader.readexactly(2), "big")
        payload = await reader.readexactly(size)
        if opcode == 0x88:
            return payload


async def test_a_page_that_says_no_hello_is_sent_away() -> None:
    rig = a_rig(hello_seconds=0.2)
    async with serving(rig) as place, place.connect(rig.town.sam) as browser:
        assert await code_of(browser) == 4400


async def test_a_page_that_says_hello_twice_is_sent_away() -> None:
    rig = a_rig()
    async with serving(rig) as place, place.connect(rig.town.sam) as browser:
        await say(browser, hello(rig))
        await say(browser, hello(rig))
        assert await code_of(browser) == 4400


async def test_a_page_that_talks_too_much_is_sent_away() -> None:
    rig = a_rig()
    async with serving(rig) as place, place.connect(rig.town.sam) as browser:
        await say(browser, hello(rig))
        for t in range(60):
            await say(browser, {"type": "ping", "t": t})
        assert await code_of(browser) == 4400


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


async def test_a_stalled_page_is_cut_and_delays_nobody() -> None:
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
    rig = a_rig(stalled_seconds=60)
    async with serving(rig, ws_ping_interval=0.2, ws_ping_timeout=0.2) as place:
        writer = await place.stalled()
        await place.flood()
        await place.until(lambda: not place.server.server_state.connections, seconds=3)
        writer.transport.abort()


@pytest.mark.parametrize("farewell", [b"", masked(b"\x03\xe8", 0x88)], ids=["eof", "close"])
async def test_a_browser_that_leaves_without_reading_is_let_go(farewell: bytes) -> None:
    rig = a_rig(stalled_seconds=60)
    async with serving(rig, ws_ping_interval=60) as place:
        writer = await place.stalled()
        await place.flood()
        if farewell:
            writer.write(farewell)
        else:
            writer.write_eof()
        await place.until(lambda: not place.server.server_state.connections, seconds=5)
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
