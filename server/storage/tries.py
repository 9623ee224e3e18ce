"""The last hour's tries in the database: a row for each thing that is counted, held while it is."""

import hmac
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.storage.links import link_secret
from server.storage.tables import tries as table

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_IS_IT = table.c.mark == bindparam("it")
# One statement, so that there is a row to hold and the sweep takes it from nobody's hand.
_HELD = {
    name: dialect.insert(table)
    .on_conflict_do_update(index_elements=[table.c.mark], set_={"made": table.c.made})
    .returning(table.c.made)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_MADE = select(table.c.mark, table.c.made).where(
    table.c.mark.in_(bindparam("marks", expanding=True))
)
_KEEP = update(table).where(_IS_IT).values(made=bindparam("tries"), last_at=bindparam("at"))


class SqlTries:
    """``dispatch.ports.Tries`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def held(self, of: str) -> Sequence[datetime]:
        first = {"mark": _mark(of, self._secret), "made": "", "last_at": _EPOCH}
        held = _HELD[self._connection.dialect.name]
        return _read(self._connection.execute(held, first).scalar_one())

    def keep(self, of: str, made: Sequence[datetime]) -> None:
        words = " ".join(str((at - _EPOCH) // _MILLISECOND) for at in made)
        last = made[-1] if made else _EPOCH  # nothing to keep: swept next time
        self._connection.execute(_KEEP, {"it": _mark(of, self._secret), "tries": words, "at": last})

    @cached_property
    def _secret(self) -> bytes:
        return link_secret(self._connection)


def tries_of(connection: Connection, of: Collection[str]) -> Mapping[str, Sequence[datetime]]:
    """Return what is kept of each, and hold nothing."""
    secret = link_secret(connection)
    by_mark = {_mark(one, secret): one for one in of}
    made: dict[str, Sequence[datetime]] = dict.fromkeys(of, ())
    for mark, words in connection.execute(_MADE, {"marks": list(by_mark)}):
        made[by_mark[mark]] = _read(words)
    return made


def _read(made: str) -> Sequence[datetime]:
    return [_EPOCH + int(word) * _MILLISECOND for word in made.split()]


def _mark(of: str, secret: bytes) -> str:
    return hmac.digest(secret, b"tries " + of.encode(), "sha256").hex()
