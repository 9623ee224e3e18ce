"""Knows the town of Northside with every kind of page open, on the real store and the real live desk."""

import asyncio
import random
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from dispatch.errors import DispatchError
from dispatch.people import system_actor
from dispatch.ports import Done
from dispatch.request import SessionRequest
from dispatch.stream import Cursor, Projection, Snapshot
from dispatch.usecases import boards
from dispatch.usecases.administration import CreatePerson, create_person
from dispatch.usecases.claims import ClaimRequest, claim_request
from dispatch.usecases.sweep import Settle, settle
from dispatch.vocabulary import LoginId, PersonId, RequestId, RequestNumber
from server.bus.memory import MemoryBell
from server.live.answers import Want
from server.live.desk import LiveDesk
from server.live.frames import heartbeat
from server.live.heart import Pulse
from server.live.seams import Key, Outside, Visitor
from server.live.settling import settle as bring_up
from server.live.websocket_frame import payload_of
from server.rendering import Rendering
from server.settings import Settings
from server.storage.reach import TROUBLES
from server.storage.sqlite_store import SqliteStore
from tests.builders import FrozenClock, a_person
from tests.deeds import usecase_of
from tests.house.convergence_twin import Message, Twin, key_of
from tests.web.northside import Northside

LINKS = 3
ADMINISTRATOR = "Ruth Gold"
_ORDER = re.compile(r'data-order="([^"]*)"')
_ENDS_AT = re.compile(r'^<[^>]*\bdata-ends-at="([^"]*)"')
_LEASE = re.compile(r'data-lease-until="[^"]*"')
_RENDERING = Rendering()


class Wire:
    """A wire that keeps what was written."""

    is_paused = False

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def listen(self, on_change: Any) -> None:
        """Never pause."""

    def buffered(self) -> int:
        return 0

    def write(self, frames: Sequence[bytes]) -> None:
        self.messages += [orjson.loads(payload_of(frame)) for frame in frames]

    def ping(self) -> None:
        """Nobody looks for signs of life here."""

    def end(self, code: int) -> None:
        raise AssertionError(f"closed with {code}")

    def abort(self) -> None:
        raise AssertionError("cut")


class Audience:
    """One open page: the streams it follows, and everything that its socket was told."""

    def __init__(self, name: str, keys: tuple[Key, ...], wire: Wire) -> None:
        self.name, self.keys, self.wire = name, keys, wire

    @property
    def told(self) -> list[Message]:
        return [message for message in self.wire.messages if message["type"] == "frame"]


async def found_town(file: Path) -> Northside:
    """Build Northside, an administrator, and the same town again in an account of its own."""
    store = SqliteStore(Settings(database_url=f"sqlite:///{file}"), FrozenClock())
    desk = await Northside.build(store)
    person = a_person(ADMINISTRATOR, account_id=desk.account, is_administrator=True)
    done = await store.perform(create_person, CreatePerson(person), system_actor(desk.account))
    await desk.look_up(ADMINISTRATOR, PersonId(done.entity.id))
    foreign = await Northside.build(store)
    desk.clinics["Far"] = foreign.clinics["Northside"]
    for name in ("Rosa Lind", "Lee Chen", "Jordan Park"):
        desk.people[f"Far {name}"] = foreign.people[name]
    store.close()
    return desk


