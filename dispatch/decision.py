"""What a request was answered, and what it is about to be."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.vocabulary import DeclineReason, PersonId

UNDO_WINDOW = timedelta(seconds=10)  # a decline is sent after this, and can be undone until then


@dataclass(frozen=True, slots=True)
class Declining:
    """A decline in its ten seconds: data beside a pending request, not a state."""

    by_id: PersonId
    reason: DeclineReason
    response: str
    due_at: datetime
    sentence: str = ""  # of the clinic, for that reason, as it was when Decline was pressed


@dataclass(frozen=True, slots=True)
class Decision:
    """What ended the wait: who, when, and the words for the requester."""

    by_id: PersonId  # 0 for the system
    at: datetime
    response: str = ""
    reason: DeclineReason | None = None
    host_id: PersonId | None = None  # of an acceptance
    chosen_at: datetime | None = None  # the accepted one of the requested times
    sentence: str = ""  # of a decline; empty: the clinic's sentence for all of them
