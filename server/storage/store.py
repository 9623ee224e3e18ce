"""The embedded store: one thread writes, a few read, and the bell rings after every commit."""

import asyncio
import secrets
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from dispatch.errors import AlreadySentError, NotAllowedError, StoreAwayError
from dispatch.events import EntityRef
from dispatch.people import Actor
from dispatch.ports import Done, Reading, UseCase
from dispatch.vocabulary import AccountId, EntityKind, RequestNumber
from server.clock import Clock
from server.codec import fingerprint
from server.settings import Settings
from server.storage.engine import (
    READERS,
    hold,
    reading_engine,
    sqlite_path,
    writing_engine,
)
from server.storage.migrate import migrate
from server.storage.people import actor_by_id
from server.storage.reading import SqlReading
from server.storage.tables import account, idempotency
from server.storage.unit_of_work import SqlUnit, Token

T = TypeVar("T")
C = TypeVar("C")
TROUBLES = (StoreAwayError,)  # they pass; try again later
_AWAY = (OperationalError, InterfaceError, PoolTimeoutError)
_ANSWER = select(idempotency).where(
    idempotency.c.actor_id == bindparam("actor"), idempotency.c.key == bindparam("key")
)
_REMEMBER = insert(idempotency)
Ring = Callable[[Mapping[str, int]], None]  # told, on the event loop, which streams moved


class SqliteStore:
    """``dispatch.ports.Store`` on a SQLite file that this process holds alone."""

    def __init__(
        self, settings: Settings, clock: Clock, *, token: Token = secrets.token_hex
    ) -> None:
        path = sqlite_path(settings.database_url)
        self._lock = hold(path)
        self._clock = clock
        self._token = token
        self._ring: Ring | None = None
        self._writing = writing_engine(path)
        self._reading = reading_engine(path)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        try:
            with self._writing.connect() as connection:
                migrate(connection)
        except BaseException:
            self.close()  # or this process would keep the file from whoever tries again
            raise

    def ring_with(self, ring: Ring) -> None:
        """Set what is told of every commit."""
        self._ring = ring

    async def perform(
        self, usecase: UseCase[C], command: C, actor: Actor, *, key: str | None = None
    ) -> Done:
        """Run it in one transaction on the writer's thread, to its end whatever becomes of us.

        Raises:
            DispatchError: whatever the use case refused; nothing was changed.
            AlreadySentError: the key came before, with another command.
            StoreAwayError: the file is locked from outside, or cannot be read or written.
        """
        loop = asyncio.get_running_loop()

        def work() -> Done:
            done, heads = self._commit(usecase, command, actor, key)
            if heads and self._ring is not None:
                loop.call_soon_threadsafe(self._ring, heads)
            return done

        return await asyncio.shield(loop.run_in_executor(self._writer, work))

    async def read(self, query: Callable[[Reading], T]) -> T:
        """Run a query in one read transaction on a reader's thread.

        Raises:
            StoreAwayError: the file cannot be read.
        """
        loop = asyncio.get_running_loop()

        def work() -> T:
            with _reaching(), self._reading.connect() as connection:
                return query(SqlReading(connection))

        return await loop.run_in_executor(self._readers, work)

    async def create_account(self, name: str) -> AccountId:
        """Return a new account; it is what everything else belongs to, so no use case makes it."""

        def work() -> AccountId:
            with self._writing.begin() as connection:
                statement = insert(account).returning(account.c.id)
                return AccountId(connection.execute(statement, {"name": name}).scalar_one())

        return await asyncio.get_running_loop().run_in_executor(self._writer, work)

    async def accounts(self) -> Mapping[AccountId, str]:
        """Return the names of all accounts."""

        def work() -> Mapping[AccountId, str]:
            with self._reading.connect() as connection:
                found = connection.execute(select(account.c.id, account.c.name))
                return {AccountId(key): name for key, name in found}

        return await asyncio.get_running_loop().run_in_executor(self._readers, work)

    def close(self) -> None:
        """Let what runs finish, then let go of the file."""
        self._writer.shutdown()
        self._readers.shutdown()
        self._writing.dispose()
        self._reading.dispose()
        self._lock.close()

    def _commit(
        self, usecase: UseCase[C], command: C, actor: Actor, key: str | None
    ) -> tuple[Done, Mapping[str, int]]:
        now = self._clock.now()
        mark = fingerprint(usecase.__name__, command) if key is not None else ""
        with _reaching(), self._writing.begin() as connection:
            if key is not None:
                before = _answered(connection, actor, key, mark)
                if before is not None:
                    return before, {}
            unit = SqlUnit(connection, now, self._token)
            done = usecase(command, _as_of_now(connection, actor), unit, now)
            if key is not None:
                _remember(connection, actor, key, mark, done, now)
            return done, unit.finish()


@contextmanager
def _reaching() -> Iterator[None]:
    """Say in the domain's own word that the database is away; others know no driver's errors."""
    try:
        yield
    except _AWAY as trouble:
        raise StoreAwayError(type(trouble).__name__) from trouble


def _as_of_now(connection: Connection, actor: Actor) -> Actor:
    """Return the actor with the rights that they have inside this transaction."""
    if actor.is_system:
        return actor
    current = actor_by_id(connection, actor.person_id)
    if current is None:
        raise NotAllowedError("You are signed out. Sign in again.")
    return current


def _answered(connection: Connection, actor: Actor, key: str, mark: str) -> Done | None:
    row = connection.execute(_ANSWER, {"actor": actor.person_id, "key": key}).mappings().first()
    if row is None:
        return None
    if row["fingerprint"] != mark:
        raise AlreadySentError("This was already sent. What you sent first stands.")
    about = EntityRef(EntityKind(row["entity_kind"]), row["entity_id"])
    number = RequestNumber(row["number"]) if row["number"] is not None else None
    return Done(about, number, was_there=True)


def _remember(
    connection: Connection, actor: Actor, key: str, mark: str, done: Done, now: datetime
) -> None:
    row = {
        "actor_id": actor.person_id,
        "key": key,
        "fingerprint": mark,
        "entity_kind": done.entity.kind,
        "entity_id": done.entity.id,
        "number": done.number,
        "at": now,
    }
    connection.execute(_REMEMBER, row)
