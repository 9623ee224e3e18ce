"""How often somebody has lately tried to sign in: kept in memory, forgotten after an hour."""

import ipaddress
import math
import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_MOST_KEYS = 10_000  # beyond this the oldest are forgotten: memory is not an attacker's to fill
_WITH_PORT = re.compile(r"\[(?P<v6>[^\]]*)\](:[0-9]+)?|(?P<v4>[0-9.]+):[0-9]+")


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


def address_behind(peer: str, forwarded: Iterable[str], proxies: int) -> str:
    """Return the browser's address: the socket's peer, or what the outermost of our proxies saw.

    Each proxy writes its own peer at the end of ``X-Forwarded-For``; what stands further left was
    sent along by the browser. Who did not come through all of them is the socket's peer.
    """
    seen = [each.strip() for line in forwarded for each in line.split(",")] if proxies else []
    if not proxies or len(seen) < proxies or not _parsed(seen[-proxies]):
        return peer
    return seen[-proxies]


def network_of(address: str) -> str:
    """Return what counts as one place: an IPv4 address, or the /64 of an IPv6 one."""
    parsed = _parsed(address)
    if parsed is None:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(ipaddress.IPv6Network((int(parsed), 64), strict=False))


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address without its port; IPv4 in an IPv6 coat is IPv4."""
    if found := _WITH_PORT.fullmatch(address):
        address = found["v6"] or found["v4"] or ""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed
