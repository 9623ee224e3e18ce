"""Possible conflicting sessions: information for whoever assigns, never a bar (S42 to S47)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.session import VideoSession
from dispatch.vocabulary import SessionStatus

WINDOW = timedelta(hours=2)  # the source: "within 2 hours of one of the requested time slots"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A session near one requested time; a gap of zero means that they overlap."""

    session: VideoSession
    requested_at: datetime
    gap: timedelta
    overlaps: bool


def gap_between(first: tuple[datetime, datetime], second: tuple[datetime, datetime]) -> timedelta:
    """Return the time between two half-open intervals; zero when they touch or overlap."""
    return max(first[0] - second[1], second[0] - first[1], timedelta())


def overlap(first: tuple[datetime, datetime], second: tuple[datetime, datetime]) -> bool:
    """Return whether they share an instant; back to back they do not."""
    return first[0] < second[1] and second[0] < first[1]


def conflicts_near(
    sessions: Iterable[VideoSession], times: Iterable[datetime], duration: timedelta
) -> tuple[Conflict, ...]:
    """Return each live session within two hours of a requested interval, by time then start.

    A gap of exactly 2 h 00 m 00 s is listed, one second more is not (S43). Cancelled sessions are
    not listed (S46).
    """
    live = [session for session in sessions if session.status is not SessionStatus.CANCELLED]
    found = [
        Conflict(session, at, gap, overlap(held, wanted))
        for at in times
        for session in live
        if (gap := gap_between(held := session.held, wanted := (at, at + duration))) <= WINDOW
    ]
    return tuple(sorted(found, key=lambda c: (c.requested_at, c.session.starts_at, c.session.id)))
