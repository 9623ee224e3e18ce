"""What each audience may see, field by field: a whitelist, so nothing private slips in with a row.

Every streamed view names its entity (``request:12``) and a version. Instants stay instants: pages
turn green to red, and on to off, by server time, and write times in the viewer's zone. Nothing here
depends on who is looking: what is "mine" a page derives from ``person_id`` fields.
"""

from dataclasses import dataclass
from datetime import datetime

from dispatch.events import EntityRef
from dispatch.vocabulary import (
    ClinicId,
    ClinicMode,
    EntityKind,
    NoticeStatus,
    PersonId,
    RequestId,
    RequestNumber,
    RequestStatus,
    RequestType,
    SessionId,
    SessionStatus,
)


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


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A pending request for the schedulers of its clinic (S68 to S77)."""

    id: RequestId
    version: int
    number: RequestNumber
    clinic_id: ClinicId
    requestor: str
    type: RequestType
    patient_group: str
    host_group: str
    request_to: str
    service: str
    submitted_at: datetime
    target_seconds: int
    nearly_seconds: int | None
    times: tuple[datetime, ...]  # for Now: the time of submission (S7)
    zone: str  # the clinic's: what times are first written in
    note: str
    claim: ClaimView | None = None
    declining: DecliningView | None = None
    on_behalf_by: str = ""  # the scheduler who asked for the patient
    all_passed: bool = False  # every available host of the group has passed

    @property
    def entity(self) -> EntityRef:
        """Return the name on the wire."""
        return EntityRef(EntityKind.REQUEST, self.id)


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """A provider of the clinic's host group as its board shows them (S38, S39)."""

    id: PersonId
    version: int
    clinic_id: ClinicId
    name: str
    mode: ClinicMode
    until_at: datetime | None  # the toggle's end; None: off. Says nothing in a calendar clinic
    zone: str

    @property
    def entity(self) -> EntityRef:
        """Return the name on the wire."""
        return EntityRef(EntityKind.PROVIDER, self.id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a request ended, in words for those who may know: the placeholder of a row that left."""

    id: RequestId
    version: int
    number: RequestNumber
    status: RequestStatus
    by: str
    provider: str  # empty unless accepted
    at: datetime | None
    zone: str


@dataclass(frozen=True, slots=True)
class ToldView:
    """How the requester was told of a decision: the state of that message, and since when."""

    status: NoticeStatus
    at: datetime | None


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """A request decided in the last 24 hours, for the schedulers of its clinic."""

    id: RequestId
    version: int
    number: RequestNumber
    clinic_id: ClinicId
    requestor: str
    type: RequestType
    service: str
    request_to: str
    status: RequestStatus
    by: str
    provider: str
    submitted_at: datetime
    decided_at: datetime
    response: str
    session_at: datetime | None
    can_return: bool  # accepted, and its session has not started; the use case decides again
    zone: str
    told: ToldView | None = None  # None: they decided it themselves, so nobody told them

    @property
    def entity(self) -> EntityRef:
        """Return the name on the wire."""
        return EntityRef(EntityKind.REQUEST, self.id)


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


@dataclass(frozen=True, slots=True)
class HostCard:
    """A pending request for the hosts it is directed to (S21, S22, S28)."""

    id: RequestId
    version: int
    number: RequestNumber
    requestor: str
    clinic: str
    service: str
    payment_required: str
    type: RequestType
    request_to: str
    is_directed: bool  # to one host: Decline is final; to a group: Decline is a pass
    submitted_at: datetime
    target_seconds: int
    nearly_seconds: int | None
    times: tuple[datetime, ...]
    zone: str
    note: str
    claim: ClaimView | None = None
    declining: DecliningView | None = None

    @property
    def entity(self) -> EntityRef:
        """Return the name on the wire."""
        return EntityRef(EntityKind.REQUEST, self.id)


@dataclass(frozen=True, slots=True)
class PassRow:
    """A host's own pass: their page hides the request it names."""

    id: RequestId  # a pass is named by its request: one host passes once
    version: int
    number: RequestNumber
    service: str

    @property
    def entity(self) -> EntityRef:
        """Return the name on the wire."""
        return EntityRef(EntityKind.PASS, self.id)


@dataclass(frozen=True, slots=True)
class AvailabilityCard:
    """A host's own toggle (V5)."""

    id: PersonId
    version: int
    until_at: datetime | None  # None: off
    groups: tuple[str, ...]
    zone: str

    @property
    def entity(self) -> EntityRef:
        """Return the name on the wire."""
        return EntityRef(EntityKind.AVAILABILITY, self.id)


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
    join_url: str

    @property
    def entity(self) -> EntityRef:
        """Return the name on the wire."""
        return EntityRef(EntityKind.REQUEST, self.id)


View = (
    BoardRow
    | ProviderRow
    | DecidedRow
    | SessionRow
    | HostCard
    | PassRow
    | AvailabilityCard
    | PatientCard
)
