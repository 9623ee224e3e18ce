"""Appointment slots, and which of the requested times they cover (S40)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.vocabulary import PersonId


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of time in which a host takes appointments; half open, ``[starts_at, ends_at)``."""

    host_id: PersonId
    starts_at: datetime
    ends_at: datetime

    def covers(self, starts_at: datetime, duration: timedelta) -> bool:
        """Return whether a session of that length fits into the slot."""
        return self.starts_at <= starts_at and starts_at + duration <= self.ends_at


def covered_times(
    slots: Iterable[Slot], times: Sequence[datetime], duration: timedelta
) -> tuple[datetime, ...]:
    """Return those of the times that some slot covers in whole, in the order given."""
    slots = tuple(slots)
    return tuple(at for at in times if any(slot.covers(at, duration) for slot in slots))
