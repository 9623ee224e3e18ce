"""What the settings of a clinic and of a service may be, with a sentence for what they may not."""

from dataclasses import replace
from datetime import datetime

from dispatch.clinic import Clinic, Service
from dispatch.contact import PHONE_LIMIT
from dispatch.errors import InvalidError
from dispatch.local_time import zone_named
from dispatch.wording import a_name, a_text, one_line

SHORTEST_TARGET_SECONDS = 10
LONGEST_TARGET_SECONDS = 24 * 3600
SHORTEST_LIMIT_SECONDS = 5 * 60
LONGEST_LIMIT_SECONDS = 24 * 3600
LONGEST_SESSION_MINUTES = 8 * 60


def fit_clinic(clinic: Clinic) -> Clinic:
    """Return the clinic with its texts tidied.

    Raises:
        InvalidError: a setting cannot be used.
    """
    zone_named(clinic.zone)
    _check_waits(clinic)
    return replace(
        clinic,
        name=a_name(clinic.name, of="the clinic a name"),
        phone=one_line(clinic.phone, field="phone", longest=PHONE_LIMIT),
        unavailable_text=_needed(clinic.unavailable_text, "unavailable_text"),
        declined_text=_needed(clinic.declined_text, "declined_text"),
        emergency_text=_needed(clinic.emergency_text, "emergency_text"),
    )


def fit_service(service: Service) -> Service:
    """Return the service with its texts tidied.

    Raises:
        InvalidError: it has no name, or lasts no time or too long.
    """
    if not 1 <= service.duration_minutes <= LONGEST_SESSION_MINUTES:
        raise InvalidError(
            f"A service lasts 1 to {LONGEST_SESSION_MINUTES} minutes.", field="minutes"
        )
    return replace(
        service,
        name=a_name(service.name, of="the service a name"),
        description=a_text(service.description, field="description"),
        payment_required=one_line(service.payment_required, field="payment"),
    )


def while_closed(clinic: Clinic, now: datetime) -> InvalidError | None:
    """Return why nobody can ask to be seen now, and what to do instead; None while it is open."""
    timetable = clinic.timetable
    if timetable.is_open(now):
        return None
    opens_at = timetable.opens_at(now)
    sentence = (
        f"{clinic.name} is closed." if opens_at is None else f"{clinic.name} opens at {{at}}."
    )
    if clinic.accepts_scheduled:
        sentence += " Pick a time instead."
    elif clinic.phone:
        sentence += f" You can call {clinic.phone}."
    return InvalidError(sentence, at=opens_at, field="type")


def closed_for_good(clinic: Clinic) -> InvalidError | None:
    """Return why nobody can ask in an archived clinic any more; None in all others."""
    if not clinic.is_archived:
        return None
    return InvalidError(f"{clinic.name} has closed and takes no requests any more.", field="type")


def on_closed_day(clinic: Clinic, at: datetime, rank: int) -> InvalidError | None:
    """Return why the time of that rank cannot be asked for; None on a day that is not closed."""
    closure = clinic.timetable.closure_on(at)
    if closure is None:
        return None
    day = at.astimezone(clinic.timetable.tz).date()
    reason = f" ({closure.reason})" if closure.reason else ""
    return InvalidError(
        f"{clinic.name} is closed on {day:%A} {day.day} {day:%B %Y}{reason}. Pick another day.",
        field=f"time{rank}",
    )


def _check_waits(clinic: Clinic) -> None:
    if not SHORTEST_TARGET_SECONDS <= clinic.target_seconds <= LONGEST_TARGET_SECONDS:
        raise InvalidError("Give a target between 10 seconds and 24 hours.", field="target")
    nearly = clinic.nearly_seconds
    if nearly is not None and not 1 <= nearly < clinic.target_seconds:
        raise InvalidError("The amber step comes before the target.", field="nearly")
    if not SHORTEST_LIMIT_SECONDS <= clinic.now_limit_seconds <= LONGEST_LIMIT_SECONDS:
        raise InvalidError("Give a limit between 5 minutes and 24 hours.", field="now_limit")
    if clinic.now_limit_seconds <= clinic.target_seconds:
        raise InvalidError("Requests end after the target wait, not before.", field="now_limit")


def _needed(text: str, field: str) -> str:
    trimmed = a_text(text, field=field)
    if not trimmed:
        raise InvalidError("Give the words that patients read.", field=field)
    return trimmed
