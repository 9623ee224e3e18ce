"""A live desk over the town of tests.dispatch, with wires and pages that do what a test says."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

import orjson
from starlette.requests import HTTPConnection

from dispatch.ports import Done, Reading
from dispatch.stream import Cursor, Projection
from dispatch.usecases import boards
from dispatch.usecases.logins import STAFF_SIGN_IN, BeginLogin
from dispatch.views import LineView, Outcome, View
from dispatch.vocabulary import LoginId, PersonId
from server.bus.bell import Mode
from server.bus.memory import MemoryBell
from server.bus.redis_bell import RedisBell
from server.live.answers import Want
from server.live.connection import Connection
from server.live.desk import LiveDesk
from server.live.limits import Limits, Pace
from server.live.seams import Key, Outside, Visitor
from server.live.settling import settle
from server.live.websocket_frame import payload_of
from tests.dispatch.desk import Desk

T = TypeVar("T")
TAB = "tab-of-a-test"


class PlainRenderer:
    """Says which view it got, and counts how often it was asked."""

    def __init__(self) -> None:
        self.rendered = 0
        self.names_clinics = False

    def view(self, projection: Projection, view: View) -> str:
        self.rendered += 1
        clinic = f" {getattr(view, 'clinic', '')}" if self.names_clinics else ""
        return f"<li>{projection} {view.entity} {view.version}{clinic}</li>"

    def line(self, line: LineView) -> str:
        return f"{line.place} {line.estimate}"

    def outcome(self, outcome: Outcome) -> str:
        return f"<p>{outcome.status} by {outcome.by}</p>"


class Switch:
    """The store, with a plug to pull and a place to do something between reading and answering."""

    def __init__(self, desk: Desk) -> None:
        self.store = desk.store
        self.is_away = False
        self.reads = 0
        self.performed: list[object] = []
        self.after_read: list[Callable[[], Any]] = []

    async def read(self, query: Callable[[Reading], T]) -> T:
        if self.is_away:
            raise ConnectionResetError("the database is away")
        self.reads += 1
        found = await self.store.read(query)
        if self.after_read:
            happening = self.after_read.pop(0)()
            if happening is not None:
                await happening
        return found

    async def perform(self, usecase: Any, command: Any, actor: Any, *, key: Any = None) -> Done:
        if self.is_away:
            raise ConnectionResetError("the database is away")
        self.performed.append(command)
        return await self.store.perform(usecase, command, actor, key=key)


class FakeWire:
    """A wire that keeps what was written; a test pauses it."""

    def __init__(self) -> None:
        self.writes: list[Sequence[bytes]] = []
        self.pings = 0
        self.code: int | None = None
        self.is_paused = False
        self._on_change: Callable[[bool], None] = lambda _: None

    def listen(self, on_change: Callable[[bool], None]) -> None:
        self._on_change = on_change

    def buffered(self) -> int:
        return 0

    def write(self, frames: Sequence[bytes]) -> None:
        assert self.code is None, "written after the end"
        assert not self.is_paused, "written while paused"
        self.writes.append(frames)

    def ping(self) -> None:
        self.pings += 1

    def end(self, code: int) -> None:
        self.code = code

    def abort(self) -> None:
        self.code = 1006

    def pause(self) -> None:
        self.is_paused = True
        self._on_change(True)

    def resume(self) -> None:
        self.is_paused = False
        self._on_change(False)

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [orjson.loads(payload_of(frame)) for write in self.writes for frame in write]

    @property
    def frames(self) -> list[dict[str, Any]]:
        return [said for said in self.messages if said["type"] == "frame"]


class Page:
    """What a page makes of what it is told: the rule of docs/protocol.md, and nothing else."""

    def __init__(self) -> None:
        self.cursor: int | None = None
        self.tag = ""
        self.entities: dict[str, tuple[int, str]] = {}
        self.asks = 0

    def hear(self, frame: dict[str, Any]) -> None:
        after, seq = frame["after"], frame["seq"]
        if after is None:
            self.entities = {}
        elif self.cursor is None or after > self.cursor:
            self.asks += 1
            return
        elif seq <= self.cursor:
            return
        for op in frame["ops"]:
            if op["op"] == "put":
                self.entities[op["entity"]] = op["version"], op["html"]
            else:
                self.entities.pop(op["entity"], None)
        self.cursor, self.tag = seq, frame["tag"]


class Turning(MemoryBell):
    """A bell that a test has lose its hints, and find them again."""

    def __init__(self) -> None:
        super().__init__()
        self._mode: Mode = "live"

    @property
    def mode(self) -> Mode:
        return self._mode

    async def turn(self, mode: Mode) -> None:
        self._mode = mode
        self.ring({})
        await asyncio.sleep(0)


class Rig:
    """The town, its live desk, and a clock for durations that moves by hand."""

    def __init__(
        self,
        pace: Pace | None = None,
        *,
        is_real: bool = False,
        bell: MemoryBell | RedisBell | None = None,
        **limits: Any,
    ) -> None:
        self.town = Desk()
        self.town.turn_on(self.town.ben)
        self.store = Switch(self.town)
        self.renderer = PlainRenderer()
        self.bell = bell or MemoryBell()
        self.elapsed = 1000.0
        self.slept: list[float] = []
        self.note_told: Callable[[float], None] = lambda _seconds: None
        self.after_login: list[Callable[[], Awaitable[object]]] = []  # between asking and answering
        self.outside = Outside(
            self.store,
            self.bell,
            self.town.clock,
            troubles=(ConnectionResetError,),
            pace=pace or Pace(),
            sleep=asyncio.sleep if is_real else self._sleep,
            elapsed=time.monotonic if is_real else lambda: self.elapsed,
            note_told=lambda seconds: self.note_told(seconds),
        )
        self.live = LiveDesk(
            self.outside, self.renderer, self.authenticate, limits=Limits(**limits)
        )
        self.hub, self.tailer = self.live.hub, self.live.tailer
        self.board: Key = (f"clinic:{self.town.evening.id}", Projection.BOARD)

    async def catch_up(self) -> None:
        """Let the tailer look at everything once, as after a poll."""
        self.tailer.wake({})
        await self.tailer.catch_up()

    def open(self, person: PersonId, login: int = 1, tab: str = TAB) -> tuple[Connection, FakeWire]:
        """Admit and greet a socket of this person; nothing checks their sign-in."""
        wire = FakeWire()
        visitor = Visitor(self.town.actor(person), LoginId(login))
        connection = self.hub.admit(wire, visitor)
        assert connection
        assert self.hub.greet(connection, tab)
        return connection, wire

    async def follow(
        self, connection: Connection, *keys: Key, cursor: Cursor | None = None
    ) -> None:
        """Do what hello does for these keys."""
        self.hub.follow(connection, keys)
        wants = [Want(key, cursor, "page") for key in keys]
        await settle(connection, wants, self.hub, self.live.answers)

    async def sam_watches(self, *keys: Key) -> tuple[Connection, FakeWire]:
        connection, wire = self.open(self.town.sam)
        await self.follow(connection, *(keys or (self.board,)))
        return connection, wire

    def truth(self, key: Key) -> dict[str, tuple[int, str]]:
        """Return what a fresh page would show."""
        found = self.town.store.ask(lambda reading: boards.snapshot(reading, *key, self.town.now))
        return {
            str(view.entity): (view.version, PlainRenderer().view(key[1], view))
            for view in found.views
        }

    def head(self, stream: str) -> Cursor:
        return self.town.store.ask(lambda reading: reading.cursor(stream))

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)

    def sign_in(self, person: PersonId, until: timedelta = STAFF_SIGN_IN) -> str:
        """Begin a sign-in; return what the browser's cookie holds."""
        token = f"token-{person}-{len(self.town.store.rows.logins)}"
        self.town.does(person, BeginLogin(token, until))
        return token

    async def authenticate(self, connection: HTTPConnection[Any]) -> Visitor | None:
        token, now = connection.cookies.get("login", ""), self.town.now
        found = await self.store.read(lambda reading: reading.login(token, now))
        if self.after_login:
            await self.after_login.pop()()
        return Visitor(found[1], found[0]) if found else None

    def ring(self) -> None:
        """Ring for everything that changed, as the store does after a commit."""
        heads = self.town.store.rows.heads
        self.bell.ring({stream: cursor.seq for stream, cursor in heads.items()})
