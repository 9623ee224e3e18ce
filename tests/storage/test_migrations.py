"""A database as an earlier release left it comes up to date with its rows kept."""

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from server.settings import Settings
from server.storage.migrate import MIGRATIONS
from server.storage.sqlite_store import SqliteStore
from tests.builders import FrozenClock

_FIRST = """
INSERT INTO account (id, name) VALUES (1, 'One');
INSERT INTO person (id, account_id, name, zone, is_administrator)
  VALUES (7, 1, 'Mia Chen', 'UTC', 0);
INSERT INTO outbox (id, account_id, kind, recipient_id, about_kind, about_id, created_at)
  VALUES (3, 1, 'declined', 7, 'request', 12, '2026-11-01 12:00:00.000000');
"""


def as_of(path: Path, revision: str) -> None:
    """Make a database of an earlier release."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with create_engine(f"sqlite:///{path}").connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


async def test_what_waited_before_mail_was_sent_is_kept_and_not_sent_by_itself(
    tmp_path: Path,
) -> None:
    path = tmp_path / "dispatch.db"
    as_of(path, "0001")
    with sqlite3.connect(path) as connection:
        connection.executescript(_FIRST)
    connection.close()
    clock = FrozenClock()
    store = SqliteStore(Settings(database_url=f"sqlite:///{path}"), clock)
    try:
        now = clock.now()
        assert await store.read(lambda reading: reading.due_notices(now, 10)) == []
    finally:
        store.close()
    with sqlite3.connect(path) as connection:
        (row,) = connection.execute("SELECT recipient_id, status, tries, problem FROM outbox")
    connection.close()
    assert row == (7, "failed", 0, "from before mail was sent")
