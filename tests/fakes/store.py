"""Runs use cases one after another over memory: all of each is kept, or nothing."""

from collections.abc import Callable
from typing import Any, TypeVar

from dispatch.errors import AlreadySentError, NotAllowedError
from dispatch.people import Actor
from dispatch.ports import Done, Reading, UseCase
from server.clock import Clock
from tests.fakes.memory import Memory
from tests.fakes.reading import FakeReading
from tests.fakes.unit import FakeUnit

C = TypeVar("C")
T = TypeVar("T")


class FakeStore:
    """A Store; ``run`` and ``ask`` are the same without a loop, for tests that need none."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.rows = Memory()

    def run(self, usecase: UseCase[C], command: C, actor: Actor, *, key: str | None = None) -> Done:
        """Run it in a transaction of its own, once for each idempotency key of the actor."""
        sent = (usecase, command)
        if key is not None and (actor.person_id, key) in self.rows.keys:
            first, done = self.rows.keys[actor.person_id, key]
            if first != sent:
                raise AlreadySentError("This was already sent.")
            return done
        rows, now = self.rows.copy(), self.clock.now()
        unit = FakeUnit(rows, now)
        done = usecase(command, self._as_of_now(actor), unit, now)
        unit.number_events()
        if key is not None:
            rows.keys[actor.person_id, key] = (sent, done)
        self.rows = rows
        return done

    def _as_of_now(self, actor: Actor) -> Actor:
        """Return the actor with the rights that they have now, whatever they had when they asked."""
        current = actor if actor.is_system else self.rows.actor(actor.person_id)
        if current is None:
            raise NotAllowedError("You are signed out. Sign in again.")
        return current

    def ask(self, query: Callable[[Reading], T]) -> T:
        return query(FakeReading(self.rows.copy()))

    async def perform(
        self, usecase: UseCase[Any], command: Any, actor: Actor, *, key: str | None = None
    ) -> Done:
        return self.run(usecase, command, actor, key=key)

    async def read(self, query: Callable[[Reading], T]) -> T:
        return self.ask(query)
