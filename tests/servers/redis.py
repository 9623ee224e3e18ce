"""A Redis of the tests' own, which can also be frozen; see ``server.trial.redis``."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from server.trial.redis import LOOPBACK, Redis, find_program, free_port, made_redis
from tests.browser import required

__all__ = ["LOOPBACK", "RedisServer", "free_port", "redis_server"]


class RedisServer(Redis):
    """Can be killed, frozen and started again, always on the same port and always empty."""

    def restart(self) -> None:
        self.kill()
        self.start()

    def stop(self) -> None:
        """Freeze it: connections stay open, nothing is answered."""
        self._signal(signal.SIGSTOP)

    def cont(self) -> None:
        """Let a frozen one go on, with all that has come in meanwhile."""
        self._signal(signal.SIGCONT)

    def command(self, *words: str | bytes) -> bytes:
        """Give one command over a connection of its own; return the first piece of the answer."""
        raw = [word.encode() if isinstance(word, str) else word for word in words]
        sizes = b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in raw)
        with socket.create_connection((LOOPBACK, self.port), timeout=30) as connection:
            connection.sendall(b"*%d\r\n%s" % (len(raw), sizes))
            return connection.recv(65536)

    def _signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Run one for as long as it is needed; skip the test where none can be had, except under CI."""
    if find_program() is None:
        (pytest.fail if required() else pytest.skip)("no redis-server: neither wheel nor PATH")
    with made_redis(RedisServer) as server:
        assert isinstance(server, RedisServer)
        yield server
