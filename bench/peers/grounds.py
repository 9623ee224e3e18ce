"""A real Redis and a real PostgreSQL for as long as the bench side by side runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.servers.postgres import Postgres, running_postgres
from tests.servers.redis import redis_server


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where they are."""

    redis: str
    postgres: Postgres

    def database(self, name: str) -> str:
        """Return the address of a new database."""
        return self.postgres.url(name)


@contextmanager
def grounds() -> Iterator[Grounds]:
    """Start both, and leave nothing."""
    with running_postgres() as postgres, redis_server() as redis:
        yield Grounds(redis.url, postgres)
