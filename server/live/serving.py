"""How uvicorn has to be set up for live sockets; ``server.cli`` adds host, port and log."""

from typing import Any

from server.live.protocol import best_protocol
from server.peers.door import Door
from server.peers.http import Patience, patient_protocol
from server.settings import Settings


def uvicorn_options(settings: Settings, patience: Patience | None = None) -> dict[str, Any]:
    """Return the keyword arguments of ``uvicorn.Config``; every one of them is a decision."""
    # With proxies in front, all connections are theirs; then only pages are counted (the desk).
    door = Door(0 if settings.trusted_proxies else settings.address_connections)
    return {
        "http": patient_protocol(patience or Patience(), door),
        "ws": best_protocol(),
        "ws_max_size": 16 * 1024,  # a page says hello in less; also bounds fragments
        "ws_max_queue": 8,
        "ws_ping_interval": 10.0,  # a browser that answers none for ten more is cut
        "ws_ping_timeout": 10.0,
        # Compressing each socket's copy costs three times the rest, and mixes private text with
        # what others can choose (CRIME).
        "ws_per_message_deflate": False,
        "timeout_graceful_shutdown": 3,  # whole seconds; sockets are gone after one
        "timeout_keep_alive": 10,
        "limit_concurrency": 4096,  # connections of all kinds; beyond that, 503
        "h11_max_incomplete_event_size": 16 * 1024,  # request head
        "access_log": False,  # addresses and paths of people
        "server_header": False,
        "proxy_headers": False,  # nobody's word is taken for who is at the other end
        "forwarded_allow_ips": [],
        "lifespan": "on",
    }
