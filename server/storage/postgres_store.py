"""The store that many workers share: the same use cases on PostgreSQL, a connection for each."""

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import greenlet_spawn

from dispatch.people import Actor
from dispatch.ports import Done, Reading, UseCase
from dispatch.retention import Kept
from dispatch.vocabulary import AccountId
from server.clock import Clock, CorrectedClock
from server.settings import Settings
from server.storage.migrate import known_revision, migrate
from server.storage.reach import Telling, reaching
from server.storage.reading import SqlReading
from server.storage.retention import outgrown, purge
from server.storage.shared_time import ahead_of
from server.storage.tables import account
from server.storage.transaction import Transaction
from server.storage.unit_of_work import Token
from server.storage.vitals import Backlogs, Late, backlogs, late, revision_of

T = TypeVar("T")
C = TypeVar("C")
WRITERS, READERS = 6, 4  # connections of one worker; PostgreSQL's own default allows 100 in all
TRIES = 6  # of one transaction; what still fails then is answered as "away"
MIGRATION_LOCK = 0x64697370  # any number, as long as every worker takes the same
PURGE_LOCK = 0x64697371  # held for a batch: nobody waits for it, and a worker that dies lets it go

_WHICH = text("SELECT system_identifier, current_database() FROM pg_control_system()")
# Serialization failure, deadlock: nothing was decided. Unique violation: no failure but an answer.
# Somebody did the same in the same instant, and whoever looks again finds that.
_AGAIN = frozenset({"40001", "40P01", "23505"})


