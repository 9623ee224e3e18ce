"""What a provider sees on their own dashboard."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.answers import Answer
from dispatch.events import EntityRef
from dispatch.reply import SavedReply
from dispatch.views.progress import ClaimView, DecliningView
from dispatch.vocabulary import (
    EntityKind,
    GroupId,
    PersonId,
    RequestId,
    RequestNumber,
    RequestType,
)


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
    answers: tuple[Answer, ...] = ()  # to the clinic's form, also those that are not in the note
    claim: ClaimView | None = None
    declining: DecliningView | None = None
    replies: tuple[SavedReply, ...] = ()
    declined_text: str = ""  # what the requester reads if it is declined; empty: it can't be here

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
    zone: str
    break_until_at: datetime | None = None

    @property
    def entity(self) -> EntityRef:
        """Return the name on the wire."""
        return EntityRef(EntityKind.AVAILABILITY, self.id)


@dataclass(frozen=True, slots=True)
class HostGroupRow:
    """A group that a host answers in, and what says there that they are available (S39, S40)."""

    id: GroupId
    version: int
    name: str
    by_toggle: bool  # some clinic of it is on demand
    by_slots: bool  # some clinic of it goes by calendar

    @property
    def entity(self) -> EntityRef:
        """Return the name on the wire."""
        return EntityRef(EntityKind.HOST_GROUP, self.id)
