"""A video session as its clinic, its host and its requester see it."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.events import EntityRef
from dispatch.vocabulary import (
    ClinicId,
    EntityKind,
    RequestNumber,
    SessionId,
    SessionStatus,
)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A live session for the clinic's schedulers, its host, or its requester."""

    id: SessionId
    version: int
    number: RequestNumber
    request_version: int  # for return to queue
    clinic_id: ClinicId
    clinic: str
    service: str
    host: str
    requestor: str
    starts_at: datetime
    ends_at: datetime
    status: SessionStatus
    zone: str
    join_url: str = ""  # only in the host's and the requester's own copy

    @property
    def entity(self) -> EntityRef:
        """Return the name on the wire."""
        return EntityRef(EntityKind.SESSION, self.id)
