"""Only our own pages open a socket: a visitor's cookie comes along whoever asks."""

import pytest
from starlette.websockets import WebSocket

from server.live.origin import is_own_page


async def _never(*_: object) -> None:
    raise AssertionError("nothing is sent or received here")


def handshake(*headers: tuple[str, str], scheme: str = "ws") -> WebSocket:
    scope = {
        "type": "websocket",
        "scheme": scheme,
        "path": "/live",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    return WebSocket(scope, _never, _never)  # type: ignore[arg-type]


HOST = ("host", "desk.example.org:8000")
OWN = ("origin", "http://desk.example.org:8000")
SAME = ("sec-fetch-site", "same-origin")


@pytest.mark.parametrize(
    ("headers", "scheme", "origin"),
    [
        ((HOST, OWN), "ws", ""),
        ((HOST, OWN, SAME), "ws", ""),
        ((("host", "DESK.example.org:8000"), OWN), "ws", ""),
        ((HOST, ("origin", "https://desk.example.org:8000")), "wss", ""),
        ((HOST, ("origin", "https://console.example.org")), "ws", "https://console.example.org"),
    ],
)
def test_our_own_page_may(headers: tuple[tuple[str, str], ...], scheme: str, origin: str) -> None:
    assert is_own_page(handshake(*headers, scheme=scheme), origin)


@pytest.mark.parametrize(
    "headers",
    [
        (HOST,),
        (HOST, ("origin", "null")),
        (HOST, ("origin", "")),
        (HOST, ("origin", "http://evil.example")),
        (HOST, ("origin", "https://desk.example.org:8000")),
        (HOST, ("origin", "http://desk.example.org")),
        (HOST, ("origin", "http://desk.example.org:8001")),
        (HOST, ("origin", "http://desk.example.org:8000.evil.example")),
        (HOST, ("origin", "http://desk.example.org:8000/")),
        (HOST, ("origin", "http://x@desk.example.org:8000")),
        (HOST, ("origin", "desk.example.org:8000")),
        (HOST, OWN, OWN),
        (HOST, OWN, ("origin", "http://evil.example")),
        (HOST, HOST, OWN),
        (OWN,),
        (("host", ""), ("origin", "http://")),
        (HOST, OWN, ("sec-fetch-site", "cross-site")),
        (HOST, OWN, ("sec-fetch-site", "same-site")),
        (HOST, OWN, ("sec-fetch-site", "none")),
        (HOST, OWN, SAME, ("sec-fetch-site", "cross-site")),
    ],
)
def test_no_other_page_may(headers: tuple[tuple[str, str], ...]) -> None:
    assert not is_own_page(handshake(*headers), "")


def test_a_set_origin_beats_the_host_that_the_client_names() -> None:
    assert not is_own_page(handshake(HOST, OWN), "https://console.example.org")
