"""What each page shows: a whole stream, or what changed in it.

Page, push, replay and the check of who may join a stream all come from here, so they cannot differ.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from dispatch.events import clinic_stream, host_stream, hosts_stream, patient_stream, request_stream
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.stream import Break, Cursor, Delta, LoggedEvent, Projection, Snapshot
from dispatch.vocabulary import EntityKind, RequestId

REPLAY_LIMIT = 2000  # events; a page further behind gets a snapshot


def joinable(actor: Actor) -> Mapping[str, frozenset[Projection]]:
    """Return every stream the actor may join, with the projections they may have of it."""
    board = frozenset({Projection.BOARD, Projection.DECIDED, Projection.SESSIONS})
    host, patient = frozenset({Projection.HOST}), frozenset({Projection.PATIENT, Projection.ROOM})
    streams = {clinic_stream(clinic): board for clinic in actor.schedules}
    streams |= {hosts_stream(group): host for group in actor.hosts_in}
    if actor.hosts_in:
        streams[host_stream(actor.person_id)] = host
    if actor.is_requester:  # whatever of theirs is under way goes on, also where they ask no more
        streams[patient_stream(actor.person_id)] = patient
    return streams


def joinable_by_link(request_id: RequestId) -> Mapping[str, frozenset[Projection]]:
    """Return what whoever holds a request's link may join: that one stream, seen in one way."""
    return {request_stream(request_id): frozenset({Projection.LINK})}


def rights(actor: Actor) -> str:
    """Return a word that is another whenever the streams are that the actor may join.

    A page carries it: one that was away while memberships changed is known by it when it returns.
    It is another, too, once somebody may ask to be seen or may not: pages offer that beside what
    their streams show.
    """
    words = [*sorted(joinable(actor)), *(["asks"] if actor.may_ask else [])]
    return sha256(" ".join(words).encode()).hexdigest()[:16]


def snapshot(reading: Reading, stream: str, projection: Projection, now: datetime) -> Snapshot:
    """Return everything of a stream with the cursor of the same instant."""
    views = tuple(reading.views(stream, projection, None, now))
    return Snapshot(stream, projection, reading.cursor(stream), views)


def expect(reading: Reading, places: Mapping[str, Cursor]) -> None:
    """Have ``delta`` find at hand what it will read of the log, for streams that have moved."""
    before = {stream: _before(cursor) for stream, cursor in places.items()}
    reading.read_ahead(before, REPLAY_LIMIT + 2)


def since(reading: Reading, stream: str, cursor: Cursor) -> Sequence[LoggedEvent] | Break:
    """Return every event after a cursor, or why they do not follow from it.

    The event of the cursor itself is read too: its tag tells the log that was read from one that
    was put in its place, whatever numbers that has come to.
    """
    head = reading.cursor(stream)
    if cursor.seq > head.seq:
        return Break.HISTORY
    found = reading.events(stream, _before(cursor), REPLAY_LIMIT + 2)
    if cursor.seq:
        own, found = found[:1], found[1:]
        if not own or own[0].seq != cursor.seq:
            return Break.BEHIND  # swept
        if own[0].tag != cursor.tag:
            return Break.HISTORY
    if len(found) > REPLAY_LIMIT or (found and not cursor.seq and found[0].seq > 1):
        return Break.BEHIND
    is_dense = [event.seq for event in found] == list(range(cursor.seq + 1, head.seq + 1))
    return found if is_dense else Break.HOLE


def delta(
    reading: Reading, stream: str, projection: Projection, cursor: Cursor, now: datetime
) -> Delta | Break:
    """Return what became of everything named after the cursor, as it now is.

    A ``Break`` says why that cannot be told: take a snapshot.
    """
    events = since(reading, stream, cursor)
    if isinstance(events, Break):
        return events
    if not events:
        return Delta(stream, projection, cursor.seq, cursor, (), ())
    named = frozenset(event.entity for event in events)
    views = tuple(reading.views(stream, projection, named, now))
    left = named - {view.entity for view in views}
    requests = [RequestId(ref.id) for ref in left if ref.kind is EntityKind.REQUEST]
    outcomes = reading.outcomes(requests) if requests else {}
    gone = tuple(
        (ref, outcomes.get(RequestId(ref.id)) if ref.kind is EntityKind.REQUEST else None)
        for ref in sorted(left)
    )
    moved = Cursor(events[-1].seq, events[-1].tag)
    return Delta(stream, projection, cursor.seq, moved, views, gone, events[0].at)


def _before(cursor: Cursor) -> int:
    """Return the number after which the event of the cursor itself comes first."""
    return max(cursor.seq - 1, 0)
