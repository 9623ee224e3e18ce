"""Patients who send the form, each once, over connections that stay open."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from bench.town import NOTE, ZONE, found
from dispatch.clinic import Clinic
from dispatch.events import EntityRef
from dispatch.people import Actor, Person, system_actor
from dispatch.ports import Done, Unit
from dispatch.usecases.logins import BeginLogin, begin_login
from dispatch.vocabulary import EntityKind, PersonId
from server.storage.postgres_store import PostgresStore
from server.storage.sqlite_store import SqliteStore
from server.web.login import hash_of


@dataclass(frozen=True, slots=True)
class Asker:
    """A patient who has nothing open yet."""

    number: int
    clinic: Clinic

    @property
    def token(self) -> str:
        """Return their sign-in."""
        return f"bench-patient-{self.number:05d}"


@dataclass(frozen=True, slots=True)
class Welcome:
    """Have so many new patients, all signed in."""

    clinic: Clinic
    count: int


async def found_askers(store: SqliteStore | PostgresStore, count: int) -> list[Asker]:
    """Found a town with so many patients who may ask."""
    clinic = (await found(store, schedulers=1, pending=0)).clinic
    await store.perform(_welcome, Welcome(clinic, count), system_actor(clinic.account_id))
    return [Asker(number, clinic) for number in range(count)]


async def submit_all(port: int, askers: Sequence[Asker], at_once: int) -> list[float]:
    """Have them all ask; return how long each waited for the answer, in ms."""
    waiting, waits = iter(askers), []

    async def queue() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for asker in waiting:
            sent = time.monotonic()
            writer.write(_form(port, asker))
            await _answered(reader)
            waits.append((time.monotonic() - sent) * 1e3)
        writer.close()

    async with asyncio.TaskGroup() as tasks:
        for _ in range(at_once):
            tasks.create_task(queue())
    return waits


def _form(port: int, asker: Asker) -> bytes:
    clinic = asker.clinic
    form = {"clinic": clinic.id, "service": clinic.services[0].id, "type": "Now", "note": NOTE}
    body = urlencode({**form, "key": f"bench-intake-{asker.number:07d}-0123456789"})
    head = (
        "POST /requests/new HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Cookie: dispatch_login={asker.token}",
        "Sec-Fetch-Site: same-origin",
        "Accept: application/json",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "",
        body,
    )
    return "\r\n".join(head).encode()


async def _answered(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    status = head[9:12]
    length = next(
        int(line.partition(b":")[2])
        for line in head.lower().splitlines()
        if line.startswith(b"content-length:")
    )
    body = await reader.readexactly(length)
    if not status.startswith((b"2", b"3")):
        raise RuntimeError(f"a request was not taken: {status.decode()} {body[:200].decode()}")


def _welcome(command: Welcome, actor: Actor, unit: Unit, now: datetime) -> Done:
    clinic = command.clinic
    for number in range(command.count):
        patient = unit.people.add(
            Person(PersonId(0), clinic.account_id, f"Asking patient {number:04d}", ZONE)
        )
        unit.people.join_patients(clinic.patient_group.id, [patient.id])
        asker = Asker(number, clinic)
        known = Actor(patient.id, clinic.account_id, patient.name)
        begin_login(BeginLogin(hash_of(asker.token)), known, unit, now)
    return Done(EntityRef(EntityKind.CLINIC, clinic.id))
