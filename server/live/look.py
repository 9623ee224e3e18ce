"""One look at the log, in one read transaction: what to tell, and who may no longer hear it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.events import CONTROL, EntityRef
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.stream import Cursor
from dispatch.usecases import boards
from dispatch.usecases.boards import REPLAY_LIMIT
from dispatch.vocabulary import EntityKind, LoginId, PersonId
from server.live.frames import Frames, change_frame
from server.live.seams import Key, Why


@dataclass(frozen=True, slots=True)
class Revoked:
    """Whose sign-in ended, and who the people are of whom something changed; None: nobody now."""

    logins: frozenset[LoginId]
    people: Mapping[PersonId, Actor | None]
    unread: frozenset[PersonId] = frozenset()  # named too; they had no socket when the look began

    def with_read(self, people: Mapping[PersonId, Actor | None]) -> "Revoked":
        """Return it with these people read as well."""
        return Revoked(self.logins, {**self.people, **people}, self.unread.difference(people))


@dataclass(frozen=True, slots=True)
class Look:
    """What a look found."""

    control: Cursor
    is_control_broken: bool
    revoked: Revoked
    changes: Sequence[tuple[Key, Cursor, bytes]]
    oldest_at: Sequence[datetime]  # for each of the changes: when the first that it tells was made
    lost: Sequence[tuple[Key, Cursor, Why]]  # streams that do not continue where they were read


def look(
    reading: Reading,
    frames: Frames,
    places: Mapping[Key, Cursor],
    control: Cursor | None,
    people: Collection[PersonId],
    now: datetime,
) -> Look:
    """Read and render what comes after the places; ``people`` are those who have a socket."""
    heads = reading.heads({CONTROL, *(stream for stream, _ in places)})
    moved, named = _control(reading, control, heads[CONTROL])
    changes: list[tuple[Key, Cursor, bytes]] = []
    oldest_at: list[datetime] = []
    lost: list[tuple[Key, Cursor, Why]] = []
    for key, place in places.items():
        if heads[key[0]] == place.seq:
            continue
        why = _broken(reading, key[0], place, heads[key[0]])
        delta = None if why else boards.delta(reading, *key, place, now)
        if delta is None:
            lost.append((key, reading.cursor(key[0]), why or "history"))
        else:
            ops = frames.ops_of(delta)
            changes.append((key, delta.cursor, change_frame(key, place.seq, delta.cursor, ops)))
            oldest_at.append(
                reading.events(key[0], place.seq, REPLAY_LIMIT + 1)[0].at
            )  # read above
    return Look(
        control=moved,
        is_control_broken=named is None,
        revoked=_revoked(reading, named or (), people),
        changes=changes,
        oldest_at=oldest_at,
        lost=lost,
    )


def _broken(reading: Reading, stream: str, place: Cursor, head: int) -> Why | None:
    """Return why the log cannot be told from a place, if so: its numbers must be dense."""
    found = [event.seq for event in reading.events(stream, place.seq, REPLAY_LIMIT + 1)]
    if len(found) > REPLAY_LIMIT:
        return "behind"
    is_dense = found == list(range(place.seq + 1, head + 1))
    return None if is_dense and found else "history"


def _control(
    reading: Reading, place: Cursor | None, head: int
) -> tuple[Cursor, Sequence[EntityRef] | None]:
    """Return where ``control`` stands and what it named; None: it does not continue."""
    if place is None:
        return reading.cursor(CONTROL), ()
    if head == place.seq:
        return place, ()
    if _broken(reading, CONTROL, place, head):
        return reading.cursor(CONTROL), None
    events = reading.events(CONTROL, place.seq, REPLAY_LIMIT)
    return Cursor(events[-1].seq, events[-1].tag), [event.entity for event in events]


def actors_of(people: Collection[PersonId]) -> Callable[[Reading], Mapping[PersonId, Actor | None]]:
    """Return the query that says who these people are now; None: nobody."""
    return lambda reading: {person: reading.actor(person) for person in people}


def _revoked(reading: Reading, named: Sequence[EntityRef], people: Collection[PersonId]) -> Revoked:
    ids = frozenset(PersonId(ref.id) for ref in named if ref.kind is EntityKind.PERSON)
    return Revoked(
        logins=frozenset(LoginId(ref.id) for ref in named if ref.kind is EntityKind.LOGIN),
        people=actors_of(ids.intersection(people))(reading),
        unread=ids.difference(people),
    )
