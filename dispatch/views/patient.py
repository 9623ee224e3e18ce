"""What a requester sees of their own request."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.answers import Answer
from dispatch.events import EntityRef
from dispatch.vocabulary import (
    EntityKind,
    RequestId,
    RequestNumber,
    RequestStatus,
    RequestType,
    SessionId,
    SessionStatus,
)


@dataclass(frozen=True, slots=True)
class PatientCard:
    """A requester's own request and what is happening to it (S56 to S59, S67, S88)."""

    id: RequestId
    version: int
    number: RequestNumber
    status: RequestStatus
    clinic: str
    clinic_phone: str
    emergency_text: str
    service: str
    type: RequestType
    request_to: str
    submitted_at: datetime
    times: tuple[datetime, ...]
    zone: str
    note: str
    looked_at_until: datetime | None  # somebody is deciding; never who
    response: str
    declined_text: str
    decided_at: datetime | None
    provider: str
    session_at: datetime | None
    session_ends_at: datetime | None
    session_status: SessionStatus | None
    session_id: SessionId | None
    session_version: int
    session_opens_at: datetime | None  # from when on they may enter the waiting room
    session_closes_at: datetime | None
    has_video: bool
    answers: tuple[Answer, ...] = ()  # to the clinic's form, all of them

    @property
    def entity(self) -> EntityRef:
        """Return the name on the wire."""
        return EntityRef(EntityKind.REQUEST, self.id)
