"""How often somebody may try what only the right person should bring off: a sliding window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries make the next one wait."""

    per_minute: int
    per_hour: int


Limits = Mapping[str, Limit]  # by what is counted: an address, an account


def lately(made: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    """Return the tries that still count, earliest first."""
    return tuple(at for at in made if at > now - HOUR)


def wait(made: Sequence[datetime], limit: Limit, now: datetime) -> timedelta:
    """Return how long the next try has to wait; nothing if it need not. ``made`` still count."""
    ends = [now]
    if len(made) >= limit.per_hour:
        ends.append(made[-limit.per_hour] + HOUR)
    if len(made) >= limit.per_minute:
        ends.append(made[-limit.per_minute] + MINUTE)
    return max(ends) - now
