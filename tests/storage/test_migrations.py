"""A database as an earlier release left it comes up to date with its rows kept."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from dispatch.slots import Slot
from dispatch.vocabulary import PersonId
from server.settings import Settings
from server.storage.migrate import MIGRATIONS
from server.storage.sqlite_store import SqliteStore
from tests.builders import FrozenClock, hours

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


_SLOTS = """
INSERT INTO account (id, name) VALUES (1, 'One');
INSERT INTO person (id, account_id, name, zone, is_administrator)
  VALUES (7, 1, 'Dr. Ada Berg', 'America/New_York', 0), (8, 1, 'Dr. Ben Cole', 'Mars/Olympus', 0);
INSERT INTO slot (host_id, starts_at, ends_at) VALUES
  (7, '2026-11-01 05:30:00.000000', '2026-11-01 06:30:00.000000'),
  (7, '2026-11-24 14:00:00.000000', '2026-11-24 17:00:00.000000'),
  (8, '2026-11-24 14:00:00.000000', '2026-11-24 17:00:00.000000');
"""


async def test_slots_that_were_kept_one_by_one_are_the_same_slots_by_rule(tmp_path: Path) -> None:
    # S40 S92: also on the night when the clocks go back, and of somebody whose zone is none
    path = tmp_path / "dispatch.db"
    as_of(path, "0005")
    with sqlite3.connect(path) as connection:
        connection.executescript(_SLOTS)
    connection.close()
    store = SqliteStore(Settings(database_url=f"sqlite:///{path}"), FrozenClock())
    start, end = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    ada, ben = PersonId(7), PersonId(8)
    try:
        slots = await store.read(lambda reading: reading.slots([ada, ben], start, end))
        rules = await store.read(lambda reading: reading.calendar_rules([ada, ben]))
    finally:
        store.close()
    night, morning = (
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
        datetime(2026, 11, 24, 14, tzinfo=UTC),
    )
    assert list(slots) == [
        Slot(ada, night, night + hours(1)),
        Slot(ada, morning, morning + hours(3)),
        Slot(ben, morning, morning + hours(3)),
    ]
    assert [rule.when.zone for rule in rules] == ["America/New_York", "America/New_York", "UTC"]
