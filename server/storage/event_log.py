"""The log of what changed: dense numbers per stream, in the order of the commits."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Select,
    Table,
    Text,
    bindparam,
    column,
    func,
    insert,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.dml import ReturningInsert

from dispatch.events import Change, EntityRef
from dispatch.stream import Cursor, LoggedEvent
from dispatch.vocabulary import EntityKind, PersonId
from server.storage.among import Among
from server.storage.tables import event, stream_head


def _advance(insert_into: Callable[[Table], Any]) -> ReturningInsert[Any]:
    """Return the statement that moves streams on and says where they then are."""
    adding = insert_into(stream_head)
    advancing: ReturningInsert[Any] = adding.on_conflict_do_update(
        index_elements=[stream_head.c.stream],
        set_={"seq": stream_head.c.seq + adding.excluded.seq},
    ).returning(stream_head.c.stream, stream_head.c.seq)
    return advancing


# The row lock that this takes until commit is what makes number order equal commit order. It has
# to come last, and nothing slow may follow it. One statement takes every row, in the order given.
_ADVANCE = {"sqlite": _advance(sqlite.insert), "postgresql": _advance(postgresql.insert)}
_APPEND = insert(event)
_CURSORS = Among(
    "streams",
    lambda is_asked: (
        select(stream_head.c.stream, stream_head.c.seq, event.c.tag)
        .outerjoin(
            event, (event.c.stream == stream_head.c.stream) & (event.c.seq == stream_head.c.seq)
        )
        .where(is_asked(stream_head.c.stream))
    ),
)
_TAG = select(event.c.tag).where(
    event.c.stream == bindparam("stream"), event.c.seq == bindparam("seq")
)
_LINE = [event.c[name] for name in ("seq", "tag", "entity_kind", "entity_id", "at", "kind")]
_AFTER = (
    select(*_LINE)
    .where(event.c.stream == bindparam("stream"), event.c.seq > bindparam("after"))
    .order_by(event.c.seq)
    .limit(bindparam("most"))
)


def _ahead() -> Select[Any]:
    """Return heads, and the events after a place of each, in one statement; for PostgreSQL."""
    streams = bindparam("streams", type_=ARRAY(Text))
    afters = bindparam("afters", type_=ARRAY(BigInteger))
    columns = (column("stream", Text), column("after", BigInteger))
    place = func.unnest(streams, afters).table_valued(*columns, name="place").render_derived()
    following = (
        select(*_LINE)
        .where(event.c.stream == place.c.stream, event.c.seq > place.c.after)
        .order_by(event.c.seq)
        .limit(bindparam("most"))
        .lateral()
    )
    last = event.alias()
    return (
        select(place.c.stream, stream_head.c.seq, last.c.tag, following)
        .select_from(place)
        .outerjoin(stream_head, stream_head.c.stream == place.c.stream)
        .outerjoin(last, (last.c.stream == place.c.stream) & (last.c.seq == stream_head.c.seq))
        .outerjoin(following, true())
        .order_by(place.c.stream, following.c.seq)
    )


_AHEAD = _ahead()
_HEADS = Among(
    "streams",
    lambda is_asked: select(stream_head.c.stream, stream_head.c.seq).where(
        is_asked(stream_head.c.stream)
    ),
)


def append(
    connection: Connection,
    changes: Sequence[Change],
    tags: Sequence[str],
    actor: PersonId,
    at: datetime,
) -> Mapping[str, int]:
    """Write one event per change and stream; return the new head of each stream.

    Streams are advanced in sorted order, so that two transactions cannot wait for each other.
    """
    by_stream: dict[str, list[tuple[Change, str]]] = {}
    for change, tag in zip(changes, tags, strict=True):
        for stream in change.streams:
            by_stream.setdefault(stream, []).append((change, tag))
    if not by_stream:
        return {}
    counts = [{"stream": name, "seq": len(by_stream[name])} for name in sorted(by_stream)]
    advanced = connection.execute(_ADVANCE[connection.dialect.name], counts)
    heads: dict[str, int] = dict(advanced.all())
    rows = [
        {
            "stream": stream,
            "seq": seq,
            "tag": tag,
            "kind": change.kind,
            "entity_kind": change.entity.kind,
            "entity_id": change.entity.id,
            "actor_id": actor,
            "at": at,
        }
        for stream, named in by_stream.items()
        for seq, (change, tag) in enumerate(named, start=heads[stream] - len(named) + 1)
    ]
    connection.execute(_APPEND, rows)
    return heads


def cursors_of(connection: Connection, streams: Iterable[str]) -> Mapping[str, Cursor]:
    """Return the head of each stream; seq 0 and an empty tag before its first event."""
    wanted = list(streams)
    rows = connection.execute(_CURSORS.on(connection), {"streams": wanted})
    found = {stream: Cursor(seq, tag or "") for stream, seq, tag in rows}
    return {stream: found.get(stream, Cursor(0, "")) for stream in wanted}


def tag_at(connection: Connection, stream: str, seq: int) -> str | None:
    """Return the tag of an event, or None below the floor or above the head."""
    return connection.execute(_TAG, {"stream": stream, "seq": seq}).scalar()


def events_after(
    connection: Connection, stream: str, after: int, limit: int
) -> Sequence[LoggedEvent]:
    """Return what comes after a place, in order."""
    where = {"stream": stream, "after": after, "most": limit}
    return [_logged(*row) for row in connection.execute(_AFTER, where)]


def events_ahead(
    connection: Connection, places: Mapping[str, int], limit: int
) -> Iterator[tuple[str, Cursor, Sequence[LoggedEvent]]]:
    """Yield the head of each stream and what comes after its place, as the two above do."""
    where = {"streams": [*places], "afters": [*places.values()], "most": limit}
    rows = connection.execute(_AHEAD, where).all()
    for (stream, seq, tag), found in groupby(rows, lambda row: row[:3]):
        events = [_logged(*row[3:]) for row in found if row[3] is not None]
        yield stream, Cursor(seq or 0, tag or ""), events


def _logged(seq: int, tag: str, of: str, key: int, at: datetime, kind: str) -> LoggedEvent:
    return LoggedEvent(seq, tag, EntityRef(EntityKind(of), key), at, kind)


def heads_of(connection: Connection, streams: Iterable[str]) -> Mapping[str, int]:
    """Return the number of the last event of each stream; 0 before the first."""
    wanted = list(streams)
    rows = connection.execute(_HEADS.on(connection), {"streams": wanted})
    found: dict[str, int] = dict(rows.all())
    return {stream: found.get(stream, 0) for stream in wanted}
