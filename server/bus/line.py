"""A line to Redis: one connection that hears and one that says, thrown away together.

These are bare connections, not redis-py's Pub/Sub: that one reconnects in silence, even with no
retries allowed, and whoever listens never learns what was lost meanwhile.
"""

import hashlib
import math
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import urlsplit

from redis.asyncio import Connection
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import InvalidResponse, RedisError

from server.settings import SettingError

TROUBLES = (RedisError, OSError)  # Redis is away, refuses us or is slow; all pass by themselves


class Plug(Protocol):
    """What is used of redis-py's connection, which says nothing about its types."""

    async def connect(self) -> None: ...
    async def disconnect(self, nowait: bool) -> None: ...
    async def send_command(self, *words: str, check_health: bool) -> None: ...
    async def read_response(self, *, timeout: float) -> object: ...  # noqa: ASYNC109  # its name


class Line:
    """Carries the words of one channel; whoever uses it sets the time limits."""

    def __init__(self, plug: Callable[[], Plug], channel: str) -> None:
        self._hearing = plug()
        self._saying = plug()
        self._channel = channel

    async def open_saying(self) -> None:
        await self._saying.connect()

    async def open_hearing(self) -> None:
        """Return when Redis has confirmed the subscription."""
        await self._hearing.connect()
        await self._hearing.send_command("SUBSCRIBE", self._channel, check_health=False)
        while await self.hear() is not None:
            pass  # a message before the confirmation: the confirmation asks for everything anyway

    async def hear(self) -> bytes | None:
        """Wait for the next message; None is the word that the subscription begins (again)."""
        while True:
            match await _answer(self._hearing):
                case [b"message", _, bytes(payload)]:
                    return payload
                case [b"subscribe", *_]:
                    return None
                case _:
                    continue  # Redis may say other things; none of them are for us

    async def say(self, message: str) -> None:
        """Publish, and wait until Redis has it."""
        await self._saying.send_command("PUBLISH", self._channel, message, check_health=False)
        await _answer(self._saying)

    async def close(self) -> None:
        """Throw both away, without waiting for a Redis that may never answer."""
        await self._hearing.disconnect(nowait=True)
        await self._saying.disconnect(nowait=True)


def plug_for(url: str, seconds: float) -> Callable[[], Plug]:
    """Return what makes a connection to this Redis, with ``seconds`` for each step of connecting.

    Raises:
        SettingError: it is no address of a Redis.
    """
    ours: dict[str, Any] = {  # over what the address may say: every one of these has a reason
        "protocol": 2,  # messages come as plain answers, and nothing is negotiated
        "retry": Retry(NoBackoff(), 0),  # a retry in there hides that something was lost
        "retry_on_timeout": False,
        "health_check_interval": 0,  # its ping is sent and its answer never missed
        "socket_timeout": None,  # its wait_for may swallow a cancellation; our limits do not
        "socket_connect_timeout": seconds,
        "decode_responses": False,
        "driver_info": None,
    }
    try:
        found: dict[str, Any] = {**parse_url(url), **ours}
        connection = found.pop("connection_class", Connection)
        connection(**found)  # an option that it does not know shows here
    except (TypeError, ValueError, RedisError):
        raise SettingError(
            "DISPATCH_BUS_URL must be memory:// or the address of a Redis, such as "
            "redis://127.0.0.1:6379/0."
        ) from None  # the cause may quote the address, and with it a password

    def plug() -> Plug:
        made: Plug = connection(**found)
        return made

    return plug


def channel_of(place: str) -> str:
    """Return the channel of all workers on one database, whoever they sign in as."""
    parts = urlsplit(place)
    bare = f"{parts.scheme}//{parts.netloc.rpartition('@')[2]}/{parts.path}?{parts.query}"
    return f"dispatch:{hashlib.sha256(bare.encode()).hexdigest()[:16]}:bell"


async def _answer(plug: Plug) -> object:
    try:
        return await plug.read_response(timeout=math.inf)
    except ValueError as nonsense:  # its parser lets bytes that are not Redis' through as these
        raise InvalidResponse("not an answer of Redis") from nonsense
