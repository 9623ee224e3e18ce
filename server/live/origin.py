"""Which pages may open a socket: our own. By cookie alone any site could speak for its visitor."""

from typing import Any

from starlette.websockets import WebSocket

SCHEMES = {"ws": "http", "wss": "https"}


def is_own_page(websocket: WebSocket[Any], origin: str) -> bool:
    """Return whether the handshake comes from a page of ours.

    ``origin`` is the one that is allowed; empty: scheme and Host of this very handshake. A missing
    or doubled header, ``null``, another scheme or port, all mean no.
    """
    sites = websocket.headers.getlist("sec-fetch-site")
    if any(site != "same-origin" for site in sites):
        return False
    hosts = websocket.headers.getlist("host")
    if len(hosts) != 1 or not hosts[0]:
        return False
    own = origin or f"{SCHEMES.get(websocket.scope['scheme'], '')}://{hosts[0].lower()}"
    return websocket.headers.getlist("origin") == [own]
