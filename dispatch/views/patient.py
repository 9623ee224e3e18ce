"""What a requester sees of their own request, signed in or by its link."""

from dataclasses import dataclass, fields
from datetime import datetime

from dispatch.answers import Answer
from dispatch.events import EntityRef
from dispatch.views.line import LineView
from dispatch.vocabulary import (
    EntityKind,
    RequestId,
    RequestNumber,
    RequestStatus,
    RequestType,
    SessionId,
    SessionStatus,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    """A request and what is happening to it (S56 to S59, S67, S88).

    Whoever holds its link sees all that stands here.
    """

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
    looked_at_until: datetime | None  # somebody is deciding; never who
    response: str
    declined_text: str
    decided_at: datetime | None
    awaits_dismissal: bool
    provider: str
    session_at: datetime | None
    session_status: SessionStatus | None
    session_id: SessionId | None
    session_version: int
    session_opens_at: datetime | None  # from when on they may enter the waiting room
    session_closes_at: datetime | None
    has_video: bool
    may_ask_again: bool  # in that clinic; one may be taken out of its patients, and it may close
    is_mailed: bool = False  # whoever asked has an e-mail address
    line: LineView | None = None  # as the page was loaded; what comes later comes beside the log

    @property
    def entity(self) -> EntityRef:
        """Return the name on the wire."""
        return EntityRef(EntityKind.REQUEST, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientCard(_Card):
    """The card of a requester who is signed in: with what they wrote."""

    note: str
    answers: tuple[Answer, ...] = ()  # to the clinic's form, all of them

    @property
    def visit_path(self) -> str:
        """Return where the visit's own page is."""
        return f"/sessions/{self.session_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCard(_Card):
    """The card of whoever holds the request's link, which may have been passed on.

    So it says what the clinic says and never what the requester wrote, nor their name.
    """

    @property
    def visit_path(self) -> str:
        """Return nothing: what this card does goes to the page that it is on."""
        return ""


def by_link(card: PatientCard) -> LinkCard:
    """Return of a card what its link may show: the fields that ``LinkCard`` has, and no other."""
    return LinkCard(**{field.name: getattr(card, field.name) for field in fields(LinkCard)})
