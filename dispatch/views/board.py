"""What a clinic's schedulers see: pending requests, providers, and what was decided."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.events import EntityRef
from dispatch.line import Estimate
from dispatch.request import DECIDED_FOR
from dispatch.views.progress import ClaimView, DecliningView
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
    SessionStatus,
)


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
    escalated_at: datetime | None = None  # the clinic's escalation address was told of it
    told: Estimate | None = None  # how long the requester was told that they wait

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
    break_until_at: datetime | None = None
    is_connected: bool = False  # has a live page open; shown, and decides nothing

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
    session_status: SessionStatus | None  # what became of an acceptance
    can_return: bool  # accepted, and its session has not started; the use case decides again
    zone: str
    told: ToldView | None = None  # None: they decided it themselves, so nobody told them

    @property
    def ends_at(self) -> datetime:
        """Return when it goes from the list, by time alone."""
        return self.decided_at + DECIDED_FOR

    @property
    def entity(self) -> EntityRef:
        """Return the name on the wire."""
        return EntityRef(EntityKind.REQUEST, self.id)
