"""A claim: a short visible lease while somebody decides. It tells others, and blocks nobody."""

from datetime import datetime
from typing import TypeAlias

from dispatch.lease import LEASE, Lease
from dispatch.vocabulary import PersonId, RequestId

Claim: TypeAlias = Lease[RequestId]


def take(request_id: RequestId, person_id: PersonId, tab: str, now: datetime) -> Claim:
    """Return a new claim."""
    return Lease(request_id, person_id, tab, now, now + LEASE)
