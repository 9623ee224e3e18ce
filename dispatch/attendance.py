"""That a patient is in the waiting room: a lease which their open page keeps, and nobody else."""

from datetime import datetime, timedelta
from typing import TypeAlias

from dispatch.lease import LEASE, Lease
from dispatch.vocabulary import PersonId, SessionId

WITHOUT_SCRIPTS = timedelta(minutes=10)  # nobody tells us that such a page was closed

Attendance: TypeAlias = Lease[SessionId]


def attend(session_id: SessionId, person_id: PersonId, tab: str, now: datetime) -> Attendance:
    """Return a new attendance."""
    lasts = LEASE if tab else WITHOUT_SCRIPTS
    return Lease(session_id, person_id, tab, now, now + lasts)
