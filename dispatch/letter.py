"""What a message may say: names, a service, times and a link. No note, nothing clinical."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dispatch.vocabulary import (
    NoticeId,
    NoticeKind,
    NoticeStatus,
    RequestNumber,
    RequestType,
    SessionId,
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """The session that a message is about, as it now is; ``revision`` rises with every change."""

    id: SessionId
    revision: int
    host: str
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool
    is_planned: bool = True  # for a set time; what a Now request became is in no calendar
    is_theirs: bool = True  # the recipient takes part; else another host has it now


@dataclass(frozen=True, slots=True)
class Letter:
    """A message before it is put into words.

    ``key`` is the same for every try, of which this is number ``tries``. ``address`` is empty
    where there is nobody to send it to.
    """

    notice_id: NoticeId
    key: str
    tries: int
    written_at: datetime
    kind: NoticeKind
    name: str
    address: str
    zone: str  # the recipient's: every time in it is said there (S91)
    clinic: str
    clinic_phone: str
    service: str
    number: RequestNumber | None  # none while somebody not known yet has to confirm it
    type: RequestType
    times: tuple[datetime, ...]
    is_to_requester: bool
    submitted_at: datetime
    expires_at: datetime  # of a request that waits: when it ends unanswered
    status_link: str = ""  # the word of a requester's own link, which needs no sign-in
    welcome_link: str = ""  # the word of an invitation that is open
    meeting: Meeting | None = None
    token: str = ""  # of the link, where that is what lets in; given when the message is sent

    @property
    def needs_token(self) -> bool:
        """Return whether its link lets in whoever has it."""
        return self.kind is NoticeKind.CONFIRM_BOOKING

    @property
    def path(self) -> str:
        """Return where on the site its link leads; staff sign in there."""
        if self.needs_token:
            return f"/booking/{self.token}"
        if self.kind is NoticeKind.WELCOME:
            return f"/welcome/{self.welcome_link}" if self.welcome_link else "/sign-in"
        return f"/r/{self.status_link}" if self.is_to_requester else "/"


@dataclass(frozen=True, slots=True)
class Posted:
    """A notice as the delivery log shows it: to whom, about which request, and how it stands."""

    id: NoticeId
    kind: NoticeKind
    recipient: str
    address: str
    number: RequestNumber | None
    status: NoticeStatus
    tries: int
    created_at: datetime
    next_at: datetime
    settled_at: datetime | None
    problem: str


@dataclass(frozen=True, slots=True)
class Words:
    """A message in words, ready for an envelope."""

    subject: str
    text: str
    html: str


class MailProblemError(Exception):
    """The message was not taken. ``reason`` names no person; time may help unless ``is_final``."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


class Mail(Protocol):
    """Where messages leave the house."""

    async def send(self, letter: Letter, words: Words) -> None:
        """Hand one over.

        Raises:
            MailProblemError: it was not taken.
        """
