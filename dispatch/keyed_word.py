"""The word of a link that nobody can guess, though nothing of it is stored.

It says a number and since when it is out, and a keyed hash of both proves that we wrote it. Whoever
reads the outbox, a log or a backup without the secret learns nothing. The purpose keeps the word of
one kind of link from being read as that of another.
"""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

_NUMBER_BYTES, _TIME_BYTES, _MAC_BYTES = 6, 4, 20  # 160 bits nobody can guess
_WORD = re.compile(r"[A-Za-z0-9_-]{40}")


def write_word(purpose: bytes, number: int, since: datetime, secret: bytes) -> str:
    """Return the word: the same for the same purpose, number, second and secret."""
    body = number.to_bytes(_NUMBER_BYTES, "big")
    body += int(since.timestamp()).to_bytes(_TIME_BYTES, "big")
    return urlsafe_b64encode(body + _mac(purpose, body, secret)).decode("ascii")


def read_word(purpose: bytes, word: str, secret: bytes) -> tuple[int, datetime] | None:
    """Return its number, and its time in whole seconds; None: nobody here ever gave it out."""
    if not _WORD.fullmatch(word):
        return None
    whole = urlsafe_b64decode(word)
    body, mac = whole[:-_MAC_BYTES], whole[-_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(purpose, body, secret)):
        return None
    number, seconds = body[:_NUMBER_BYTES], body[_NUMBER_BYTES:]
    since = datetime.fromtimestamp(int.from_bytes(seconds, "big"), UTC)
    return int.from_bytes(number, "big"), since


def _mac(purpose: bytes, body: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, purpose + b" " + body, "sha256")[:_MAC_BYTES]
