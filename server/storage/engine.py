"""SQLite opened as it must be: one process, one writer, WAL, every commit on disk."""

import fcntl
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import QueuePool, StaticPool

from server.settings import SettingError

READERS = 4  # threads, and connections, that only read

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # an acknowledged request survives a power cut
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",  # ms
)


def sqlite_path(database_url: str) -> Path:
    """Return the file of a SQLite URL.

    Raises:
        SettingError: no SQLite file; a database in memory would lose requests silently.
    """
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise SettingError(
            "DISPATCH_DATABASE_URL must name a SQLite file, such as sqlite:///var/x.db."
        )
    return Path(url.database)


def hold(path: Path) -> IO[str]:
    """Return the lock file of a database, held for the life of the process.

    SQLite before 3.51.3 can corrupt a WAL that two writers share, so there is only one.

    Raises:
        SettingError: another process holds it.
    """
    path = path.resolve()  # another name of the file is the same file
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_suffix(path.suffix + ".lock").open("w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise SettingError(
            f"{path} is in use by another running server. Stop that one first, or set "
            "DISPATCH_DATABASE_URL to another file."
        ) from error
    return lock


def writing_engine(path: Path) -> Engine:
    """Return the engine of the one writer; its transactions begin IMMEDIATE.

    A plain BEGIN that turns into a write fails at once under contention, whatever the timeout.
    """
    engine = create_engine(
        _url(path), poolclass=StaticPool, hide_parameters=True, connect_args=_LOOSE
    )
    return _prepared(engine, "BEGIN IMMEDIATE")


def reading_engine(path: Path) -> Engine:
    """Return the engine of the readers: one connection for each of their threads."""
    engine = create_engine(
        _url(path),
        poolclass=QueuePool,
        pool_size=READERS,
        max_overflow=0,
        pool_use_lifo=True,  # the connection whose caches are warm
        hide_parameters=True,
        connect_args=_LOOSE,
    )
    return _prepared(engine, "BEGIN")


_LOOSE = {"check_same_thread": False}  # each thread has a connection to itself while it works


def _url(path: Path) -> URL:
    return URL.create("sqlite+pysqlite", database=str(path))


def _lower(text: object) -> object:
    return text.lower() if isinstance(text, str) else text


def _prepared(engine: Engine, begin: str) -> Engine:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        # SQLite's own knows ASCII only, and names are looked for whatever their case.
        connection.create_function("lower", 1, _lower, deterministic=True)
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    def do_begin(connection: PoolProxiedConnection) -> None:
        connection.cursor().execute(begin)

    # Not by listening for "begin": a listener makes every statement look for listeners.
    vars(engine.dialect)["do_begin"] = do_begin
    return engine
