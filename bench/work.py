"""What people do at the measured clinic: real use cases through the store, one after another."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bench.town import HOSTS, NOTE, Town
from dispatch.events import EntityRef
from dispatch.people import Actor, system_actor
from dispatch.ports import Done, Store, Unit
from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.availability import SetAvailability, set_availability
from dispatch.usecases.intake import SubmitRequest, submit_request
from dispatch.vocabulary import EntityKind, RequestType, SessionId
from server.clock import Clock


@dataclass(slots=True)
class Work:
    """Keeps count, so that every round is of new requests."""

    store: Store
    clock: Clock
    town: Town
    gap_seconds: float = 0.0  # after each change, so that it is told before the next comes
    _count: int = 0
    _sessions: list[int] = field(default_factory=list)

    async def toggle(self, turn: int) -> None:
        """Have a provider say anew until when they are available: one row of 600 bytes changes."""
        until = self.clock.now() + timedelta(hours=6, minutes=turn % 60)
        host = self.town.hosts[turn % HOSTS]
        await self.store.perform(set_availability, SetAvailability(True, until), host)
        await asyncio.sleep(self.gap_seconds)

    async def answer(self, turn: int) -> None:
        """Submit a request for now and accept it for a provider, each with its idempotency key."""
        self._count += 1
        clinic, desk = self.town.clinic, self.town.schedulers[0]
        patient, host = self.town.patients[turn % HOSTS], self.town.hosts[turn % HOSTS]
        asking = SubmitRequest(clinic.id, clinic.services[0].id, RequestType.NOW, note=NOTE)
        asked = await self.store.perform(
            submit_request, asking, patient, key=f"submit-{self._count:012d}"
        )
        await asyncio.sleep(self.gap_seconds)
        assert asked.number is not None
        accepting = AcceptRequest(asked.number, 1, host.person_id, response="Please come in.")
        answered = await self.store.perform(
            accept_request, accepting, desk, key=f"accept-{self._count:012d}"
        )
        self._sessions.append(answered.entity.id)
        await asyncio.sleep(self.gap_seconds)

    async def round(self) -> int:
        """Have every provider toggle once and take one request; return how many changes."""
        for turn in range(HOSTS):
            await self.toggle(turn)
            await self.answer(turn)
        return HOSTS * 3

    async def free_everybody(self) -> None:
        """Cancel the sessions of the round, so that the next one overlaps with nothing."""
        by_system = system_actor(self.town.clinic.account_id)
        sessions, self._sessions = self._sessions, []
        await self.store.perform(_cancel_sessions, sessions, by_system)


def _cancel_sessions(command: Sequence[int], actor: Actor, unit: Unit, now: datetime) -> Done:
    for key in command:
        session = unit.sessions.by_id(SessionId(key))
        assert session is not None
        unit.sessions.save(session.cancel(now), was=session)
    return Done(EntityRef(EntityKind.SESSION, 0))
