"""How a little of what is too old goes: found by an index, deleted by key, a batch at a time."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Connection, and_, bindparam, delete, or_, select, tuple_, update

from dispatch.retention import Kept
from server.storage.bookings import purge_bookings
from server.storage.tables import event, idempotency, login, outbox, stream_head, tries

# An event goes once the one after it is too old. So the last of a stream stays for ever (its tag is
# what a cursor is checked against), and a page that was up to date in time can always go on.
_FLOOR = select(stream_head.c.floor).where(stream_head.c.stream == bindparam("named"))
_OUTGROWN = (
    select(stream_head.c.stream)
    .join(event, event.c.stream == stream_head.c.stream)
    .where(
        stream_head.c.floor + 2 <= stream_head.c.seq,
        event.c.seq == stream_head.c.floor + 2,
        event.c.at < bindparam("before"),
    )
    .order_by(stream_head.c.stream)
    .limit(bindparam("most"))
)
_OLDEST = (
    select(event.c.seq, event.c.at)
    # The floor is said, although nothing is below: an index is slow to enter where rows just went.
    .where(event.c.stream == bindparam("named"), event.c.seq > _FLOOR.scalar_subquery())
    .order_by(event.c.seq)
    .limit(bindparam("most"))
)
_DROP_EVENTS = delete(event).where(
    event.c.stream == bindparam("named"), event.c.seq <= bindparam("reached")
)
_RAISE_FLOOR = (
    update(stream_head)
    .where(stream_head.c.stream == bindparam("named"), stream_head.c.floor < bindparam("reached"))
    .values(floor=bindparam("reached"))
)
_OLD_KEYS = select(idempotency.c.actor_id, idempotency.c.key).where(
    idempotency.c.at < bindparam("before")
)
_OLD_TRIES = select(tries.c.mark).where(tries.c.last_at < bindparam("before"))
_OLD_LOGINS = select(login.c.id).where(
    or_(login.c.until_at < bindparam("before"), login.c.ended_at < bindparam("before"))
)
# Without a mail server none is ever settled: those go by when they were wanted.
_OLD_NOTICES = select(outbox.c.id).where(
    or_(
        outbox.c.settled_at < bindparam("before"),
        and_(outbox.c.settled_at.is_(None), outbox.c.wanted_at < bindparam("before")),
    )
)
_DROP = {
    Kept.KEY: delete(idempotency).where(
        tuple_(idempotency.c.actor_id, idempotency.c.key).in_(_OLD_KEYS.limit(bindparam("most")))
    ),
    Kept.NOTICE: delete(outbox).where(outbox.c.id.in_(_OLD_NOTICES.limit(bindparam("most")))),
    Kept.TRY: delete(tries).where(tries.c.mark.in_(_OLD_TRIES.limit(bindparam("most")))),
    Kept.LOGIN: delete(login).where(login.c.id.in_(_OLD_LOGINS.limit(bindparam("most")))),
}


def outgrown(connection: Connection, before: datetime, limit: int) -> Sequence[str]:
    """Return streams that hold events to let go of. It walks all streams: never in a write."""
    return connection.execute(_OUTGROWN, {"before": before, "most": limit}).scalars().all()


def purge(
    connection: Connection,
    kind: Kept,
    before: datetime,
    limit: int,
    streams: Collection[str] = (),
) -> int:
    """Delete at most so many rows, of these streams where it is events; return how many."""
    if kind is Kept.EVENT:
        return _purge_events(connection, before, limit, streams)
    if kind is Kept.BOOKING:
        return purge_bookings(connection, before, limit)
    return connection.execute(_DROP[kind], {"before": before, "most": limit}).rowcount


def _purge_events(
    connection: Connection, before: datetime, limit: int, streams: Collection[str]
) -> int:
    count = 0
    floors: list[dict[str, object]] = []
    for stream in sorted(streams):
        kept = connection.execute(_OLDEST, {"named": stream, "most": limit - count + 1}).all()
        reached = None
        for (seq, _), (_, next_at) in pairwise(kept):
            if next_at >= before:
                break
            reached = seq
        if reached is not None:
            floor = {"named": stream, "reached": reached}
            count += connection.execute(_DROP_EVENTS, floor).rowcount
            floors.append(floor)
        if count >= limit:
            break
    if floors:  # last: whoever appends to the streams waits for these rows
        connection.execute(_RAISE_FLOOR, floors)
    return count
