"""How often somebody has lately tried to sign in: kept in memory, forgotten after an hour."""

import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_MOST_KEYS = 10_000  # beyond this the oldest are forgotten: memory is not an attacker's to fill


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures wait for the next."""

    per_minute: int
    per_hour: int


OF_ACCOUNT = Limit(5, 20)  # a password is guessed no faster than this
OF_PLACE = Limit(20, 60)  # a whole office can be behind one address, and mistype on one morning
Keys = Mapping[str, Limit]


class Attempts:
    """Failed attempts by key (an address, an account), in a sliding window."""

    def __init__(self) -> None:
        self._made: dict[str, deque[datetime]] = {}

    def wait_seconds(self, keys: Keys, now: datetime) -> int:
        """Return how long these keys have to wait; 0 lets them try."""
        return max(self._wait(key, limit, now) for key, limit in keys.items())

    def count(self, keys: Iterable[str], now: datetime) -> None:
        """Note an attempt before its answer is known, so that parallel guesses count too."""
        for key in keys:
            made = self._made.pop(key, deque())
            made.append(now)
            self._made[key] = made
        while len(self._made) > _MOST_KEYS:
            del self._made[next(iter(self._made))]

    def forgive(self, keys: Iterable[str]) -> None:
        """Forget one attempt of each: it was the right person."""
        for key in keys:
            if self._made.get(key):
                self._made[key].pop()

    def _wait(self, key: str, limit: Limit, now: datetime) -> int:
        made = self._made.get(key, deque())
        while made and made[0] <= now - _HOUR:
            made.popleft()
        ends = [now]
        if len(made) >= limit.per_hour:
            ends.append(made[-limit.per_hour] + _HOUR)
        if len(made) >= limit.per_minute:
            ends.append(made[-limit.per_minute] + _MINUTE)
        return math.ceil((max(ends) - now).total_seconds())
