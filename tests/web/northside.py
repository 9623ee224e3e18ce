"""Knows a small account with three clinics, its people, and how a browser is signed in as one of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dispatch.clinic import Clinic
from dispatch.people import Actor, system_actor
from dispatch.ports import Done, Due
from dispatch.recurrence import once
from dispatch.usecases.administration import (
    CreateClinic,
    CreatePerson,
    create_clinic,
    create_person,
)
from dispatch.usecases.availability import SetAvailability, set_availability
from dispatch.usecases.intake import SubmitRequest, submit_request
from dispatch.usecases.logins import BeginLogin, begin_login
from dispatch.usecases.slot_rules import AddRules, add_rules
from dispatch.usecases.sweep import Settle, settle
from dispatch.vocabulary import (
    AccountId,
    ClinicId,
    ClinicMode,
    GroupId,
    PersonId,
    RequestNumber,
    RequestType,
    ServiceId,
)
from server.storage.sqlite_store import SqliteStore
from server.web.login import hash_of, new_token
from tests.builders import a_clinic, a_group, a_person, a_service


@dataclass
class Northside:
    """Northside and Southside answer on demand, Eastside by calendar; all host groups are known."""

    store: SqliteStore
    account: AccountId
    clinics: dict[str, Clinic] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)

    @classmethod
    async def build(cls, store: SqliteStore) -> "Northside":
        desk = cls(store, await store.create_account("Lakeshore Health"))
        await desk.open_clinic("Northside")
        await desk.open_clinic("Southside")
        await desk.open_clinic("Eastside", mode=ClinicMode.CALENDAR)
        north, south = desk.clinics["Northside"], desk.clinics["Southside"]
        await desk.add("Sam Ortiz", schedules={north.id, south.id})
        await desk.add("Rosa Lind", schedules={north.id})
        await desk.add("Tom Vale", schedules={c.id for c in desk.clinics.values()})
        both = {north.host_group.id, south.host_group.id}
        await desk.add("Lee Chen", hosts_in={north.host_group.id})
        await desk.add("Ana Ruiz", hosts_in=both)
        await desk.add("Max Roy", hosts_in={north.host_group.id})
        await desk.add("Kim Sand", hosts_in={south.host_group.id})
        await desk.add("Eva Stone", hosts_in={desk.clinics["Eastside"].host_group.id})
        patients = {clinic.patient_group.id for clinic in desk.clinics.values()}
        born = date(1984, 3, 9)
        for name in ("Jordan Park", "Mia Wells", "Noah Brook", "Zoe Hart", "Ivy Moss", "Leo Finch"):
            await desk.add(name, asks_in=patients, birth_date=born)
        return desk

    async def open_clinic(self, name: str, **changes: Any) -> Clinic:
        visit = a_service(id=ServiceId(0), account_id=self.account, name="Urgent care visit")
        review = a_service(
            id=ServiceId(0), account_id=self.account, name="Medication review", duration_minutes=30
        )
        clinic = a_clinic(
            id=ClinicId(0),
            account_id=self.account,
            name=name,
            patient_group=a_group(f"{name} patients", id=GroupId(0), account_id=self.account),
            host_group=a_group(f"{name} nurses", id=GroupId(0), account_id=self.account),
            services=(visit, review),
            **changes,
        )
        system = system_actor(self.account)
        done = await self.store.perform(create_clinic, CreateClinic(clinic), system)
        found = await self.store.read(
            lambda reading: reading.clinic(self.account, ClinicId(done.entity.id))
        )
        assert found
        self.clinics[name] = found
        return found

    async def add(self, name: str, birth_date: date | None = None, **relations: Any) -> Actor:
        person = a_person(name, account_id=self.account, birth_date=birth_date)
        held: dict[str, Any] = {relation: frozenset(ids) for relation, ids in relations.items()}
        command = CreatePerson(person, **held)
        done = await self.store.perform(create_person, command, system_actor(self.account))
        return await self.look_up(name, PersonId(done.entity.id))

    async def look_up(self, name: str, person: PersonId | None = None) -> Actor:
        wanted = person or self.people[name].person_id
        found = await self.store.read(lambda reading: reading.actor(wanted))
        assert found
        self.people[name] = found
        return found

    async def sign_in(self, name: str) -> str:
        """Return the token that the browser's cookie holds."""
        token = new_token()
        await self.store.perform(begin_login, BeginLogin(hash_of(token)), self.people[name])
        return token

    async def ask(
        self,
        patient: str,
        *times: datetime,
        clinic: str = "Northside",
        service: int = 0,
        host: str = "",
        note: str = "",
        by: str = "",
    ) -> RequestNumber:
        """Submit a request of the patient; return its number."""
        there = self.clinics[clinic]
        command = SubmitRequest(
            clinic_id=there.id,
            service_id=there.services[service].id,
            type=RequestType.SCHEDULED if times else RequestType.NOW,
            times=times,
            target_host_id=self.people[host].person_id if host else None,
            note=note,
            zone=there.zone,
            requester_id=self.people[patient].person_id if by else None,
        )
        done = await self.store.perform(submit_request, command, self.people[by or patient])
        assert done.number
        return done.number

    async def toggle(self, name: str, is_on: bool = True, until: datetime | None = None) -> None:
        command = SetAvailability(is_on, until)
        await self.store.perform(set_availability, command, self.people[name])

    async def slot(self, name: str, start: datetime, end: datetime) -> None:
        command = AddRules(self.people[name].person_id, (once(start, end, "UTC"),))
        await self.store.perform(add_rules, command, system_actor(self.account))

    async def does(self, name: str, usecase: Callable[..., Done], command: object) -> Done:
        performed: Awaitable[Done] = self.store.perform(usecase, command, self.people[name])
        return await performed

    async def settles(self, due: Due) -> Done:
        """Do what time has made due, as the sweep does."""
        return await self.store.perform(settle, Settle(due), system_actor(self.account))

    async def version(self, number: RequestNumber) -> int:
        found = await self.store.read(lambda reading: reading.request(self.account, number))
        assert found
        return found.version
