"""The embedded store: one thread writes, a few read, and the bell rings after every commit."""

import asyncio
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, insert, select

from dispatch.people import Actor
from dispatch.ports import Done, Reading, UseCase
from dispatch.retention import Kept
from dispatch.vocabulary import AccountId
from server.clock import Clock
from server.settings import Settings
from server.storage.engine import READERS, hold, reading_engine, sqlite_path, writing_engine
from server.storage.migrate import known_revision, migrate
from server.storage.reach import Telling, reaching
from server.storage.reading import SqlReading
from server.storage.retention import outgrown, purge
from server.storage.tables import account
from server.storage.transaction import Transaction
from server.storage.unit_of_work import Token
from server.storage.vitals import Backlogs, Late, backlogs, late, revision_of

T = TypeVar("T")
C = TypeVar("C")


class SqliteStore(Telling):
    """``dispatch.ports.Store`` on a SQLite file that this process holds alone."""

    def __init__(
        self, settings: Settings, clock: Clock, *, token: Token = secrets.token_hex
    ) -> None:
        path = sqlite_path(settings.database_url)
        self._lock = hold(path)
        self.clock = clock  # the machine's: nobody else writes into this file
        self._token = token
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
        transaction = Transaction(usecase, command, actor, key, self._token)

        def work() -> Done:
            done, heads = self._commit(transaction)
            if heads or transaction.decided:
                loop.call_soon_threadsafe(self._tell, heads, transaction.decided)
            return done

        return await asyncio.shield(loop.run_in_executor(self._writer, work))

    async def read(self, query: Callable[[Reading], T]) -> T:
        """Run a query in one read transaction on a reader's thread.

        Raises:
            StoreAwayError: the file cannot be read.
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
        """Delete at most so many rows on the writer's thread; return how many."""

        def work() -> int:
            with reaching(), self._writing.begin() as connection:
                return purge(connection, kind, before, limit, streams)

        return await asyncio.get_running_loop().run_in_executor(self._writer, work)

    async def _ask(self, question: Callable[[Connection], T]) -> T:
        def work() -> T:
            with reaching(), self._reading.connect() as connection:
                return question(connection)

        return await asyncio.get_running_loop().run_in_executor(self._readers, work)

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

    def _commit(self, transaction: Transaction) -> tuple[Done, Mapping[str, int]]:
        now = self.clock.now()
        with reaching(), self._writing.begin() as connection:
            return transaction.run(connection, now)
