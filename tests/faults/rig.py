"""Two workers, a PostgreSQL and a Redis with a wire before each, pages that look and people at work."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from dispatch.clinic_rules import LONGEST_SESSION_MINUTES
from dispatch.people import Actor
from dispatch.stream import Projection
from dispatch.usecases import boards
from dispatch.usecases.logins import BeginLogin, begin_login
from server.clock import SystemClock
from server.rendering import Rendering
from server.settings import Settings
from server.storage.postgres_store import PostgresStore
from server.web.login import hash_of
from tests.faults.difference import differs, elsewhere
from tests.faults.ledger import Ledger
from tests.faults.load import Cast, Load, Person
from tests.faults.oracle import Oracle
from tests.faults.page import CANARY, Page, closed
from tests.faults.process import Worker
from tests.servers.postgres import Postgres
from tests.servers.redis import RedisServer, free_port
from tests.servers.redis_wire import RedisWire
from tests.servers.wire import LOOPBACK, Wire
from tests.storage.town import settle

WITHIN_SECONDS = 6.0  # I2, after a fault's end
DATABASE = "faults"
# No visit ends meanwhile, by itself and while people rest: then nothing may change.
_VISIT_MINUTES = LONGEST_SESSION_MINUTES
_PATIENTS = (36, 8)  # of each clinic; the two clinics are of two accounts
_HOSTS = 6
_HANDS, _PAUSE_SECONDS = 6, 0.3


@dataclass
class Rig:
    """Everything of one run; ``opened`` makes it."""

    chance: random.Random
    folder: Path
    postgres: Postgres
    redis: RedisServer
    store: PostgresStore  # past the wire: the test's own eyes
    database: Wire
    bus: RedisWire
    pages_way: Wire  # to whichever worker takes a connection
    deeds_way: Wire
    workers: Sequence[Worker]
    load: Load
    ledger: Ledger = field(default_factory=Ledger)
    casts: list[Cast] = field(default_factory=list)
    pages: dict[Page, asyncio.Task[None]] = field(default_factory=dict)
    oracle: Oracle = field(init=False)
    leaks: set[str] = field(default_factory=set)  # canaries that passed through Redis
    monitored_bytes: int = 0
    late_seconds: float = 0.0  # in all, that this process itself was held up
    # As the workers, who have no server for mail.
    _rendering: Rendering = field(default_factory=lambda: Rendering(sends_mail=False))

    def __post_init__(self) -> None:
        self.oracle = Oracle(self.store, self.ledger)

    # Pages ------------------------------------------------------------------------------------

    def open(self, cast: Cast, name: str, who: Person, *keys: tuple[str, Projection]) -> Page:
        """Open a page of somebody in that clinic."""
        number = self.casts.index(cast)
        allowed = {patient.canary for patient in cast.patients}
        if who.canary:
            allowed = {who.canary}
        page = Page(
            f"{name} of {who.actor.name} in {number}",
            tuple((stream, str(projection)) for stream, projection in keys),
            who.token,
            self.pages_way.port,
            allowed.__contains__,
            random.Random(self.chance.random()),
        )
        self.ledger.pages.append(page.account)
        self.pages[page] = asyncio.create_task(page.run(), name=page.account.name)
        return page

    async def close(self, page: Page) -> None:
        """Close it."""
        await closed(self.pages.pop(page))

    async def newcomer(self, cast: Cast) -> Person:
        """Return one more scheduler, signed in."""
        town = cast.town
        actor = await town.newcomer("Max Lind", schedules=frozenset({town.clinic.id}))
        return await _signed_in(self, actor)

    async def ask_database(self, command: str) -> str:
        """Run a command past everybody, and return what it says."""
        return await asyncio.to_thread(self.postgres.ask, DATABASE, command)

    def shows(self, cast: Cast, number: int | None) -> bool:
        """Return whether any board of that clinic has this request, or has seen it go."""
        return any(number in page.numbers for page in cast.boards)

    # How things stand -------------------------------------------------------------------------

    async def settled(self, *, first: bool = False) -> float:
        """Let people rest, and wait until every page shows what is so; return the seconds it took.

        Raises:
            AssertionError: I2: some page does not, in time.
        """
        ended_at, late = time.monotonic(), self.late_seconds
        for page in self.pages:
            page.hurry()  # whoever is far into its back-off says so, and may be there for 20 s
        await self.load.rest()
        while True:
            difference = await self._difference()
            took = time.monotonic() - ended_at
            if not difference:
                return took
            allowed = (30 if first else WITHIN_SECONDS) + (self.late_seconds - late)
            assert took < allowed, f"I2: after {took:.1f} s {difference}"
            await asyncio.sleep(0.1)

    async def _difference(self) -> str:
        """Return in words what some page shows that is not so; empty if all is well."""
        for page, running in self.pages.items():
            if running.done():
                running.result()
            if not page.is_live:
                return f"{page.account.name} is {page.account.states[-1:]}"
        keys = sorted({key for page in self.pages for key in page.account.keys})
        now = SystemClock().now()
        try:
            # The places first: to read and render everything takes a second after half an hour.
            heads = await self.store.read(
                lambda reading: reading.cursors({stream for stream, _ in keys})
            )
            if words := elsewhere(self.pages, heads):
                return words
            found = await self.store.read(
                lambda reading: {
                    f"{stream}/{projection}": boards.snapshot(
                        reading, stream, Projection(projection), now
                    )
                    for stream, projection in keys
                }
            )
        except Exception as trouble:  # noqa: BLE001 - the database may not be back yet
            return f"the test's own eyes: {type(trouble).__name__}"
        if words := elsewhere(self.pages, {each.stream: each.cursor for each in found.values()}):
            return words
        views = {
            key: {
                str(view.entity): (view.version, self._rendering.view(seen.projection, view))
                for view in seen.views
            }
            for key, seen in found.items()
        }
        return next((words for page in self.pages if (words := differs(page, views))), "")

    async def watch_redis(self) -> None:
        """Read along everything that Redis is told, for as long as there is one."""
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection(LOOPBACK, self.redis.port)
                try:
                    writer.write(b"MONITOR\r\n")
                    while line := await reader.readline():
                        self.monitored_bytes += len(line)
                        self.leaks.update(CANARY.findall(line.decode(errors="replace")))
                finally:
                    writer.transport.abort()
            await asyncio.sleep(0.05)

    async def watch_itself(self) -> None:
        """Count how long this process was kept from running: nobody else's fault."""
        while True:
            began_at = time.monotonic()
            await asyncio.sleep(0.05)
            self.late_seconds += max(time.monotonic() - began_at - 0.06, 0)


