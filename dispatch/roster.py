"""Which of a clinic's hosts are available for a request, by the rule of the clinic's mode."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from dispatch.availability import Availability
from dispatch.slots import Slot, covered_times
from dispatch.vocabulary import ClinicMode, PersonId


def available_times(
    mode: ClinicMode,
    availability: Availability,
    slots: Iterable[Slot],
    times: Sequence[datetime],
    duration: timedelta,
    now: datetime,
) -> tuple[datetime, ...]:
    """Return those of the requested times for which the host is Available (S39, S40).

    On demand the host's own toggle decides for all of them; in a calendar clinic each time needs a
    slot that covers the whole session.
    """
    match mode:
        case ClinicMode.ON_DEMAND:
            return tuple(times) if availability.is_available_at(now) else ()
        case ClinicMode.CALENDAR:
            own = (slot for slot in slots if slot.host_id == availability.host_id)
            return covered_times(own, times, duration)


def everyone_passed(available: Collection[PersonId], passed: Collection[PersonId]) -> bool:
    """Return whether somebody passed and no available host is left to answer."""
    return bool(passed) and not set(available) - set(passed)
