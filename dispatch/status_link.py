"""The link by which whoever holds it follows one request: how it is written, and how long it lives.

Nothing of it is stored: its word names the request and when it was given out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.keyed_word import read_word, write_word
from dispatch.vocabulary import AccountId, PersonId, RequestId, RequestNumber

STAYS = timedelta(days=7)  # after the request is over, and after the link was last asked for
AFTER_SESSION = timedelta(days=1)  # a visit may take longer than was planned

_PURPOSE = b"status link"


@dataclass(frozen=True, slots=True)
class StatusLink:
    """What a link says: which request, and since when it is out."""

    request_id: RequestId
    issued_at: datetime  # whole seconds


@dataclass(frozen=True, slots=True)
class Linked:
    """A request as far as its links are concerned; who asked is not disabled."""

    request_id: RequestId
    account_id: AccountId
    number: RequestNumber
    requester_id: PersonId
    clinic: str
    clinic_phone: str
    decided_at: datetime | None  # None: it is open
    session_ends_at: datetime | None  # of a session that still stands
    moved_at: datetime | None = None  # when whoever asked got another e-mail address

    def lives_at(self, link: StatusLink, now: datetime) -> bool:
        """Return whether the link still leads to the request.

        It does while the request is open and seven days more, until the session is over, and for
        seven days after it was given out. What was mailed to an address that was wrong, or is not
        theirs any more, ends when they get another.
        """
        if self.moved_at is not None and link.issued_at < self.moved_at:
            return False
        if self.decided_at is None:
            return True
        ends = [self.decided_at + STAYS, link.issued_at + STAYS]
        if self.session_ends_at is not None:
            ends.append(self.session_ends_at + AFTER_SESSION)
        return now < max(ends)


def issued_for(written_at: datetime, moved_at: datetime | None) -> datetime:
    """Return since when the link of a message is out: never before its address was theirs."""
    if moved_at is None or written_at.replace(microsecond=0) >= moved_at:
        return written_at
    return moved_at + timedelta(seconds=1)


def write_token(request_id: RequestId, issued_at: datetime, secret: bytes) -> str:
    """Return the word of a link: the same for the same request, second and secret."""
    return write_word(_PURPOSE, request_id, issued_at, secret)


def read_token(token: str, secret: bytes) -> StatusLink | None:
    """Return what the word says; None: nobody here ever gave it out."""
    said = read_word(_PURPOSE, token, secret)
    return StatusLink(RequestId(said[0]), said[1]) if said is not None else None
