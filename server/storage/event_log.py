"""The log of what changed: dense numbers per stream, in the order of the commits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, text

from dispatch.events import Change, EntityRef
from dispatch.stream import Cursor
from dispatch.vocabulary import EntityKind, PersonId
from server.storage.tables import event, stream_head

# The row lock that this takes until commit is what makes number order equal commit order. It has
# to come last, and nothing slow may follow it.
_ADVANCE = text(
    "INSERT INTO stream_head (stream, seq, floor) VALUES (:stream, :count, 0) "
    "ON CONFLICT (stream) DO UPDATE SET seq = stream_head.seq + :count RETURNING seq"
)
_APPEND = insert(event)


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
    heads: dict[str, int] = {}
    rows = []
    for stream in sorted(by_stream):
        named = by_stream[stream]
        head = connection.execute(_ADVANCE, {"stream": stream, "count": len(named)}).scalar_one()
        heads[stream] = head
        for seq, (change, tag) in enumerate(named, start=head - len(named) + 1):
            rows.append(
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
            )
    if rows:
        connection.execute(_APPEND, rows)
    return heads


def cursor_of(connection: Connection, stream: str) -> Cursor:
    """Return the head of a stream; seq 0 and an empty tag before its first event."""
    statement = (
        select(stream_head.c.seq, event.c.tag)
        .outerjoin(
            event, (event.c.stream == stream_head.c.stream) & (event.c.seq == stream_head.c.seq)
        )
        .where(stream_head.c.stream == stream)
    )
    row = connection.execute(statement).first()
    return Cursor(row.seq, row.tag or "") if row is not None else Cursor(0, "")


def tag_at(connection: Connection, stream: str, seq: int) -> str | None:
    """Return the tag of an event, or None below the floor or above the head."""
    statement = select(event.c.tag).where(event.c.stream == stream, event.c.seq == seq)
    return connection.execute(statement).scalar()


def events_after(
    connection: Connection, stream: str, after: int, limit: int
) -> Sequence[tuple[int, str, EntityRef]]:
    """Return ``(seq, tag, entity)`` after a place, in order."""
    statement = (
        select(event.c.seq, event.c.tag, event.c.entity_kind, event.c.entity_id)
        .where(event.c.stream == stream, event.c.seq > after)
        .order_by(event.c.seq)
        .limit(limit)
    )
    return [
        (seq, tag, EntityRef(EntityKind(kind), key))
        for seq, tag, kind, key in connection.execute(statement)
    ]


def heads_of(connection: Connection, streams: Iterable[str]) -> Mapping[str, int]:
    """Return the number of the last event of each stream; 0 before the first."""
    wanted = list(streams)
    statement = select(stream_head.c.stream, stream_head.c.seq).where(
        stream_head.c.stream.in_(wanted)
    )
    found = dict(connection.execute(statement).all())
    return {stream: found.get(stream, 0) for stream in wanted}
