"""How long a request may wait before somebody is told of it; it sends nothing itself."""

from datetime import datetime, timedelta

from dispatch.clinic import Clinic
from dispatch.vocabulary import RequestType

NOTICE_BEFORE = timedelta(minutes=30)  # before the last requested time, or halfway there if nearer


def reminder_at(type_: RequestType, begins_at: datetime, expires_at: datetime) -> datetime:
    """Return when schedulers are reminded of a request that begins to wait now.

    A Now request: when three quarters of its time are over. A Scheduled one: half an hour before
    its last time, but never in the first half of its wait, when its first notice has just gone out.
    """
    whole = expires_at - begins_at
    if type_ is RequestType.NOW:
        return begins_at + whole * 0.75
    return max(expires_at - NOTICE_BEFORE, begins_at + whole / 2)


def escalation_at(clinic: Clinic, submitted_at: datetime, touched_at: datetime) -> datetime:
    """Return when the clinic's escalation address is told, if nobody claims or decides until then.

    The minutes count from when the request goes over its target, or from when somebody last worked
    on it if that is later. A clinic without an address has its requests watched all the same, so
    that one it gets hears of those that wait already.
    """
    late_at = submitted_at + timedelta(seconds=clinic.target_seconds)
    return max(late_at, touched_at) + timedelta(minutes=clinic.escalation_minutes)
