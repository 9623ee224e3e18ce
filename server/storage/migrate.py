"""The schema is brought up to date when the embedded database is opened."""

from contextlib import nullcontext
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(connection: Connection) -> None:
    """Run every migration that this database has not seen; mostly there is none."""
    if _has_seen_all(connection):
        return  # Alembic would read each of them again to come to the same
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@cache
def known_revision() -> str | None:
    """Return the schema that this code was written for."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def _has_seen_all(connection: Connection) -> bool:
    # Where a transaction is open the look belongs to it; else it must leave none behind, for then
    # each migration is a transaction of its own.
    with nullcontext() if connection.in_transaction() else connection.begin():
        return MigrationContext.configure(connection).get_current_revision() == known_revision()