class World:
    """The town of one test; every step that is done here is told to all open pages at once."""

    def __init__(self, founded: Northside, original: Path, folder: Path) -> None:
        file = folder / "dispatch.db"
        shutil.copy(original, file)
        self.clock = FrozenClock()
        self.settings = Settings(database_url=f"sqlite:///{file}")
        self.store = SqliteStore(self.settings, self.clock)
        self.bell = MemoryBell()
        self.store.ring_with(self.bell.ring)
        clinics, people = dict(founded.clinics), dict(founded.people)
        self.desk = Northside(self.store, founded.account, clinics, people)
        outside = Outside(self.store, self.bell, self.clock, TROUBLES)
        self.live = LiveDesk(outside, _RENDERING, self._nobody)
        self.rendered = lru_cache(4096)(_RENDERING.view)
        self.audiences: list[Audience] = []
        self._seen: dict[Key, Snapshot] = {}  # read since the last step
        self._pulse: Pulse | None = None
        self._looking = asyncio.Lock()

    async def open(self) -> "World":
        """Open every page there is."""
        self.live.tailer.wake({})
        await self.live.tailer.catch_up()
        pages = enumerate(_pages(self.desk))
        await asyncio.gather(*(self._follow(rank, name, keys) for rank, (name, keys) in pages))
        return self

    def close(self) -> None:
        self.store.close()

    # Steps ------------------------------------------------------------------------------------

    async def does(self, who: str, usecase: Any, command: object) -> Done:
        done = await self.desk.does(who, usecase, command)
        await self.tell()
        return done

    async def tries(self, who: str, command: object) -> str:
        """Do what it says if that is allowed; return what came of it."""
        try:
            await self.does(who, usecase_of(command), command)
        except DispatchError as refused:
            return refused.code
        return "done"

    async def asks(self, patient: str, *times: datetime, **more: Any) -> RequestNumber:
        number = await self.desk.ask(patient, *times, **more)
        await self.tell()
        return number

    async def claims(self, who: str, number: RequestNumber, **more: Any) -> Done:
        command = ClaimRequest(number, f"tab-of-{who.partition(' ')[0].lower()}", **more)
        return await self.does(who, claim_request, command)

    async def wait(self, seconds: float) -> None:
        """Let time pass, and the sweep do what it made due."""
        now = self.clock.advance(timedelta(seconds=seconds))
        for due in await self.store.read(lambda reading: reading.due(now, 200)):
            await self.store.perform(settle, Settle(due), system_actor(due.account_id))
        await self.tell()

    async def tell(self) -> None:
        """Have the tailer read what the log says, as after the bell."""
        self._seen, self._pulse = {}, None
        self.live.tailer.wake({})
        await self.live.tailer.catch_up()
        assert self.live.tailer.holes == 0

    async def request(self, number: RequestNumber) -> SessionRequest:
        found = await self.store.read(lambda r: r.request(self.desk.account, number))
        assert found
        return found

    # Pages ------------------------------------------------------------------------------------

    async def fresh(self, keys: Sequence[Key]) -> Twin:
        """Return the page as it would load now; whoever is first has everybody's read."""
        if not self._seen:
            now = self.clock.now()
            wanted = {key for audience in self.audiences for key in audience.keys}
            self._seen = await self.store.read(
                lambda reading: {key: boards.snapshot(reading, *key, now) for key in wanted}
            )
        twin = Twin({})
        for stream, projection in keys:
            seen, key = self._seen[stream, projection], f"{stream}/{projection}"
            twin.cursors[key] = {"seq": seen.cursor.seq, "tag": seen.cursor.tag}
            for view in seen.views:
                copy = {"version": view.version, "html": self.rendered(projection, view)}
                twin.entities.setdefault(str(view.entity), {})[key] = copy
        return twin

    async def heartbeat(self, audience: Audience) -> Message:
        async with self._looking:
            if self._pulse is None:
                await self.live.heart.look()
                self._pulse = self.live.heart.pulse
        pulse = self._pulse
        streams = {stream for stream, _ in audience.keys}
        heads = {stream: pulse.heads[stream] for stream in streams}
        leases = {stream: pulse.leases[stream] for stream in streams if stream in pulse.leases}
        frame = heartbeat(self.clock.now(), pulse.read_at, heads, leases, "live")
        return orjson.loads(payload_of(frame))

    async def answer(self, wish: Message) -> Message:
        """Answer a resume as the socket does."""
        key = wish["stream"], Projection(wish["projection"])
        cursor = None if wish["seq"] is None else Cursor(wish["seq"], wish["tag"])
        [told] = await self.live.answers.read([Want(key, cursor, "page")])
        return orjson.loads(payload_of(told.frame))

    async def _follow(self, rank: int, name: str, keys: tuple[Key, ...]) -> None:
        wire = Wire()
        self.audiences.append(Audience(name, keys, wire))
        actor = replace(self.desk.people["Sam Ortiz"], person_id=PersonId(10_000 + rank))
        connection = self.live.hub.admit(wire, Visitor(actor, LoginId(10_000)))
        assert connection
        assert self.live.hub.greet(connection, "tab-of-a-page")
        self.live.hub.follow(connection, keys)
        wants = [Want(key, None, "page") for key in keys]
        await bring_up(connection, wants, self.live.hub, self.live.answers)

    async def _nobody(self, _connection: object) -> None:
        await asyncio.sleep(0)


def _pages(desk: Northside) -> list[tuple[str, tuple[Key, ...]]]:
    """Return everything that anybody can have open: each stream alone, and the pages that mix them."""
    # The links of the first requests: a page can follow what nobody has asked for yet.
    pages: dict[str, tuple[Key, ...]] = {
        f"{stream}/{projection}": ((stream, projection),)
        for number in range(1, LINKS + 1)
        for stream, projections in boards.joinable_by_link(RequestId(number)).items()
        for projection in projections
    }
    mixed: dict[str, tuple[Key, ...]] = {}
    for name, actor in desk.people.items():
        by_projection: dict[Projection, list[Key]] = {}
        for stream, projections in boards.joinable(actor).items():
            for projection in sorted(projections):
                pages[f"{stream}/{projection}"] = ((stream, projection),)
                by_projection.setdefault(projection, []).append((stream, projection))
        for projection, keys in by_projection.items():
            if len(keys) > 1:
                mixed[f"{projection} of {name}"] = tuple(sorted(keys))
    return [*pages.items(), *mixed.items()]


def order_of(html: str) -> str:
    found = _ORDER.search(html)
    assert found, "an entity without its place"
    return found[1]


def over_at(html: str, now: datetime) -> bool:
    """Tell whether the page has taken it off by itself, as time alone takes it (endings.js)."""
    found = _ENDS_AT.search(html)
    return found is not None and datetime.fromisoformat(found[1]) <= now


def at_lease(html: str, until_ms: int | None) -> str:
    """Write a chip's lease as the heartbeat says it runs (claims.js)."""
    if until_ms is None:
        return html
    at = datetime.fromtimestamp(until_ms / 1000, tz=FrozenClock().now().tzinfo)
    text = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return _LEASE.sub(f'data-lease-until="{text}"', html)


class Post:
    """How the frames of one page arrive: straight, doubled, out of order, or with some missing."""

    def __init__(self, kind: str, seed: int = 0) -> None:
        self.kind, self.chance = kind, random.Random(seed)

    def deliver(self, told: Sequence[Message]) -> list[Message]:
        match self.kind:
            case "straight":
                return list(told)
            case "doubled":
                return [message for frame in told for message in (frame, frame)]
            case "reordered":
                return self.chance.sample(list(told), len(told))
            case "dropped":
                return [frame for frame in told if self.chance.random() < 0.4]
            case "lost":
                return []
            case _:  # stormy
                kept = [frame for frame in told for _ in range(self.chance.choice((0, 1, 1, 2)))]
                return self.chance.sample(kept, len(kept))


__all__ = ["Audience", "Post", "World", "at_lease", "found_town", "key_of", "order_of", "over_at"]
