"""How a page of the bench begins, at our own server and at the others."""

import json

from bench.crowd import scheduler_of
from bench.page import Greeting, masked
from bench.town import token_of

PLAIN = Greeting(b"", b"", 0)  # a connection that only reads
_WELCOMED = 2  # frames: the welcome, then the board


def of_console(
    port: int, number: int, stream: str, seq: int | None = None, tag: str = "", attempt: int = 0
) -> Greeting:
    """Return how the n-th page of the board begins; without a cursor it has nothing yet."""
    shown: dict[str, str | int] = {"view": "page", "stream": stream, "projection": "board"}
    if seq is not None:
        shown |= {"seq": seq, "tag": tag}
    said = {"type": "hello", "tab": f"bench-{attempt}-{number:06d}", "views": [shown]}
    handshake = upgrade(port, token_of(scheduler_of(number)))
    return Greeting(handshake, masked(json.dumps(said).encode()), _WELCOMED)


def of_engine(port: int) -> Greeting:
    """Return how a page of Socket.IO begins, by WebSocket from the start."""
    return Greeting(upgrade(port, "", "/socket.io/?EIO=4&transport=websocket"), b"", 1)


def upgrade(port: int, token: str, path: str = "/live") -> bytes:
    """Return a handshake."""
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: http://127.0.0.1:{port}",
        *([f"Cookie: dispatch_login={token}"] if token else []),
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: ZGV0ZXJtaW5pc3RpYyE9PQ==",
        "\r\n",
    )
    return "\r\n".join(lines).encode()
