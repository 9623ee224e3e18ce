"""The link by which whoever holds it follows one request: how it is written, and how long it lives.

Nothing of it is stored. It names the request and when it was given out, and a keyed hash of both
makes it unguessable. Whoever reads the outbox, a log or a backup without the secret learns nothing.
"""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dispatch.vocabulary import AccountId, PersonId, RequestId, RequestNumber

STAYS = timedelta(days=7)  # after the request is over, and after the link was last asked for
AFTER_SESSION = timedelta(days=1)  # a visit may take longer than was planned

_ID_BYTES, _TIME_BYTES, _MAC_BYTES = 6, 4, 20  # 160 bits nobody can guess
_TOKEN = re.compile(r"[A-Za-z0-9_-]{40}")
_PURPOSE = b"status link "


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
    body = request_id.to_bytes(_ID_BYTES, "big")
    body += int(issued_at.timestamp()).to_bytes(_TIME_BYTES, "big")
    return urlsafe_b64encode(body + _mac(body, secret)).decode("ascii")


def read_token(token: str, secret: bytes) -> StatusLink | None:
    """Return what the word says; None: nobody here ever gave it out."""
    if not _TOKEN.fullmatch(token):
        return None
    whole = urlsafe_b64decode(token)
    body, mac = whole[:-_MAC_BYTES], whole[-_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(body, secret)):
        return None
    number, seconds = body[:_ID_BYTES], body[_ID_BYTES:]
    issued_at = datetime.fromtimestamp(int.from_bytes(seconds, "big"), UTC)
    return StatusLink(RequestId(int.from_bytes(number, "big")), issued_at)


def _mac(body: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, _PURPOSE + body, "sha256")[:_MAC_BYTES]
