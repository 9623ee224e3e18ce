"""The start times that a patient can ask for: what slots offer, less what sessions have taken."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.session import VideoSession
from dispatch.slots import Slot
from dispatch.vocabulary import PersonId, SessionStatus


@dataclass(frozen=True, slots=True)
class Opening:
    """One start time, and the hosts who are free for it."""

    starts_at: datetime
    hosts: tuple[PersonId, ...]


def openings(
    slots: Iterable[Slot],
    sessions: Iterable[VideoSession],
    duration: timedelta,
    start: datetime,
    end: datetime,
    now: datetime,
) -> tuple[Opening, ...]:
    """Return the start times in ``[start, end)`` that are still to come, in order.

    Each slot is cut in steps of the visit's length from its own start. A time is there as long as
    one host who covers it has no live session then. A pending request takes nothing away: two
    people may wish for one time, and whoever answers sees both.
    """
    if duration <= timedelta():
        return ()
    busy: dict[PersonId, list[VideoSession]] = {}
    for session in sessions:
        if session.status is not SessionStatus.CANCELLED:
            busy.setdefault(session.host_id, []).append(session)
    free: dict[datetime, set[PersonId]] = {}
    for slot in slots:
        taken = busy.get(slot.host_id, ())
        for at in _steps(slot, duration, start, end):
            if at > now and not any(
                held.starts_at < at + duration and at < held.ends_at for held in taken
            ):
                free.setdefault(at, set()).add(slot.host_id)
    return tuple(Opening(at, tuple(sorted(hosts))) for at, hosts in sorted(free.items()))


def _steps(slot: Slot, duration: timedelta, start: datetime, end: datetime) -> Iterator[datetime]:
    """Return the starts in ``[start, end)`` at which a visit fits into the slot."""
    at = slot.counted_from or slot.starts_at
    earliest = max(slot.starts_at, start)
    if at < earliest:
        at += -((at - earliest) // duration) * duration
    while at < end and at + duration <= slot.ends_at:
        yield at
        at += duration
