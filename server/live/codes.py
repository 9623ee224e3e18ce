"""Why a socket is closed, as docs/protocol.md numbers it."""

from enum import IntEnum


class Close(IntEnum):
    """Close codes of the live protocol."""

    RESTARTING = 1012
    BUSY = 1013
    BROKEN = 4400
    SIGNED_OUT = 4401
    NOT_ALLOWED = 4403
    TOO_SLOW = 4408
    TAKEN_OVER = 4409
    MEMBERSHIPS = 4410
    TOO_MANY = 4429
