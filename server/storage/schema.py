"""How every column is kept: instants as UTC, keys as integers, constraints with names."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Dialect, ForeignKey, Integer, MetaData
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: they would be read back as something else."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be stored")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return it aware."""
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows by INTEGER only; PostgreSQL gets room for ever.
Id = BigInteger().with_variant(Integer, "sqlite")


def key(name: str = "id") -> Column[Any]:
    """Return a primary key that counts by itself."""
    return Column(name, Id, primary_key=True)


def to(table: str, name: str | None = None, **options: Any) -> Column[Any]:
    """Return a reference to another table's ``id``; required unless said otherwise."""
    options.setdefault("nullable", False)
    return Column(name or f"{table}_id", Id, ForeignKey(f"{table}.id"), **options)
