"""A stream as a page follows it: whole, or what became of it since a place that the page knows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from dispatch.events import EntityRef
from dispatch.views import Outcome, View


class Projection(StrEnum):
    """One rendering of a stream for one kind of page."""

    BOARD = "board"  # clinic stream: pending requests and the providers' availability
    DECIDED = "decided"  # clinic stream: what was decided in the last 24 h
    SESSIONS = "sessions"  # clinic stream: upcoming sessions
    HOST = "host"  # hosts and host streams: a provider's dashboard
    PATIENT = "patient"  # patient stream: a requester's own page
    ROOM = "room"  # patient stream: the waiting room of one's own sessions
    LINK = "link"  # request stream: the page of whoever holds the request's link


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a stream; the tag tells a restored log from the one that was read."""

    seq: int
    tag: str


class Break(StrEnum):
    """Why a stream cannot be told on from a cursor: whoever holds it needs a snapshot."""

    HISTORY = "history"  # the log is not the one that was read: restored, or failed over
    BEHIND = "behind"  # what came after it is swept, or too much to tell one by one
    HOLE = "hole"  # the log misses a number, which must never be


class LoggedEvent(NamedTuple):
    """One line of a stream: which entity changed, when, and how."""

    seq: int
    tag: str
    entity: EntityRef
    at: datetime  # by the clock of the transaction that wrote it
    kind: str  # as it was noted: ``clinic.changed``


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every view of one stream in one projection, and the cursor it was read at."""

    stream: str
    projection: Projection
    cursor: Cursor
    views: tuple[View, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """What became of the entities that a stretch of a stream named: the range ``after..seq``."""

    stream: str
    projection: Projection
    after: int
    cursor: Cursor
    views: tuple[View, ...]
    gone: tuple[tuple[EntityRef, Outcome | None], ...]
    oldest_at: datetime | None = None  # when the first of the stretch was made; None: it is empty
