"""A lease: what an open page holds for as long as its socket answers, and a few seconds more."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from dispatch.vocabulary import PersonId

LEASE = timedelta(seconds=30)  # renewed every 10 s while the holder's socket answers
GRACE = timedelta(seconds=5)  # what is left of it once that socket has closed

K = TypeVar("K", bound=int)  # the key of what is held


@dataclass(frozen=True, slots=True)
class Lease(Generic[K]):
    """Who holds something, on which open page, and until when that counts."""

    of: K
    person_id: PersonId
    tab: str  # the page that holds it; its socket renews it. Empty: a page without scripts
    since: datetime
    lease_until: datetime

    def is_live(self, now: datetime) -> bool:
        """Return whether the lease still runs."""
        return now < self.lease_until

    def renewed(self, now: datetime) -> "Lease[K]":
        """Return it with a fresh lease."""
        return replace(self, lease_until=now + LEASE)

    def ending(self, now: datetime) -> "Lease[K]":
        """Return it with what a closed page has left, so that a quick reload keeps it."""
        return replace(self, lease_until=min(self.lease_until, now + GRACE))

    def is_kept_elsewhere(self, renewed_at: datetime | None) -> bool:
        """Return whether somebody renewed it since we did (None: we never did).

        A page may have come back by another worker before the first one sees its socket closed.
        """
        its_own = self.lease_until - LEASE
        return its_own > max(self.since, renewed_at or self.since)
