"""A video session as its clinic, its host and its requester see it."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.events import EntityRef
from dispatch.vocabulary import ClinicId, EntityKind, RequestNumber, SessionId, SessionStatus


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A live session for the clinic's schedulers, its host, or its requester."""

    id: SessionId
    version: int
    number: RequestNumber
    request_version: int  # for return to queue; 0 once cancelled, when its request goes on alone
    clinic_id: ClinicId
    clinic: str
    service: str
    host: str
    requestor: str
    starts_at: datetime
    ends_at: datetime
    status: SessionStatus
    zone: str
    revision: int  # for changes of its plan
    opens_at: datetime  # from when on both may enter
    closes_at: datetime  # when it ends by itself
    clinic_phone: str
    has_video: bool  # never the link: whoever joins asks for it then
    arrived_at: datetime | None = None  # the patient, in the waiting room
    left_at: datetime | None = None  # the patient, if they are away now
    started_at: datetime | None = None
    reminders: int = 0
    reminded_at: datetime | None = None

    @property
    def entity(self) -> EntityRef:
        """Return the name on the wire."""
        return EntityRef(EntityKind.SESSION, self.id)
