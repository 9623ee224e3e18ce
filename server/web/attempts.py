"""How often somebody has lately tried to sign in: kept in memory, forgotten after an hour."""

import ipaddress
import math
from collections import deque
from datetime import datetime, timedelta

PER_MINUTE, PER_HOUR = 5, 20
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_MOST_KEYS = 10_000  # beyond this the oldest are forgotten: memory is not an attacker's to fill


class Attempts:
    """Failed attempts by key (an address, an account), in a sliding window."""

    def __init__(self) -> None:
        self._made: dict[str, deque[datetime]] = {}

    def wait_seconds(self, keys: tuple[str, ...], now: datetime) -> int:
        """Return how long these keys have to wait; 0 lets them try."""
        return max(self._wait(key, now) for key in keys)

    def count(self, keys: tuple[str, ...], now: datetime) -> None:
        """Note an attempt before its answer is known, so that parallel guesses count too."""
        for key in keys:
            made = self._made.pop(key, deque())
            made.append(now)
            self._made[key] = made
        while len(self._made) > _MOST_KEYS:
            del self._made[next(iter(self._made))]

    def forgive(self, keys: tuple[str, ...]) -> None:
        """Forget one attempt of each: it was the right person."""
        for key in keys:
            if self._made.get(key):
                self._made[key].pop()

    def _wait(self, key: str, now: datetime) -> int:
        made = self._made.get(key, deque())
        while made and made[0] <= now - _HOUR:
            made.popleft()
        ends = [now]
        if len(made) >= PER_HOUR:
            ends.append(made[-PER_HOUR] + _HOUR)
        if len(made) >= PER_MINUTE:
            ends.append(made[-PER_MINUTE] + _MINUTE)
        return math.ceil((max(ends) - now).total_seconds())


def network_of(address: str) -> str:
    """Return what counts as one place: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
