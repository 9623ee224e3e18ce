"""A column that is one of a list, as each database takes it best; it knows no table."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY

Condition = Callable[[ColumnElement[Any]], ColumnElement[bool]]


class Among:
    """A statement about the members of a list that is bound to ``name``, built once and kept.

    PostgreSQL takes a list as one value. SQLite knows none, so there the text is written anew for
    each length, which costs as much as a small statement itself.
    """

    def __init__(self, name: str, made: Callable[[Condition], Select[Any]]) -> None:
        self._made: Mapping[str, Select[Any]] = {
            "sqlite": made(lambda column: column.in_(bindparam(name, expanding=True))),
            "postgresql": made(
                lambda column: column == any_(bindparam(name, type_=ARRAY(column.type)))
            ),
        }

    def on(self, connection: Connection) -> Select[Any]:
        """Return it as this database takes it."""
        return self._made[connection.dialect.name]
