"""How a change is made at the console: by its own commands, or straight to its rows and its log."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bench.peers.telling import Stamps
from bench.town import HOSTS, found
from bench.work import Work
from dispatch.availability import Availability
from dispatch.clinic import Clinic
from dispatch.events import EntityRef, clinic_stream, provider_changed
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.vocabulary import EntityKind
from server.bus.redis_bell import RedisBell
from server.clock import SystemClock
from server.settings import Settings
from server.storage.postgres_store import PostgresStore


class ConsoleTeller:
    """Changes rows of our own database; the commit and the bell do the rest.

    One change at a time is a provider's own toggle, through the use case. Several at once are rows
    and events alone, in one transaction, as fast as the log takes them.
    """

    def __init__(self, store: PostgresStore, clock: SystemClock, bell: RedisBell) -> None:
        self._store = store
        self._clock = clock
        self._bell = bell
        self._work: Work | None = None
        self._stream = ""
        self._seq = 0
        self._stamps: Stamps = {}
        store.ring_with(self._ring)

    async def found(self, schedulers: int, pending: int) -> Mapping[str, Any]:
        """Found the town; return the stream of its board."""
        town = await found(self._store, schedulers, pending)
        self._work = Work(self._store, self._clock, town)
        self._stream = clinic_stream(town.clinic.id)
        return {"stream": self._stream, **await self.cursor()}

    async def cursor(self) -> Mapping[str, Any]:
        """Return where the board's stream stands."""
        found = await self._store.read(lambda reading: reading.cursor(self._stream))
        self._seq = found.seq
        return {"seq": found.seq, "tag": found.tag}

    async def tell(self, changes: int, turn: int, stamps: Stamps) -> None:
        assert self._work is not None
        self._stamps = stamps
        if changes == 1:
            await self._work.toggle(turn)
            return
        town = self._work.town
        hosts = tuple(town.hosts[(turn * changes + n) % HOSTS] for n in range(changes))
        await self._store.perform(_turn_on, TurnOn(town.clinic, hosts, turn), hosts[0])

    def _ring(self, heads: Mapping[str, int]) -> None:
        now, head = time.monotonic_ns(), heads.get(self._stream, self._seq)
        self._stamps.update((seq, now) for seq in range(self._seq + 1, head + 1))
        self._seq = head
        self._bell.ring(heads)


async def console(
    database_url: str, redis_url: str
) -> tuple[ConsoleTeller, PostgresStore, RedisBell]:
    """Return the teller of our own, and what has to run and to be closed with it."""
    clock = SystemClock()
    store = PostgresStore(Settings(database_url=database_url), clock)
    await store.open()
    bell = RedisBell(redis_url, await store.place())
    return ConsoleTeller(store, clock, bell), store, bell


@dataclass(frozen=True, slots=True)
class TurnOn:
    """Have the rows of these providers change, all in one transaction."""

    clinic: Clinic
    hosts: tuple[Actor, ...]
    turn: int


def _turn_on(command: TurnOn, actor: Actor, unit: Unit, now: datetime) -> Done:
    until = now + timedelta(hours=5, minutes=command.turn % 300)
    for host in command.hosts:
        on = Availability(host.person_id, host.account_id).turn_on(until, now)
        unit.hosts.save_availability(replace(on, version=1000 + command.turn))
        on_boards, _ = provider_changed("available", host.person_id, [command.clinic.id])
        unit.record(actor, on_boards)
    return Done(EntityRef(EntityKind.AVAILABILITY, actor.person_id))
