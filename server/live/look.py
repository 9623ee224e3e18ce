"""One look at the log, in one read transaction: what to tell, and who may no longer hear it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.events import CONTROL, EntityRef
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.showing import OFF_CARDS, WHERE_TO_ASK
from dispatch.stream import Break, Cursor, LoggedEvent
from dispatch.usecases import boards
from dispatch.vocabulary import EntityKind, LoginId, PersonId
from server.live.frames import Frames, change_frame
from server.live.seams import Key, Whose


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
    control_break: Break | None
    revoked: Revoked
    may_be_reworded: bool  # the office changed something that a requester's card may show
    may_ask_otherwise: bool  # a clinic was opened or closed to those who ask
    changes: Sequence[tuple[Key, Cursor, bytes]]
    oldest_at: Sequence[datetime]  # for each of the changes: when the first that it tells was made
    lost: Sequence[tuple[Key, Cursor, Break]]  # streams that do not go on where they were read


def look(
    reading: Reading,
    frames: Frames,
    places: Mapping[Key, Cursor],
    control: Cursor | None,
    people: Collection[Whose],
    now: datetime,
    *,
    have_moved: bool = False,
) -> Look:
    """Read and render what comes after the places; ``people`` are those who have a socket.

    Where the bell says that all of these have moved, what the log says of them is read together. A
    stream stands still only where the tag of its head is the one that was read: a restored database
    may have come to the same number by another way.
    """
    if have_moved and control is not None:
        boards.expect(reading, {CONTROL: control, **{key[0]: at for key, at in places.items()}})
    heads = reading.cursors({CONTROL, *(stream for stream, _ in places)})
    moved, said = _control(reading, control, heads[CONTROL])
    changes: list[tuple[Key, Cursor, bytes]] = []
    oldest_at: list[datetime] = []
    lost: list[tuple[Key, Cursor, Break]] = []
    for key, place in places.items():
        if heads[key[0]] == place:
            continue
        delta = boards.delta(reading, *key, place, now)
        if isinstance(delta, Break):
            lost.append((key, heads[key[0]], delta))
        else:
            ops = frames.ops_of(delta)
            changes.append((key, delta.cursor, change_frame(key, place.seq, delta.cursor, ops)))
            oldest_at.append(delta.oldest_at or now)
    told = () if isinstance(said, Break) else said
    return Look(
        control=moved,
        control_break=said if isinstance(said, Break) else None,
        revoked=_revoked(reading, [event.entity for event in told], people),
        may_be_reworded=any(event.kind not in OFF_CARDS for event in told),
        may_ask_otherwise=any(event.kind in WHERE_TO_ASK for event in told),
        changes=changes,
        oldest_at=oldest_at,
        lost=lost,
    )


def _control(
    reading: Reading, place: Cursor | None, head: Cursor
) -> tuple[Cursor, Sequence[LoggedEvent] | Break]:
    """Return where ``control`` stands and what it said, or why it does not go on."""
    if place is None or place == head:
        return head, ()
    return head, boards.since(reading, CONTROL, place)


def actors_of(people: Collection[PersonId]) -> Callable[[Reading], Mapping[PersonId, Actor | None]]:
    """Return the query that says who these people are now; None: nobody."""
    return lambda reading: {person: reading.actor(person) for person in people}


def _revoked(reading: Reading, named: Sequence[EntityRef], people: Collection[Whose]) -> Revoked:
    ids = frozenset(PersonId(ref.id) for ref in named if ref.kind is EntityKind.PERSON)
    return Revoked(
        logins=frozenset(LoginId(ref.id) for ref in named if ref.kind is EntityKind.LOGIN),
        people=actors_of(ids.intersection(people))(reading),
        unread=ids.difference(people),
    )
