"""uvicorn as it is tuned for every contestant that runs under it: its fastest, no compression."""

from typing import Any

OPTIONS: dict[str, Any] = {
    "ws": "websockets-sansio",  # of its three protocols the one with the cheapest send
    "ws_per_message_deflate": False,
    "access_log": False,
    "timeout_graceful_shutdown": 1,
}
