"""The clinic that is measured: schedulers, twenty available providers, and a line of patients."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dispatch.clinic import Clinic, Group, Service
from dispatch.events import EntityRef
from dispatch.people import Actor, Person, system_actor
from dispatch.ports import Done, Store, Unit
from dispatch.usecases.administration import (
    CreateClinic,
    CreatePerson,
    create_clinic,
    create_person,
)
from dispatch.usecases.availability import SetAvailability, set_availability
from dispatch.usecases.intake import SubmitRequest, submit_request
from dispatch.usecases.logins import BeginLogin, begin_login
from dispatch.vocabulary import (
    AccountId,
    ClinicId,
    ClinicMode,
    EntityKind,
    GroupId,
    PersonId,
    RequestType,
    ServiceId,
)
from server.storage.postgres_store import PostgresStore
from server.storage.sqlite_store import SqliteStore
from server.web.login import hash_of

HOSTS = 20
ZONE = "America/New_York"
NOTE = "Sore throat and a temperature since Tuesday evening; no known allergies."
# As long as makes the element of a provider, which the fan-out sends, a row of 600 bytes.
_TITLES = "MD, Family medicine and urgent care"


@dataclass(frozen=True, slots=True)
class Town:
    """Who is there."""

    clinic: Clinic
    schedulers: tuple[Actor, ...]
    hosts: tuple[Actor, ...]
    patients: tuple[Actor, ...]  # without an open request


@dataclass(frozen=True, slots=True)
class FillBoard:
    """Have so many new patients ask to be seen now."""

    clinic: Clinic
    count: int


def token_of(scheduler: int) -> str:
    """Return the sign-in of the n-th scheduler; deterministic, and worth nothing elsewhere."""
    return f"bench-scheduler-{scheduler:04d}"


async def found(store: SqliteStore | PostgresStore, schedulers: int, pending: int) -> Town:
    """Found the town, everybody signed in and every provider available."""
    account = await store.create_account("Bench")
    by_system = system_actor(account)
    made = await store.perform(create_clinic, CreateClinic(_clinic(account)), by_system)
    clinic = await store.read(lambda reading: reading.clinic(account, ClinicId(made.entity.id)))
    assert clinic is not None

    async def person(name: str, **relations: Any) -> Actor:
        command = CreatePerson(Person(PersonId(0), account, name, ZONE), **relations)
        stored = await store.perform(create_person, command, by_system)
        actor = await store.read(lambda reading: reading.actor(PersonId(stored.entity.id)))
        assert actor is not None
        return actor

    hosts = [
        await person(f"Provider {number:02d} {_TITLES}", hosts_in=frozenset({clinic.host_group.id}))
        for number in range(HOSTS)
    ]
    patients = [
        await person(f"Patient {number:02d}", asks_in=frozenset({clinic.patient_group.id}))
        for number in range(HOSTS)
    ]
    desks = [
        await person(f"Scheduler {number:03d}", schedules=frozenset({clinic.id}))
        for number in range(schedulers)
    ]
    for number, desk in enumerate(desks):
        await store.perform(begin_login, BeginLogin(hash_of(token_of(number))), desk)
    await fill(store, clinic, pending)
    for host in hosts:  # only now: so the board fills without a notice to every one of them
        await store.perform(set_availability, SetAvailability(is_on=True), host)
    return Town(clinic, tuple(desks), tuple(hosts), tuple(patients))


async def fill(store: Store, clinic: Clinic, count: int) -> None:
    """Put so many requests on the board, all in one transaction."""
    by_system = system_actor(clinic.account_id)
    await store.perform(_fill_board, FillBoard(clinic, count), by_system)


def _fill_board(command: FillBoard, actor: Actor, unit: Unit, now: datetime) -> Done:
    clinic = command.clinic
    group = clinic.patient_group.id
    asking = SubmitRequest(clinic.id, clinic.services[0].id, RequestType.NOW, note=NOTE)
    for number in range(command.count):
        waiting = Person(PersonId(0), clinic.account_id, f"Waiting patient {number:04d}", ZONE)
        patient = unit.people.add(waiting)
        unit.people.join_patients(group, [patient.id])
        by_patient = Actor(patient.id, clinic.account_id, patient.name, asks_in=frozenset({group}))
        submit_request(asking, by_patient, unit, now)
    return Done(EntityRef(EntityKind.CLINIC, clinic.id))


def _clinic(account: AccountId) -> Clinic:
    return Clinic(
        id=ClinicId(0),
        account_id=account,
        name="Urgent video clinic",
        patient_group=Group(GroupId(0), account, "County patients"),
        host_group=Group(GroupId(0), account, "County providers"),
        mode=ClinicMode.ON_DEMAND,
        zone=ZONE,
        services=(Service(ServiceId(0), account, "Urgent care visit", "Same day.", 20),),
    )
