"""What happens to a pending request just now, as every audience sees it."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.vocabulary import PersonId


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Who is assigning; pages hide it at ``lease_until`` by server time."""

    person_id: PersonId
    name: str
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class DecliningView:
    """A decline in its ten seconds; pages say "You" to whoever it is."""

    person_id: PersonId | None  # None: the system
    name: str
    due_at: datetime