class PostgresStore(Telling):
    """``dispatch.ports.Store`` on PostgreSQL, through asyncpg."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        token: Token = secrets.token_hex,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.clock = CorrectedClock(clock)
        self._token = token
        self._sleep = sleep
        self._chance = chance
        self._engine = writing_engine(settings.database_url)
        self._reading = reading_engine(settings.database_url)
        self._running: set[asyncio.Future[Done]] = set()

    async def open(self) -> None:
        """Bring the schema up to date; workers that start together take turns.

        Raises:
            StoreAwayError: there is no such server or database, or it refuses us.
        """
        with reaching():
            async with self._engine.begin() as connection:
                # Another's migrations take longer than any lock of a day's work.
                await connection.execute(text("SET LOCAL lock_timeout = '9s'"))
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
                await connection.execute(text("SET LOCAL lock_timeout TO DEFAULT"))
                await connection.run_sync(migrate)

    async def place(self) -> str:
        """Return the address of this database that is the same for all, by whatever name they came.

        Raises:
            StoreAwayError: the database is away.
        """
        with reaching():
            async with self._engine.connect() as connection:
                identifier, name = (await connection.execute(_WHICH)).one()
        return f"postgresql://{identifier}/{name}"

    async def set_clock(self) -> timedelta:
        """Correct our clock to the database's; return how far that one is ahead of the machine.

        Raises:
            StoreAwayError: the database is away; the clock goes on as it did.
        """
        with reaching():
            async with self._engine.connect() as connection:
                self.clock.ahead = await ahead_of(self.clock.edge, connection)
        return self.clock.ahead

    async def perform(
        self, usecase: UseCase[C], command: C, actor: Actor, *, key: str | None = None
    ) -> Done:
        """Run it in one transaction, to its end whatever becomes of whoever waits for it.

        Raises:
            DispatchError: whatever the use case refused; nothing was changed.
            AlreadySentError: the key came before, with another command.
            StoreAwayError: the database is away, or too busy with others for too long.
        """
        transaction = Transaction(usecase, command, actor, key, self._token)
        running = asyncio.ensure_future(self._perform(transaction))
        self._running.add(running)  # the loop itself holds tasks only weakly
        running.add_done_callback(self._running.discard)
        with reaching():
            return await asyncio.shield(running)

    async def read(self, query: Callable[[Reading], T]) -> T:
        """Run a query on one snapshot of the database.

        Where the connection turns out to be dead the query is run again: it changed nothing.

        Raises:
            StoreAwayError: the database is away, or too busy with others for too long.
        """
        return await self._ask(lambda connection: query(SqlReading(connection)))

    async def is_current(self) -> bool:
        """Return whether the schema is the one that this code knows."""
        return await self._ask(revision_of) == known_revision()

    async def backlogs(self) -> Backlogs:
        """Return how many requests wait in each clinic, and since when the oldest does."""
        return await self._ask(backlogs)

    async def late(self) -> Late:
        """Return when the first request is due to end by itself, and the first message to go."""
        return await self._ask(late)

    async def outgrown(self, before: datetime, limit: int) -> Sequence[str]:
        """Return streams that hold events to let go of."""
        return await self._ask(lambda connection: outgrown(connection, before, limit))

    async def purge(
        self, kind: Kept, before: datetime, limit: int, streams: Collection[str] = ()
    ) -> int:
        """Delete at most so many rows; return how many, none if another process is at it."""

        def work(connection: Connection) -> int:
            is_mine = connection.execute(text(f"SELECT pg_try_advisory_xact_lock({PURGE_LOCK})"))
            return purge(connection, kind, before, limit, streams) if is_mine.scalar() else 0

        with reaching():
            async with self._engine.begin() as connection:
                return await connection.run_sync(work)

    async def _ask(self, question: Callable[[Connection], T]) -> T:
        with reaching():
            try:
                return await greenlet_spawn(self._answer, question)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
            return await greenlet_spawn(self._answer, question)

    def _answer(self, question: Callable[[Connection], T]) -> T:
        with self._reading.sync_engine.connect() as connection:
            return question(connection)

    async def create_account(self, name: str) -> AccountId:
        """Return a new account; it is what everything else belongs to, so no use case makes it."""
        async with self._engine.begin() as connection:
            statement = insert(account).returning(account.c.id)
            return AccountId((await connection.execute(statement, {"name": name})).scalar_one())

    async def accounts(self) -> Mapping[AccountId, str]:
        """Return the names of all accounts."""
        async with self._engine.connect() as connection:
            found = await connection.execute(select(account.c.id, account.c.name))
            return {AccountId(key): name for key, name in found}

    async def close(self) -> None:
        """Let what runs finish, then let go of the connections."""
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._engine.dispose()
        await self._reading.dispose()

    async def _perform(self, transaction: Transaction) -> Done:
        for attempt in range(1, TRIES + 1):
            try:
                async with self._engine.begin() as connection:
                    done, heads = await connection.run_sync(self._run, transaction)
            except DBAPIError as error:
                if attempt == TRIES or not is_worth_another_try(error):
                    raise
                await self._sleep(self._chance() * 0.01 * 2**attempt)
            else:
                self._tell(heads, transaction.decided)
                return done
        raise AssertionError("the last attempt returns or raises")

    def _run(
        self, connection: Connection, transaction: Transaction
    ) -> tuple[Done, Mapping[str, int]]:
        return transaction.run(connection, self.clock.now())


def writing_engine(database_url: str) -> AsyncEngine:
    """Return the connections of one worker that change something, at READ COMMITTED.

    Each is asked whether it lives before it is used: a commit cannot be tried twice.
    """
    return _engine(database_url, WRITERS, {}, pool_pre_ping=True)


def reading_engine(database_url: str) -> AsyncEngine:
    """Return the connections that only read, each transaction on one snapshot.

    None is asked whether it lives, which takes three messages: a query can be run again.
    """
    settings = {
        "default_transaction_isolation": "repeatable read",
        "default_transaction_read_only": "on",
    }
    return _engine(database_url, READERS, settings, pool_use_lifo=True)


def _engine(
    database_url: str, connections: int, settings: Mapping[str, str], **options: bool
) -> AsyncEngine:
    return create_async_engine(
        database_url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=5,  # seconds; then the database counts as away
        hide_parameters=True,
        connect_args={
            "timeout": 5,
            "command_timeout": 10,
            "server_settings": {
                "lock_timeout": "2s",
                "idle_in_transaction_session_timeout": "5s",
                "application_name": "dispatch",
                **settings,
            },
        },
        **options,
    )


def is_worth_another_try(error: DBAPIError) -> bool:
    """Return whether the same transaction may come to something if it is run again."""
    return getattr(error.orig, "sqlstate", None) in _AGAIN
