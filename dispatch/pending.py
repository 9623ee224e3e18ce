"""How long a request has been pending, and when that is too long (S78 to S84)."""

from datetime import datetime, timedelta
from enum import StrEnum

TARGET_SECONDS = 300  # the source: "turns from green to red after 5 minutes have passed"

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class Urgency(StrEnum):
    """The counter's colour, in words: green, amber (only where a clinic asks for it), red."""

    OK = "ok"
    NEARLY = "nearly"
    OVER = "over"


def pending_for(submitted_at: datetime, now: datetime) -> timedelta:
    """Return the time since submission, never negative; nothing pauses or resets it (S80, S83)."""
    return max(now - submitted_at, timedelta())


def urgency(
    elapsed: timedelta, target_seconds: int = TARGET_SECONDS, nearly_seconds: int | None = None
) -> Urgency:
    """Return OVER from exactly the target on: 299.9 s is not, 300.0 s is (S79)."""
    if elapsed >= timedelta(seconds=target_seconds):
        return Urgency.OVER
    if nearly_seconds is not None and elapsed >= timedelta(seconds=nearly_seconds):
        return Urgency.NEARLY
    return Urgency.OK


def counter_text(elapsed: timedelta) -> str:
    """Return the digits as every page shows them: ``4:59``, ``1:02:09``, ``2 d 03:10`` (S84)."""
    seconds = int(elapsed.total_seconds())
    if seconds < _HOUR:
        return f"{seconds // _MINUTE}:{seconds % _MINUTE:02d}"
    if seconds < _DAY:
        return f"{seconds // _HOUR}:{seconds % _HOUR // _MINUTE:02d}:{seconds % _MINUTE:02d}"
    return f"{seconds // _DAY} d {seconds % _DAY // _HOUR:02d}:{seconds % _HOUR // _MINUTE:02d}"
