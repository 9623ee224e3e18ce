"""A right that goes while a socket is let in: every order of the two, and nothing is told afterwards."""

import asyncio
from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any, TypeVar

import orjson
import pytest
from starlette.websockets import WebSocket

from dispatch.ports import Reading
from server.live.socket import live
from tests.live.rig import Rig
from tests.live.serving import hello
from tests.live.test_revocation import disable

T = TypeVar("T")
SOCKET, DESK = "S", "D"  # who takes the next step
# The socket: who it is read, then known; accepted; its hello answered from a reading, then told.
# The desk: the right goes (commit); the log read; what the reading said told to every socket.
STEPS = {SOCKET: 5, DESK: 3}
ORDERS = [
    "".join(DESK if at in desk else SOCKET for at in range(sum(STEPS.values())))
    for desk in combinations(range(sum(STEPS.values())), STEPS[DESK])
]


class Turns:
    """Lets two tasks pass their gates in the order of a script, and freely once it is over."""

    def __init__(self, order: str) -> None:
        self._left = list(order)
        self._moved = asyncio.Condition()
        self._done: set[str] = set()

    async def take(self, who: str) -> None:
        async with self._moved:
            await self._moved.wait_for(lambda: self._is_next(who))
            if self._left:
                self._left.pop(0)
            self._moved.notify_all()

    async def over(self, who: str) -> None:
        async with self._moved:
            self._done.add(who)
            self._moved.notify_all()

    def _is_next(self, who: str) -> bool:
        while self._left and self._left[0] in self._done:
            self._left.pop(0)
        return not self._left or self._left[0] == who


class Gated:
    """The store: a reading happens at one step and is known at a later one."""

    def __init__(self, rig: Rig, turns: Turns) -> None:
        self._store, self._turns = rig.town.store, turns

    async def read(self, query: Callable[[Reading], T]) -> T:
        task = asyncio.current_task()
        assert task
        who = DESK if task.get_name() == "desk" else SOCKET
        await self._turns.take(who)
        found = await self._store.read(query)
        await self._turns.take(who)
        return found


class Browser:
    """The other end of the socket: it says hello, and keeps what it was told."""

    def __init__(self, rig: Rig, turns: Turns, token: str) -> None:
        self._rig, self._turns = rig, turns
        self._news: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._news.put_nowait({"type": "websocket.connect"})
        text = orjson.dumps(hello(rig)).decode()
        self._news.put_nowait({"type": "websocket.receive", "text": text})
        self.told: list[str] = []
        self.code: int | None = None
        self.scope = {
            "type": "websocket",
            "path": "/live",
            "query_string": b"",
            "scheme": "ws",
            "subprotocols": [],
            "headers": [
                (b"host", b"desk.test"),
                (b"origin", b"http://desk.test"),
                (b"cookie", f"login={token}".encode()),
            ],
            "state": {"live": rig.live},
        }

    async def receive(self) -> Mapping[str, Any]:
        return await self._news.get()

    async def send(self, message: Mapping[str, Any]) -> None:
        match message["type"]:
            case "websocket.accept":
                await self._turns.take(SOCKET)
            case "websocket.send":
                self.told.append(message["text"])
            case "websocket.close":
                self.code = message["code"]
                self._news.put_nowait({"type": "websocket.disconnect", "code": self.code})
            case other:
                raise AssertionError(other)


async def play(order: str) -> tuple[Browser, list[str]]:
    """Let the socket come in and the right go in this order; return what was told by the end."""
    rig, turns = Rig(), Turns(order)
    await rig.catch_up()
    rig.town.ask()
    token = rig.sign_in(rig.town.sam)
    rig.tailer.started.set()
    gated: Any = Gated(rig, turns)
    rig.store.read = gated.read  # type: ignore[method-assign]
    browser: Any = Browser(rig, turns, token)
    before_the_end: list[str] = []

    async def come_in() -> None:
        try:
            await live(WebSocket(browser.scope, browser.receive, browser.send))
        finally:
            await turns.over(SOCKET)

    async def lose_the_right() -> None:
        await turns.take(DESK)
        for _ in range(3):  # the task that sends takes its turn with what was told before this
            await asyncio.sleep(0)
        disable(rig, rig.town.sam)
        rig.town.ask(by=rig.town.omar)  # later than the revocation: not for these eyes
        rig.tailer.wake({})
        await rig.tailer.catch_up()
        before_the_end.extend(browser.told)
        await turns.over(DESK)

    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(come_in(), name="socket")
        tasks.create_task(lose_the_right(), name="desk")
    assert not rig.hub.connections
    return browser, before_the_end


@pytest.mark.parametrize("order", ORDERS)
async def test_whoever_loses_the_right_while_let_in_is_sent_away_and_told_nothing_more(
    order: str,
) -> None:
    # F22: each order of reading, accepting and answering against commit, look and telling
    browser, before_the_end = await play(order)
    assert browser.code in {1000, 4401, 4403}  # refused before it was open, or sent away
    assert browser.told == before_the_end


async def test_the_orders_reach_every_way_out() -> None:
    # Else the test above would prove less than it says.
    played = [(await play(order))[0] for order in ORDERS]
    assert {browser.code for browser in played} == {1000, 4401, 4403}
    assert any(browser.told for browser in played)
    assert len({*ORDERS}) == 56
