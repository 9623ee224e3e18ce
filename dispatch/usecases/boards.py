"""What each page shows: a whole stream, or what changed in it.

Page, push, replay and the check of who may join a stream all come from here, so they cannot differ.
"""

from collections.abc import Mapping
from datetime import datetime

from dispatch.events import clinic_stream, host_stream, hosts_stream, patient_stream
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.stream import Cursor, Delta, Projection, Snapshot
from dispatch.vocabulary import EntityKind, RequestId

REPLAY_LIMIT = 2000  # events; a page further behind gets a snapshot


def joinable(actor: Actor) -> Mapping[str, frozenset[Projection]]:
    """Return every stream the actor may join, with the projections they may have of it."""
    board = frozenset({Projection.BOARD, Projection.DECIDED, Projection.SESSIONS})
    host, patient = frozenset({Projection.HOST}), frozenset({Projection.PATIENT})
    streams = {clinic_stream(clinic): board for clinic in actor.schedules}
    streams |= {hosts_stream(group): host for group in actor.hosts_in}
    if actor.hosts_in:
        streams[host_stream(actor.person_id)] = host
    if actor.asks_in:
        streams[patient_stream(actor.person_id)] = patient
    return streams


def snapshot(reading: Reading, stream: str, projection: Projection, now: datetime) -> Snapshot:
    """Return everything of a stream with the cursor of the same instant."""
    views = tuple(reading.views(stream, projection, None, now))
    return Snapshot(stream, projection, reading.cursor(stream), views)


def delta(
    reading: Reading, stream: str, projection: Projection, cursor: Cursor, now: datetime
) -> Delta | None:
    """Return what became of everything named after the cursor, as it now is.

    None means that the cursor is of another history, below the floor, ahead of the log or too far
    behind: take a snapshot.
    """
    if cursor.seq and reading.tag_at(stream, cursor.seq) != cursor.tag:
        return None
    events = reading.events(stream, cursor.seq, REPLAY_LIMIT + 1)
    if len(events) > REPLAY_LIMIT or (events and events[0].seq != cursor.seq + 1):
        return None
    if not events:
        head = reading.cursor(stream)
        return (
            None
            if head.seq != cursor.seq
            else Delta(stream, projection, cursor.seq, cursor, (), ())
        )
    named = frozenset(event.entity for event in events)
    views = tuple(reading.views(stream, projection, named, now))
    left = named - {view.entity for view in views}
    requests = [RequestId(ref.id) for ref in left if ref.kind is EntityKind.REQUEST]
    outcomes = reading.outcomes(requests) if requests else {}
    gone = tuple(
        (ref, outcomes.get(RequestId(ref.id)) if ref.kind is EntityKind.REQUEST else None)
        for ref in sorted(left)
    )
    last = events[-1]
    return Delta(stream, projection, cursor.seq, Cursor(last.seq, last.tag), views, gone)
