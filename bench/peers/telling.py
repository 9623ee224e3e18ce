"""How a change is made known to the workers of each contestant, from a process beside them."""

import json
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from redis.asyncio import Redis

from bench.peers.payload import FIRST, Payload

Stamps = dict[int, int]  # the number of a change -> monotonic ns when it was told


class Teller(Protocol):
    """Makes changes known."""

    async def tell(self, changes: int, turn: int, stamps: Stamps) -> None: ...


class TextTeller:
    """Publishes a message for each change; ``publish`` is the contestant's own way to do so."""

    def __init__(self, payload: Payload, publish: Callable[[str], Awaitable[object]]) -> None:
        self._payload = payload
        self._publish = publish
        self._last = FIRST

    async def tell(self, changes: int, turn: int, stamps: Stamps) -> None:
        for _ in range(changes):
            self._last += 1
            text = self._payload.text(self._last)
            stamps[self._last] = time.monotonic_ns()
            await self._publish(text)


def by_redis(url: str) -> Callable[[str], Awaitable[object]]:
    """Publish as the servers of ``redis_line`` listen."""
    from bench.peers.servers.redis_line import CHANNEL

    redis = Redis.from_url(url)
    return lambda text: redis.publish(CHANNEL, text)


def by_socketio(url: str) -> Callable[[str], Awaitable[object]]:
    """Publish by the Redis manager of python-socketio, as a process that serves nobody."""
    import socketio

    manager = socketio.AsyncRedisManager(url, write_only=True)
    return lambda text: manager.emit("frame", json.loads(text))


def by_channels(url: str) -> Callable[[str], Awaitable[object]]:
    """Publish by the channel layer, to the group."""
    from bench.peers.servers.channels_redis_layer import GROUP, configure

    configure(url)
    from channels.layers import get_channel_layer

    layer = get_channel_layer()
    return lambda text: layer.group_send(GROUP, {"type": "told", "text": text})


BY = {"redis": by_redis, "socketio": by_socketio, "channels": by_channels}
