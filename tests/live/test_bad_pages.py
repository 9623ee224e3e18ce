"""A page that breaks the protocol ends its own socket, with a code and without a traceback."""

import asyncio
import logging

import pytest

from tests.live.serving import HANGS, a_rig, code_of, hello, masked, say, serving

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
        async with asyncio.timeout(HANGS):
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
        assert await code_of(browser) == 4408


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
