"""That a patient is in the waiting room: a lease which their open page keeps, and nobody else."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.claim import GRACE, LEASE
from dispatch.vocabulary import PersonId, SessionId

WITHOUT_SCRIPTS = timedelta(minutes=10)  # nobody tells us that such a page was closed


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who waits for which session, on which open page, and until when that counts."""

    session_id: SessionId
    person_id: PersonId
    tab: str  # the page that holds it; its socket renews it. Empty: a page without scripts
    came_at: datetime
    lease_until: datetime

    def is_live(self, now: datetime) -> bool:
        """Return whether the lease still runs."""
        return now < self.lease_until

    def renewed(self, now: datetime) -> "Attendance":
        """Return it with a fresh lease."""
        return replace(self, lease_until=now + LEASE)

    def ending(self, now: datetime) -> "Attendance":
        """Return it with what a closed page has left, so that a quick reload keeps it."""
        return replace(self, lease_until=min(self.lease_until, now + GRACE))

    def is_kept_elsewhere(self, renewed_at: datetime | None) -> bool:
        """Return whether somebody renewed it since we did (None: we never did), as for a claim."""
        its_own = self.lease_until - LEASE
        return its_own > max(self.came_at, renewed_at or self.came_at)


def attend(session_id: SessionId, person_id: PersonId, tab: str, now: datetime) -> Attendance:
    """Return a new attendance."""
    lasts = LEASE if tab else WITHOUT_SCRIPTS
    return Attendance(session_id, person_id, tab, now, now + lasts)
