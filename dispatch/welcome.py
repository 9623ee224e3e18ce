"""The link by which somebody who was invited chooses a password: it works once, for seven days.

Nothing of it is stored. It names the person and when they were invited, and a keyed hash of both
makes it unguessable. An invitation that is answered, or sent again, makes it worthless.
"""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dispatch.people import Person
from dispatch.vocabulary import PersonId

LASTS = timedelta(days=7)

_ID_BYTES, _TIME_BYTES, _MAC_BYTES = 6, 4, 20  # 160 bits nobody can guess
_TOKEN = re.compile(r"[A-Za-z0-9_-]{40}")
_PURPOSE = b"welcome "


@dataclass(frozen=True, slots=True)
class WelcomeLink:
    """What a link says: who was invited, and when."""

    person_id: PersonId
    invited_at: datetime  # whole seconds


def is_open(person: Person, invited_at: datetime, now: datetime) -> bool:
    """Return whether the invitation of that time still waits for its answer."""
    if person.is_disabled or person.invited_at is None or not person.email:
        return False
    return person.invited_at == invited_at and now < invited_at + LASTS


def write_token(person_id: PersonId, invited_at: datetime, secret: bytes) -> str:
    """Return the word of a link: the same for the same person, second and secret."""
    body = person_id.to_bytes(_ID_BYTES, "big")
    body += int(invited_at.timestamp()).to_bytes(_TIME_BYTES, "big")
    return urlsafe_b64encode(body + _mac(body, secret)).decode("ascii")


def read_token(token: str, secret: bytes) -> WelcomeLink | None:
    """Return what the word says; None: nobody here ever gave it out."""
    if not _TOKEN.fullmatch(token):
        return None
    whole = urlsafe_b64decode(token)
    body, mac = whole[:-_MAC_BYTES], whole[-_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(body, secret)):
        return None
    number, seconds = body[:_ID_BYTES], body[_ID_BYTES:]
    invited_at = datetime.fromtimestamp(int.from_bytes(seconds, "big"), UTC)
    return WelcomeLink(PersonId(int.from_bytes(number, "big")), invited_at)


def _mac(body: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, _PURPOSE + body, "sha256")[:_MAC_BYTES]
