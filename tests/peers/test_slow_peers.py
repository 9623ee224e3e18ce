"""Who says nothing, or next to nothing, is let go of; who is merely slow is served."""

import asyncio
import logging
import socket
from pathlib import Path
from typing import Any

import pytest

from server.peers.http import Patience
from server.peers.tcp import SILENT_MS
from tests.peers.speaker import LARGE, QUICK, Speaker, console, small

GET = "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n"
POST = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n"
SLACK = 3.0  # s, for a machine that is busy with other tests


def is_due(seconds: float, limit: float) -> bool:
    return limit * 0.9 <= seconds < limit + SLACK


def test_the_real_times_are_within_what_was_promised() -> None:
    patience = Patience()
    assert patience.head_seconds <= 15
    assert patience.stalled_seconds <= 15
    assert patience.body_seconds + patience.head_seconds <= 40


async def test_a_connection_that_says_nothing_is_closed() -> None:
    async with small() as place:
        silent = await place.speaker()
        assert is_due(await silent.ends_after(), QUICK.head_seconds)
        await place.until(0)


async def test_a_head_that_trickles_is_cut_though_every_letter_is_a_sign_of_life() -> None:
    async with small() as place:
        speaker = await place.speaker()
        speaker.say("GET / HTTP/1.1\r\nHost: x\r\n")
        trickling = asyncio.create_task(speaker.trickle("X-A: b\r\n", 0.05))
        assert is_due(await speaker.ends_after(), QUICK.head_seconds)
        await place.until(0)
        await trickling


async def test_a_later_head_that_trickles_is_cut_too() -> None:
    # uvicorn's own keep-alive time ends with the first letter
    async with small() as place:
        speaker = await place.speaker()
        speaker.say(GET)
        assert b"200 OK" in await speaker.answer()
        trickling = asyncio.create_task(speaker.trickle("G", 0.05))
        assert is_due(await speaker.ends_after(), QUICK.head_seconds)
        await trickling


async def test_half_a_head_behind_a_whole_request_is_waited_for_no_longer() -> None:
    async with small() as place:
        speaker = await place.speaker()
        speaker.say(GET + "GET / HT")
        assert b"200 OK" in await speaker.answer()
        assert is_due(await speaker.ends_after(), QUICK.head_seconds)


async def test_a_body_that_trickles_is_cut() -> None:
    async with small() as place:
        speaker = await place.speaker()
        speaker.say(POST.format(10_000))
        trickling = asyncio.create_task(speaker.trickle("x", 0.05))
        assert is_due(await speaker.ends_after(), QUICK.body_seconds)
        await place.until(0)
        await trickling


async def test_a_body_in_pieces_without_an_end_is_cut() -> None:
    async with small() as place:
        speaker = await place.speaker()
        speaker.say("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        trickling = asyncio.create_task(speaker.trickle("1\r\nx\r\n", 0.02))
        assert is_due(await speaker.ends_after(), QUICK.body_seconds)
        await trickling


async def test_a_body_that_is_answered_before_its_end_may_not_go_on_for_ever() -> None:
    async with small() as place:
        speaker = await place.speaker()
        speaker.say(POST.replace("/echo", "/deaf").format(10_000))
        trickling = asyncio.create_task(speaker.trickle("x", 0.05))
        assert b"413" in await speaker.answer()
        assert await speaker.ends_after() < QUICK.body_seconds + SLACK
        await place.until(0)
        await trickling


async def test_a_request_that_comes_slowly_but_comes_is_answered() -> None:
    async with small(Patience()) as place:
        speaker = await place.speaker()
        for piece in (POST[:20], POST[20:].format(3), "a", "b", "c"):
            speaker.say(piece)
            await asyncio.sleep(0.05)
        assert (await speaker.answer()).endswith(b"abc")
        speaker.say(GET)  # and the connection is as good as before
        assert b"200 OK" in await speaker.answer()


async def test_a_connection_between_two_requests_is_kept_as_long_as_is_said() -> None:
    async with small() as place:
        speaker = await place.speaker()
        speaker.say(GET)
        await speaker.answer()
        await asyncio.sleep(QUICK.head_seconds * 2)
        speaker.say(GET)
        assert b"200 OK" in await speaker.answer()


async def test_a_connection_that_is_done_is_closed_when_its_time_is_up() -> None:
    async with small(timeout_keep_alive=1) as place:
        speaker = await place.speaker()
        speaker.say(GET)
        await speaker.answer()
        assert 0.9 < await speaker.ends_after() < 1 + SLACK
        await place.until(0)


async def test_an_answer_that_nobody_takes_is_not_kept_for_ever() -> None:
    async with small() as place:
        speaker = await place.narrow()
        speaker.say(GET.replace("/echo", "/large"))
        await speaker.reader.readexactly(100)
        speaker.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await place.until(0)


async def take(speaker: Speaker, pieces: int, gap: float) -> None:
    """Read the large answer in so many pieces."""
    head = await speaker.reader.readuntil(b"\r\n\r\n")
    assert b"200 OK" in head
    for _ in range(pieces):
        await speaker.reader.readexactly(LARGE // pieces)
        await asyncio.sleep(gap)


async def test_an_answer_that_is_taken_slowly_arrives_whole() -> None:
    async with small(Patience(stalled_seconds=0.8)) as place:
        speaker = await place.narrow()
        speaker.say(GET.replace("/echo", "/large"))
        await take(speaker, 12, 0.1)  # half as long again as it may stand still


async def test_the_next_answer_is_not_measured_by_what_was_left_of_the_last() -> None:
    async with small(Patience(stalled_seconds=2)) as place:
        speaker = await place.narrow()
        speaker.say(GET.replace("/echo", "/large"))
        await take(speaker, 10, 0.0)
        connection: Any
        (connection,) = place.server.server_state.connections
        assert connection._stalls is None


async def test_the_console_logs_no_error_for_a_body_that_was_cut(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with console(tmp_path) as place:
        host = f"127.0.0.1:{place.port}"
        speaker = await place.speaker()
        speaker.say(
            f"POST /sign-in HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\n"
        )
        trickling = asyncio.create_task(speaker.trickle("a", 0.05))
        await speaker.ends_after()
        await trickling
        await place.until(0)
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert not [each for each in caplog.records if each.exc_info]


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="Linux has it")
async def test_the_kernel_gives_up_on_a_machine_that_is_gone() -> None:
    async with small() as place:
        await place.speaker()
        await place.until(1)
        connection: Any
        (connection,) = place.server.server_state.connections
        sock = connection.transport.get_extra_info("socket")
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == SILENT_MS
