"""Where somebody is: the address that counts as theirs, behind our own proxies too."""

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from starlette.requests import HTTPConnection

_WITH_PORT = re.compile(r"\[(?P<v6>[^\]]*)\](:[0-9]+)?|(?P<v4>[0-9.]+):[0-9]+")


def place_of(connection: HTTPConnection[Any], proxies: int) -> str:
    """Return the place that this connection comes from, with so many proxies of ours in front."""
    peer = connection.client.host if connection.client else ""
    forwarded = connection.headers.getlist("x-forwarded-for")
    return network_of(address_behind(peer, forwarded, proxies))


def address_behind(peer: str, forwarded: Iterable[str], proxies: int) -> str:
    """Return the browser's address: the socket's peer, or what the outermost of our proxies saw.

    Each proxy writes its own peer at the end of ``X-Forwarded-For``; what stands further left was
    sent along by the browser. Who did not come through all of them is the socket's peer.
    """
    seen = [each.strip() for line in forwarded for each in line.split(",")] if proxies else []
    if not proxies or len(seen) < proxies or not _parsed(seen[-proxies]):
        return peer
    return seen[-proxies]


@lru_cache(4096)
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
