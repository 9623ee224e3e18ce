"""Everything is built here and handed down; only this module names the adapters."""

import asyncio
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import partial
from random import Random
from typing import Any

from starlette.requests import HTTPConnection

from dispatch.letter import Mail
from dispatch.ports import Store
from dispatch.retention import DEMO_KEPT_FOR, KEPT_FOR
from server.bus.bell import Bell
from server.bus.memory import MemoryBell
from server.bus.redis_bell import RedisBell
from server.clock import Clock, SystemClock
from server.health.figures import Figures
from server.health.metrics import Metrics
from server.health.port import serve_for_ever
from server.health.readiness import Readiness
from server.health.state import Health, HealthState
from server.health.watch import Watch
from server.live.desk import LiveDesk
from server.live.limits import Limits
from server.live.seams import Authenticate, Outside, Visitor
from server.live.state import LiveState
from server.live.together import Together
from server.mail.kept import KeptMail
from server.mail.smtp import SmtpMail
from server.rendering import Rendering
from server.rendering.letters import Letters
from server.settings import PREFIX, SettingError, Settings
from server.storage.postgres_store import PostgresStore
from server.storage.reach import TROUBLES
from server.storage.sqlite_store import SqliteStore
from server.video.rooms import VideoRooms
from server.web.login import token_hash_of
from server.web.state import WebState
from server.worker.post import Post
from server.worker.retention import retain_for_ever
from server.worker.sweep import sweep_for_ever
from server.worker.timekeeping import keep_time, keep_time_for_ever

OpenStore = SqliteStore | PostgresStore
Companion = Callable[[Store, Clock], Coroutine[None, None, None]]
log = logging.getLogger(__name__)


class State(WebState, LiveState, HealthState):
    """The lifespan state: what web, live and health each asked for."""


@asynccontextmanager
async def opened(settings: Settings, edge: Clock) -> AsyncIterator[OpenStore]:
    """Yield the store that the settings name, its schema up to date; close it in the end.

    Its ``clock`` is the one to go by: the machine's, corrected to a database that machines share.

    Raises:
        SettingError: no such database, or another process holds the SQLite file.
    """
    if is_postgres(settings):
        shared = PostgresStore(settings, edge)
        await shared.open()
        try:
            await keep_time(shared)
            yield shared
        finally:
            await shared.close()
        return
    embedded = SqliteStore(settings, edge)
    try:
        yield embedded
    finally:
        embedded.close()


def is_postgres(settings: Settings) -> bool:
    """Return whether the database is one that several workers can share."""
    return settings.database_url.startswith("postgresql")


async def bell_of(settings: Settings, store: OpenStore) -> Bell:
    """Return the bell that the settings name, for all who have that store.

    Raises:
        SettingError: no such kind.
    """
    if settings.bus_url == "memory://":
        return MemoryBell()
    if settings.bus_url.startswith(("redis://", "rediss://", "unix://")):
        # By the database itself, not by its address: another host or port may lead to the same.
        if isinstance(store, PostgresStore):
            return RedisBell(settings.bus_url, await store.place())
        return RedisBell(settings.bus_url, settings.database_url)
    raise SettingError(f"{PREFIX}BUS_URL is memory:// or redis://host:port, nothing else.")


def mail_of(settings: Settings, clock: Clock) -> Mail | None:
    """Return where messages go, or None where they wait until somebody sets a mail server.

    Raises:
        SettingError: the address names no mail server.
    """
    if settings.smtp_url:
        return SmtpMail(settings.smtp_url, settings.mail_from, settings.origin, clock)
    return KeptMail() if settings.is_demo else None


def post_of(store: Store, settings: Settings, clock: Clock) -> Post | None:
    """Return the post of this process, or None where no mail is sent."""
    mail = mail_of(settings, clock)
    letters = Letters(settings.origin)
    return Post(store, mail, letters, clock, Random().random) if mail is not None else None  # noqa: S311


def stop_process() -> None:
    """End this process as if asked to: a half-dead server would show stale boards."""
    signal.raise_signal(signal.SIGTERM)


@asynccontextmanager
async def running(
    settings: Settings,
    companions: Sequence[Companion] = (),
    *,
    edge: Clock | None = None,
    own_port: socket.socket | None = None,
    on_death: Callable[[], None] = stop_process,
) -> AsyncIterator[State]:
    """Yield the state of a running server; background tasks live exactly as long.

    ``own_port`` is where whoever keeps this process running is told how it is. A task that dies
    ends the whole process, loudly: ``on_death`` is called.
    """
    async with opened(settings, edge or SystemClock()) as store:
        clock = store.clock
        rendering = Rendering(sends_mail=bool(settings.smtp_url) or settings.is_demo)
        bell = await bell_of(settings, store)
        metrics = Metrics()
        store.ring_with(bell.ring)
        store.decide_with(metrics.note_decided)
        outside = Outside(
            store=store, bell=bell, clock=clock, troubles=TROUBLES, note_told=metrics.note_told
        )
        background = _background(store, settings, companions)
        live = LiveDesk(
            outside,
            rendering,
            _authentication(store, clock),
            origin=settings.origin,
            proxies=settings.trusted_proxies,
            limits=Limits(pages_of_place=settings.address_connections),
        )
        watch = Watch(store, TROUBLES, counts_backlogs=own_port is not None)
        readiness = Readiness(live, watch)
        metrics.read_from(Figures(live, bell, watch, readiness, clock))
        health = Health(readiness, metrics)
        try:
            async with asyncio.TaskGroup() as tasks:
                running_tasks = [
                    tasks.create_task(bell.run(), name="bell"),
                    tasks.create_task(live.run(), name="live"),
                    tasks.create_task(watch.look_for_ever(), name="health"),
                    *([tasks.create_task(serve_for_ever(own_port, health))] if own_port else ()),
                    *(tasks.create_task(each()) for each in background),
                ]
                yield State(
                    store=store,
                    clock=clock,
                    rendering=rendering,
                    settings=settings,
                    rooms=VideoRooms(),
                    live=live,
                    health=health,
                )
                for task in running_tasks:
                    task.cancel()
        except* Exception as errors:
            for error in errors.exceptions:
                log.critical("a background task died: %s", type(error).__name__)
            on_death()
            raise


async def work(
    settings: Settings,
    ends: asyncio.Event,
    announce: Callable[[], None] = lambda: None,
    companions: Sequence[Companion] = (),
) -> None:
    """Do the background work and nothing else until ``ends`` is set.

    Raises:
        SettingError, StoreAwayError: the database cannot be opened.
    """
    async with opened(settings, SystemClock()) as store:
        bell = await bell_of(settings, store)
        store.ring_with(bell.ring)
        background = _background(store, settings, companions)
        announce()
        async with asyncio.TaskGroup() as tasks:
            running_tasks = [
                tasks.create_task(bell.run(), name="bell"),
                *(tasks.create_task(each()) for each in background),
            ]
            await ends.wait()
            for task in running_tasks:
                task.cancel()


def _background(
    store: OpenStore, settings: Settings, companions: Sequence[Companion]
) -> list[Callable[[], Coroutine[None, None, None]]]:
    """Return what any number of processes may do beside each other: nothing is done twice."""
    clock = store.clock
    post = post_of(store, settings, clock)
    return [
        partial(sweep_for_ever, store, clock),
        partial(retain_for_ever, store, clock, DEMO_KEPT_FOR if settings.is_demo else KEPT_FOR),
        *([post.run] if post is not None else []),
        *(
            [partial(keep_time_for_ever, store, store.clock.ahead)]
            if isinstance(store, PostgresStore)
            else []
        ),
        *(partial(companion, store, clock) for companion in companions),
    ]


def _authentication(store: Store, clock: Clock) -> Authenticate:
    """Return how live learns who it is: by web's cookie; the two do not know each other.

    Handshakes that come at once are read together.
    """

    async def read_all(token_hashes: Sequence[str]) -> Sequence[Visitor | None]:
        now = clock.now()
        found = await store.read(lambda reading: reading.logins_by_token(token_hashes, now))
        logins = (found.get(token_hash) for token_hash in token_hashes)
        return [Visitor(actor=login[1], login_id=login[0]) if login else None for login in logins]

    together = Together(read_all)

    async def visitor(connection: HTTPConnection[Any]) -> Visitor | None:
        token_hash = token_hash_of(connection)
        return await together.ask(token_hash) if token_hash else None

    return visitor
