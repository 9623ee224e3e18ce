"""The clinic that is measured: schedulers, twenty available providers, and a line of patients."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.clinic import Clinic, Group, Service
from dispatch.events import EntityRef
from dispatch.people import Actor, Person, system_actor
from dispatch.ports import Done, Unit
from dispatch.request import SessionRequest
from dispatch.usecases.administration import CreateClinic, CreatePerson, create_clinic, create_person
from dispatch.usecases.availability import SetAvailability, set_availability
from dispatch.usecases.logins import BeginLogin, begin_login
from dispatch.vocabulary import (
    AccountId,
    ClinicId,
    ClinicMode,
    EntityKind,
    GroupId,
    PersonId,
    RequestId,
    RequestNumber,
    RequestType,
    ServiceId,
)
from server.storage.store import SqliteStore
from server.web.login import hash_of

HOSTS = 20
ZONE = "America/New_York"
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
    """Put so many requests for now on the board, a second apart, each of a new patient."""

    clinic: Clinic
    count: int


def token_of(scheduler: int) -> str:
    """Return the sign-in of the n-th scheduler; deterministic, and worth nothing elsewhere."""
    return f"bench-scheduler-{scheduler:04d}"


async def found(store: SqliteStore, schedulers: int, pending: int) -> Town:
    """Found the town, everybody signed in and every provider available."""
    account = await store.create_account("Bench")
    by_system = system_actor(account)
    made = await store.perform(create_clinic, CreateClinic(_clinic(account)), by_system)
    clinic = await store.read(lambda reading: reading.clinic(account, ClinicId(made.entity.id)))
    assert clinic is not None

    async def person(name: str, **relations: frozenset[int]) -> Actor:
        command = CreatePerson(Person(PersonId(0), account, name, ZONE), **relations)  # type: ignore[arg-type]
        stored = await store.perform(create_person, command, by_system)
        actor = await store.read(lambda reading: reading.actor(PersonId(stored.entity.id)))
        assert actor is not None
        return actor

    hosts = [
        await person(f"Provider {number:02d} {_TITLES}", hosts_in=frozenset({clinic.host_group.id}))
        for number in range(HOSTS)
    ]
    for host in hosts:
        await store.perform(set_availability, SetAvailability(is_on=True), host)
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
    await store.perform(fill_board, FillBoard(clinic, pending), by_system)
    return Town(clinic, tuple(desks), tuple(hosts), tuple(patients))


def fill_board(command: FillBoard, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Fill it in one transaction, through the same adapters as any request, without events."""
    clinic = command.clinic
    for number in range(command.count):
        waiting = Person(PersonId(0), clinic.account_id, f"Waiting patient {number:04d}", ZONE)
        patient = unit.people.add(waiting)
        unit.people.join_patients(clinic.patient_group.id, [patient.id])
        at = now - timedelta(seconds=command.count - number)
        unit.requests.add(_request(clinic, patient.id, at))
    return Done(EntityRef(EntityKind.CLINIC, clinic.id))


def _request(clinic: Clinic, patient: PersonId, at: datetime) -> SessionRequest:
    return SessionRequest(
        id=RequestId(0),
        account_id=clinic.account_id,
        number=RequestNumber(0),
        clinic_id=clinic.id,
        service_id=clinic.services[0].id,
        requester_id=patient,
        type=RequestType.NOW,
        times=(),
        zone=ZONE,
        target_host_id=None,
        note="Sore throat and a temperature since Tuesday evening; no known allergies.",
        submitted_at=at,
        submitted_by_id=patient,
    )


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
