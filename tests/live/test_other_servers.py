"""Where the server frames by itself, the same pages are told the same, one message at a time."""

import logging
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from server.live.limits import Pace
from server.live.send_wire import HIGH_WATER, SendWire
from tests.live.rig import Page, Rig
from tests.live.serving import application, hello, noise
from tests.live.test_revocation import disable

ORIGIN = "http://testserver"


@pytest.fixture
def rig() -> Rig:
    return Rig(Pace(poll=5.0, heartbeat=60), is_real=True)


@pytest.fixture
def client(rig: Rig) -> Iterator[TestClient]:
    with TestClient(application(rig)) as client:
        yield client


def sam(rig: Rig, client: TestClient, origin: str = ORIGIN) -> WebSocketTestSession:
    headers = {"Origin": origin, "Cookie": f"login={rig.sign_in(rig.town.sam)}"}
    return client.websocket_connect("ws://testserver/live", headers=headers)


def test_a_page_is_told_and_follows(
    rig: Rig, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "dispatch.live"), sam(rig, client) as browser:
        browser.send_json(hello(rig))
        assert browser.receive_json()["type"] == "welcome"
        page = Page()
        page.hear(browser.receive_json())
        rig.town.ask()
        rig.ring()
        page.hear(browser.receive_json())
        assert page.entities == rig.truth(rig.board)
    assert "written by send_text" in caplog.text


def test_a_revoked_page_hears_why(rig: Rig, client: TestClient) -> None:
    with sam(rig, client) as browser:
        browser.send_json(hello(rig))
        browser.receive_json()
        browser.receive_json()
        disable(rig, rig.town.sam)
        rig.ring()
        with pytest.raises(WebSocketDisconnect) as closed:
            browser.receive_json()
        assert closed.value.code == 4403


def test_a_broken_page_is_sent_away(rig: Rig, client: TestClient) -> None:
    with sam(rig, client) as browser:
        browser.send_text(" " * 20_000)
        with pytest.raises(WebSocketDisconnect) as closed:
            browser.receive_json()
        assert closed.value.code == 4400


def test_a_foreign_page_is_refused(rig: Rig, client: TestClient) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        sam(rig, client, origin="http://evil.example") as browser,
    ):
        browser.receive_json()
    assert not rig.hub.connections


class Stuck:
    """A server whose browser takes nothing."""

    async def send_text(self, text: str) -> None:
        raise TimeoutError

    async def close(self, code: int) -> None:
        raise AssertionError("nothing can be said to it")


async def test_a_browser_that_takes_nothing_ends_its_wire() -> None:
    heard: list[bool] = []
    wire = SendWire(Stuck(), send_seconds=1)  # type: ignore[arg-type]
    wire.listen(heard.append)
    wire.write([noise(HIGH_WATER)])
    assert (heard, wire.is_paused) == ([True], True)
    await wire.pump()
    assert wire.buffered() == len(noise(HIGH_WATER))
    wire.end(4408)  # too late to say anything
    await wire.pump()
