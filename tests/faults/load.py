"""People at work: patients ask and withdraw, schedulers decide by what their boards show, hosts come and go."""

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2

from dispatch.people import Actor
from tests.faults.ledger import Deed
from tests.faults.page import NUMBER, Page
from tests.servers.wire import LOOPBACK
from tests.storage.town import Town

_PAUSES = (
    0.2,
    0.4,
    0.8,
    1.0,
    1.0,
    1.0,
    1.0,
    1.0,
    1.0,
    1.0,
    1.0,
    1.0,
)  # between tries, then no more
_UNREAD = re.compile(r"answered your request (\d+)")  # V3: it is read before the next
_ENOUGH = 8  # pending on a board; then people decide rather than ask
_TRY_SECONDS = 10


@dataclass(eq=False)
class Person:
    """Somebody signed in; a patient's ``canary`` is a word that only their clinic may read."""

    actor: Actor
    token: str
    canary: str = ""
    is_busy: bool = False


@dataclass
class Cast:
    """The people of one clinic, and the board that its two schedulers look at."""

    town: Town
    schedulers: Sequence[Person]
    hosts: Sequence[Person]
    patients: Sequence[Person]
    boards: list[Page] = field(default_factory=list)


class Load:
    """Deeds, some at a time, until paused; each is written down with how it ended."""

    def __init__(self, port: int, deeds: list[Deed], chance: random.Random) -> None:
        self.casts: list[Cast] = []
        self._port = port
        self._deeds = deeds
        self._chance = chance
        self._goes = asyncio.Event()
        self._under_way = 0
        self._rests = asyncio.Event()
        self._rests.set()

    async def run(self, hands: int, pause_seconds: float) -> None:
        """Do things until cancelled."""
        limits = httpx2.Limits(max_connections=None, keepalive_expiry=3)
        async with httpx2.AsyncClient(limits=limits, timeout=_TRY_SECONDS) as client:
            self._client = client
            async with asyncio.TaskGroup() as tasks:
                for _ in range(hands):
                    tasks.create_task(self._work(pause_seconds))

    def go(self) -> None:
        self._goes.set()

    async def rest(self) -> None:
        """Begin nothing new, and wait until everything is answered."""
        self._goes.clear()
        await self._rests.wait()

    async def _work(self, pause_seconds: float) -> None:
        while True:
            await self._goes.wait()
            self._under_way += 1
            self._rests.clear()
            try:
                await self._one()
            finally:
                self._under_way -= 1
                if not self._under_way:
                    self._rests.set()
            await asyncio.sleep(pause_seconds * 2 * self._chance.random())

    async def _one(self) -> None:
        cast = self._chance.choices(self.casts, [4, *[1] * (len(self.casts) - 1)])[0]
        pending = self.pending(cast)
        asks = len(pending) < _ENOUGH and self._chance.random() < 0.6
        deeds: list[Callable[[Cast], Awaitable[object]]] = [self._race, self._toggle]
        if asks or not pending:
            await self.ask(cast)
        else:
            kind = self._chance.choices([self._decide, *deeds, self._withdraw], [6, 2, 1, 2])[0]
            await kind(cast)

    # What people do ---------------------------------------------------------------------------

    def pending(self, cast: Cast) -> list[tuple[int, int]]:
        """Return number and version of each request that one of the boards shows."""
        if not cast.boards:
            return []
        shown = self._chance.choice(cast.boards).twin.shown
        rows = [copy for entity, copy in shown.items() if entity.startswith("request:")]
        found = [(NUMBER.search(copy["html"]), copy["version"]) for copy in rows]
        return [(int(number[1]), version) for number, version in found if number]

    async def ask(self, cast: Cast, port: int | None = None, begins: str = "") -> Deed | None:
        """Have somebody who is free ask to be seen, through one worker first if its port is given."""
        free = [patient for patient in cast.patients if not patient.is_busy]
        if not free:
            return None
        patient = self._chance.choice(free)
        clinic = cast.town.clinic
        form = {"clinic": clinic.id, "service": clinic.services[0].id, "type": "Now"}
        patient.is_busy = True
        try:
            note = f"Sore throat, {patient.canary}"
            form["note"] = note
            deed = await self.send(patient, "submit", "/requests/new", form, port, begins)
            if unread := _UNREAD.search(str(deed.reply.get("sentence", ""))):  # next time they can
                await self.send(patient, "dismiss", f"/requests/{unread[1]}/dismissal")
            return deed
        finally:
            patient.is_busy = False

    async def accept(self, cast: Cast, by: Person, number: int, version: int) -> Deed:
        """Accept, and say yes to what the server wants to be sure of."""
        host = self._chance.choice(cast.hosts).actor.person_id
        form: dict[str, Any] = {"version": version, "host": host, "response": "Please come."}
        path = f"/requests/{number}/acceptance"
        deed = await self.send(by, "accept", path, form)
        if confirm := deed.reply.get("confirm"):
            deed = await self.send(by, "accept", path, {**form, "confirm": confirm})
        return deed

    async def toggle(self, host: Person, state: str, port: int | None = None) -> Deed:
        """Have a host turn their availability on or off."""
        form = {"state": state, "until": "open"}
        return await self.send(host, "toggle", "/availability", form, port)

    async def _decide(self, cast: Cast) -> None:
        if not (pending := self.pending(cast)):
            return
        number, version = self._chance.choice(pending)
        by = self._chance.choice(cast.schedulers)
        if self._chance.random() < 0.75:
            await self.accept(cast, by, number, version)
        else:
            form = {"version": version, "reason": "other", "response": "Not here."}
            await self.send(by, "decline", f"/requests/{number}/decline", form)

    async def _race(self, cast: Cast) -> None:
        if not (pending := self.pending(cast)):
            return
        number, version = self._chance.choice(pending)
        rivals = [self.accept(cast, by, number, version) for by in cast.schedulers]
        rivals.append(self.send(cast.schedulers[0], "withdraw", f"/requests/{number}/withdrawal"))
        self._chance.shuffle(rivals)
        await asyncio.gather(*rivals)

    async def _withdraw(self, cast: Cast) -> None:
        if pending := self.pending(cast):
            number, _ = self._chance.choice(pending)
            await self.send(cast.schedulers[0], "withdraw", f"/requests/{number}/withdrawal")

    async def _toggle(self, cast: Cast) -> None:
        host = self._chance.choice(cast.hosts[:-1])  # the last is for faults that need one idle
        await self.toggle(host, self._chance.choice(("on", "off")))

    # How it is sent ---------------------------------------------------------------------------

    async def send(
        self,
        person: Person,
        verb: str,
        path: str,
        form: dict[str, Any] | None = None,
        port: int | None = None,
        begins: str = "",
    ) -> Deed:
        """Send a form until it is answered, with one key; nothing but an answer settles it."""
        key = begins + self._chance.randbytes(16).hex()
        actor = person.actor
        deed = Deed(verb, actor.person_id, actor.account_id, key, time.time())
        self._deeds.append(deed)
        for pause in (*_PAUSES, None):
            deed.tries += 1
            # A worker that was named may be gone; another answers as well.
            await self._try(deed, person, path, form or {}, port if deed.tries == 1 else None)
            if deed.status is not None or pause is None:
                break
            await asyncio.sleep(pause)
        deed.ended_at = time.time()
        return deed

    async def _try(
        self, deed: Deed, person: Person, path: str, form: dict[str, Any], port: int | None
    ) -> None:
        began_at = time.monotonic()
        headers = {
            "Accept": "application/json",
            "Sec-Fetch-Site": "same-origin",
            "Cookie": f"dispatch_login={person.token}",
        }
        address = f"http://{LOOPBACK}:{port or self._port}{path}"
        with suppress(httpx2.TransportError):
            answer = await self._client.post(
                address, data={**form, "key": deed.key}, headers=headers
            )
            deed.statuses.add(answer.status_code)
            if answer.status_code < 500:
                deed.status, deed.reply = answer.status_code, answer.json()
                deed.number = deed.reply.get("number")
                deed.was_there = bool(deed.reply.get("was_there"))
        deed.slowest_seconds = max(deed.slowest_seconds, time.monotonic() - began_at)
