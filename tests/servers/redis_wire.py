"""A wire in front of a Redis, which knows whoever subscribes and can lose what is published.

async with RedisWire(server.port) as wire:
    bell = RedisBell(wire.url, ...)
"""

import re

from tests.servers.wire import LOOPBACK, Link, Wire

_PUBLISH = re.compile(rb"\*3\r\n\$7\r\nPUBLISH\r\n\$\d+\r\n[^\r\n]*\r\n\$\d+\r\n[^\r\n]*\r\n")


class RedisWire(Wire):
    """Passes what Redis and its clients say, until told otherwise."""

    loses_publish: float = 0.0  # share that Redis never sees, and the client is told that it did
    loses_hints = False  # the same, of all that says more than that somebody is alive
    _holds_subscribers = False

    @property
    def url(self) -> str:
        return f"redis://{LOOPBACK}:{self.port}/0"

    def hold(self, *, subscribers_only: bool = False) -> None:
        """Be a black hole, for everybody or for whoever subscribes."""
        super().hold()
        self._holds_subscribers = subscribers_only

    def holds(self, link: Link) -> bool:
        return super().holds(link) and (link.is_subscriber or not self._holds_subscribers)

    def sent(self, link: Link, chunk: bytes) -> bytes:
        link.is_subscriber = link.is_subscriber or b"SUBSCRIBE" in chunk
        if not self.loses_publish and not self.loses_hints:
            return chunk
        lost = 0

        def lose(said: re.Match[bytes]) -> bytes:
            nonlocal lost
            is_hint = b" " in said[0]  # a beat alone is one word
            if not (self.loses_hints and is_hint) and self._chance.random() >= self.loses_publish:
                return said[0]
            lost += 1
            return b""

        chunk = _PUBLISH.sub(lose, chunk)
        link.near.write(b":1\r\n" * lost)
        return chunk
