"""A claim: a short visible lease while somebody decides. It tells others, and blocks nobody."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.vocabulary import PersonId, RequestId

LEASE = timedelta(seconds=30)  # renewed every 10 s while the claimer's socket answers
GRACE = timedelta(seconds=5)  # what is left of the lease once that socket has closed


@dataclass(frozen=True, slots=True)
class Claim:
    """Who is deciding on a request, on which open page, and until when that counts."""

    request_id: RequestId
    person_id: PersonId
    tab: str  # the page that holds it; its socket renews it
    taken_at: datetime
    lease_until: datetime

    def is_live(self, now: datetime) -> bool:
        """Return whether the lease still runs."""
        return now < self.lease_until

    def renewed(self, now: datetime) -> "Claim":
        """Return it with a fresh lease."""
        return replace(self, lease_until=now + LEASE)

    def ending(self, now: datetime) -> "Claim":
        """Return it with what a closed page has left, so that a quick reload keeps it."""
        return replace(self, lease_until=min(self.lease_until, now + GRACE))

    def is_kept_elsewhere(self, renewed_at: datetime | None) -> bool:
        """Return whether somebody renewed it since we did (None: we never did).

        A page may have come back by another worker before the first one sees its socket closed.
        """
        its_own = self.lease_until - LEASE
        return its_own > max(self.taken_at, renewed_at or self.taken_at)


def take(request_id: RequestId, person_id: PersonId, tab: str, now: datetime) -> Claim:
    """Return a new claim."""
    return Claim(request_id, person_id, tab, now, now + LEASE)
