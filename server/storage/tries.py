"""The last hour's tries in the database: a row for each thing that is counted, held while it is."""

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.storage.links import link_secret
from server.storage.tables import tries as table

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_IS_IT = table.c.mark == bindparam("it")
_FIRST = {  # so that there is a row to hold
    name: dialect.insert(table).on_conflict_do_nothing()
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_HELD = select(table.c.made).where(_IS_IT).with_for_update()
_KEEP = update(table).where(_IS_IT).values(made=bindparam("tries"), last_at=bindparam("at"))


class SqlTries:
    """``dispatch.ports.Tries`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def held(self, of: str) -> Sequence[datetime]:
        mark = self._mark(of)
        first = {"mark": mark, "made": "", "last_at": _EPOCH}
        self._connection.execute(_FIRST[self._connection.dialect.name], first)
        made: str = self._connection.execute(_HELD, {"it": mark}).scalar_one()
        return [_EPOCH + int(word) * _MILLISECOND for word in made.split()]

    def keep(self, of: str, made: Sequence[datetime]) -> None:
        words = " ".join(str((at - _EPOCH) // _MILLISECOND) for at in made)
        last = made[-1] if made else _EPOCH  # nothing to keep: swept next time
        self._connection.execute(_KEEP, {"it": self._mark(of), "tries": words, "at": last})

    def _mark(self, of: str) -> str:
        return hmac.new(self._secret, b"tries " + of.encode(), "sha256").hexdigest()

    @cached_property
    def _secret(self) -> bytes:
        return link_secret(self._connection)
