"""A page's socket outlives its handshake and nothing of it; it hears, answers and ends."""

import asyncio
import gc
import logging
import time
import weakref
from dataclasses import replace

import pytest

from server.live.protocol import LiveProtocol
from server.live.visit import Visit
from tests.live.rig import TAB
from tests.live.serving import HANGS, QUICK, a_rig, code_of, hear, hello, masked, say, serving
from tests.live.test_revocation import control_says_of, disable


async def test_no_task_and_no_request_waits_beside_an_open_page() -> None:
    rig = a_rig()
    made: list[weakref.ref[LiveProtocol]] = []
    async with serving(rig) as place, place.connect(rig.town.sam) as browser:
        await say(browser, hello(rig))
        await hear(browser, "frame")
        state = place.server.server_state
        await place.until(lambda: not state.tasks)
        made += [
            weakref.ref(each)
            for each in gc.get_objects()
            if type(each) is LiveProtocol and each.connections is state.connections
        ]
        gc.collect()
        assert [protocol() for protocol in made if protocol() is not None] == []
        assert len(state.connections) == 1  # uvicorn counts it, and ends it with the others
        rig.town.ask()
        rig.ring()
        assert (await hear(browser, "frame"))["ops"]
    await place.until(lambda: not state.connections)


async def test_a_browser_that_does_not_wait_for_the_answer_is_cut() -> None:
    rig = a_rig()
    async with serving(rig) as place:
        admitted = asyncio.Event()
        rig.after_login = [admitted.wait]
        reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
        writer.write(place.handshake(rig.town.sam))
        await place.until(lambda: not rig.after_login)  # it is being asked who that is
        writer.write(masked(b"{}"))
        async with asyncio.timeout(HANGS):
            with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
                await reader.readexactly(1)
        admitted.set()
        writer.transport.abort()
        await place.until(lambda: not place.server.server_state.tasks)
        assert not rig.hub.connections


async def test_a_browser_that_goes_as_it_is_let_in_is_no_accident(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rig = a_rig()
    async with serving(rig) as place:
        state = place.server.server_state

        async def goes() -> None:
            (protocol,) = (each for each in state.connections if type(each) is LiveProtocol)
            protocol.transport.close()

        rig.after_login = [goes]
        _, writer = await asyncio.open_connection("127.0.0.1", place.port)
        writer.write(place.handshake(rig.town.sam))
        await place.until(lambda: not rig.after_login and not state.tasks and not state.connections)
        writer.close()
    assert not rig.hub.connections
    assert caplog.messages == []


async def test_a_browser_that_answers_pings_stays_and_its_own_are_answered() -> None:
    rig = a_rig(replace(QUICK, ping=0.4))
    async with serving(rig) as place, place.connect(rig.town.sam) as browser:
        await say(browser, hello(rig))
        connection = await place.arrival(TAB)
        for _ in range(3):
            due = connection.ping_at
            await place.until(lambda due=due: connection.ping_at > due)  # pinged once more
        async with asyncio.timeout(HANGS):
            await (await browser.ping())
        assert not connection.is_closed


async def test_a_socket_that_we_end_is_gone_as_soon_as_the_browser_says_so() -> None:
    rig = a_rig()
    async with serving(rig) as place, place.connect(rig.town.sam) as browser:
        await say(browser, hello(rig))
        await hear(browser, "frame")
        began = time.monotonic()
        disable(rig, rig.town.sam)
        rig.ring()
        assert await code_of(browser) == 4403
        await place.until(lambda: not place.server.server_state.connections)
        assert time.monotonic() - began < 1.5, "not only by the last moment"


async def test_sockets_may_be_ended_while_somebody_goes_through_them() -> None:
    rig = a_rig()
    async with (
        serving(rig) as place,
        place.connect(rig.town.sam) as sam,
        place.connect(rig.town.sue) as sue,
    ):
        await place.until(lambda: len(rig.hub.connections) == 2)
        for connection in rig.hub.connections:
            connection.end(4408)
        assert [await code_of(sam), await code_of(sue)] == [4408, 4408]
        await place.until(lambda: not rig.hub.connections)


async def test_nothing_is_heard_until_a_moved_right_was_asked_about_again() -> None:
    rig = a_rig(replace(QUICK, look=60.0))
    checked = asyncio.Event()

    async def meanwhile() -> None:
        control_says_of(rig, rig.town.tom)
        await rig.catch_up()
        rig.store.after_read = [checked.wait]  # the next to read is the check

    async with serving(rig) as place, place.connect(rig.town.sue) as other:
        await place.until(lambda: rig.hub.connections)
        rig.after_login = [meanwhile]
        async with place.connect(rig.town.sam) as browser:
            await say(browser, hello(rig))
            await place.until(lambda: not rig.after_login and not rig.store.after_read)
            await say(other, hello(rig, tab="tab-of-another"))
            await hear(other, "frame")  # all this time the hello of the first lies there
            assert [each.tab for each in rig.hub.connections] == ["tab-of-another", ""]
            checked.set()
            assert (await hear(browser, "frame"))["view"] == "page"


async def test_an_errand_that_fails_ends_its_own_socket_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rig = a_rig()
    async with serving(rig) as place, place.connect(rig.town.sue) as other:
        await say(other, hello(rig, tab="tab-of-another"))
        await hear(other, "frame")

        async def break_down() -> None:
            raise ZeroDivisionError("with something private in it")

        async with place.connect(rig.town.sam) as browser:
            await place.until(lambda: len(rig.hub.connections) == 2)
            rig.store.after_read = [break_down]
            await say(browser, hello(rig))
            assert await code_of(browser) == 1013
        assert (await hear(other, "heartbeat"))["mode"] == "live"
    assert "ZeroDivisionError" in caplog.text
    assert "private" not in caplog.text
    assert [record for record in caplog.records if record.levelno == logging.ERROR]


async def test_questions_that_come_during_an_errand_are_answered_in_their_order() -> None:
    rig = a_rig()
    async with serving(rig) as place, place.connect(rig.town.sam) as browser:
        go_on = asyncio.Event()
        await place.until(lambda: rig.hub.connections)
        rig.store.after_read = [go_on.wait]
        await say(browser, hello(rig))
        for view in ("first", "second"):
            asked = {"stream": rig.board[0], "projection": "board", "view": view}
            await say(browser, {"type": "resume", **asked})
        await say(browser, {"type": "ping", "t": 1})
        assert (await hear(browser, "pong"))["t"] == 1  # needs no reading, and waits for none
        go_on.set()
        views = [(await hear(browser, "frame"))["view"] for _ in range(3)]
        assert views == ["page", "first", "second"]


async def test_a_desk_that_runs_no_more_begins_nothing_and_leaves_nothing_unfinished() -> None:
    rig = a_rig()
    connection, _ = rig.open(rig.town.sam)
    Visit(rig.live, connection, rig.live.begin).leave(1006)
    gc.collect()  # a coroutine that nobody awaits would say so here
    assert rig.store.performed == []
    assert not rig.hub.connections