@asynccontextmanager
async def opened(
    postgres: Postgres, redis: RedisServer, folder: Path, seed: int
) -> AsyncIterator[Rig]:
    """Bring everything up, with pages open and people at work; leave nothing behind."""
    chance = random.Random(seed)
    url = postgres.ready(DATABASE)
    ports = [free_port(), free_port()]
    async with AsyncExitStack() as stack:
        store = PostgresStore(Settings(database_url=url), SystemClock())
        await store.open()
        stack.push_async_callback(store.close)
        database = await stack.enter_async_context(Wire(postgres.socket, chance=chance))
        bus = await stack.enter_async_context(RedisWire(redis.port, chance=chance))
        pages_way = await stack.enter_async_context(Wire(*ports, chance=chance))
        deeds_way = await stack.enter_async_context(Wire(*ports, chance=chance))
        environment = {
            "DISPATCH_DATABASE_URL": f"postgresql+asyncpg://postgres@{LOOPBACK}:{database.port}/{DATABASE}",
            "DISPATCH_BUS_URL": bus.url,
        }
        workers = [
            Worker(port, folder / f"worker{number}", environment)
            for number, port in enumerate(ports)
        ]
        ledger = Ledger()
        load = Load(deeds_way.port, ledger.deeds, chance)
        ways = (database, bus, pages_way, deeds_way)
        rig = Rig(chance, folder, postgres, redis, store, *ways, workers, load, ledger)
        rig.casts = load.casts = [
            await _cast(rig, name, count)
            for name, count in zip(("Evening", "Morning"), _PATIENTS, strict=True)
        ]
        for worker in workers:
            await worker.start()
            stack.push_async_callback(worker.stop)
        tasks = [
            asyncio.create_task(rig.watch_redis()),
            asyncio.create_task(rig.watch_itself()),
            asyncio.create_task(load.run(_HANDS, _PAUSE_SECONDS)),
        ]
        _open_pages(rig)
        try:
            yield rig
        finally:
            for page in [*rig.pages]:
                await rig.close(page)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _cast(rig: Rig, name: str, patients: int) -> Cast:
    account = await rig.store.create_account(name)
    town = await settle(rig.store, account, name, visit_minutes=_VISIT_MINUTES)
    group, hosts = frozenset({town.clinic.patient_group.id}), frozenset({town.clinic.host_group.id})
    canaries = [f"canary{rig.chance.randbytes(4).hex()}" for _ in range(patients)]
    ask = [await town.newcomer(f"Pat {canary}", asks_in=group) for canary in canaries]
    more = [await town.newcomer(f"Dr. {n}", hosts_in=hosts) for n in range(_HOSTS)]
    second = await town.newcomer("Sue Park", schedules=frozenset({town.clinic.id}))
    return Cast(
        town,
        [await _signed_in(rig, actor) for actor in (town.sam, second)],
        [await _signed_in(rig, actor) for actor in (town.ada, town.ben, *more)],
        [await _signed_in(rig, actor, word) for actor, word in zip(ask, canaries, strict=True)],
    )


async def _signed_in(rig: Rig, actor: Actor, canary: str = "") -> Person:
    token = rig.chance.randbytes(24).hex()
    await rig.store.perform(begin_login, BeginLogin(hash_of(token)), actor)
    return Person(actor, token, canary)


def _open_pages(rig: Rig) -> None:
    for cast in rig.casts:
        clinic = cast.town.stream
        for scheduler in cast.schedulers:
            for name in ("a board", "a board"):
                cast.boards.append(rig.open(cast, name, scheduler, (clinic, Projection.BOARD)))
        for projection in (Projection.DECIDED, Projection.SESSIONS):
            rig.open(cast, str(projection), cast.schedulers[0], (clinic, projection))
        group = f"hosts:{cast.town.clinic.host_group.id}"
        for host in cast.hosts[:2]:
            own = f"host:{host.actor.person_id}"
            rig.open(cast, "the day", host, (group, Projection.HOST), (own, Projection.HOST))
        for patient in cast.patients[:3]:
            stream = f"patient:{patient.actor.person_id}"
            rig.open(cast, "the visits", patient, (stream, Projection.PATIENT))
