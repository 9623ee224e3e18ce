"""The demo's first day: account, clinics, groups and everybody who belongs there."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from dispatch.clinic import Clinic
from dispatch.people import NewPerson, Person, system_actor
from dispatch.ports import Store
from dispatch.usecases.administration import (
    CreateClinic,
    CreatePerson,
    ImportPeople,
    create_clinic,
    create_person,
    import_people,
)
from dispatch.vocabulary import AccountId, ClinicId, GroupId, PersonId
from server.demo import cast as roles
from server.demo.cast import ACCOUNT, PROVIDERS, Cast, DemoError
from server.demo.forms import make_forms
from server.demo.places import ACCOUNT_NAME, ZONE, harbor, northside
from server.demo.ready_words import keep_ready
from server.roster import read_roster

OWN_ROSTER = Path(__file__).resolve().parent / "roster"


class FoundingStore(Store, Protocol):
    """A store in which an account can be opened."""

    async def create_account(self, name: str) -> AccountId: ...


@dataclass(frozen=True, slots=True)
class _Newcomer:
    source: str
    name: str
    email: str | None
    schedules: tuple[Clinic, ...] = ()
    hosts_in: tuple[Clinic, ...] = ()
    asks_in: tuple[Clinic, ...] = ()


async def found(store: FoundingStore) -> Cast:
    """Build both clinics and their people, all but the administrator.

    Raises:
        DemoError: somebody else's account is in this database.
    """
    if await store.create_account(ACCOUNT_NAME) != ACCOUNT:
        raise DemoError(
            "This database is not empty, so the demo leaves it alone. "
            "Name another file in DISPATCH_DATABASE_URL, or delete the demo's own with --reset."
        )
    clinics = (
        await _clinic(store, northside(ACCOUNT)),
        await _clinic(store, harbor(ACCOUNT)),
    )
    await keep_ready(store, clinics[0])
    await make_forms(store, *clinics)
    own = read_roster(OWN_ROSTER)
    patient_groups = [clinic.patient_group.id for clinic in clinics]
    await bring_in(store, own.patients, patient_groups=patient_groups)
    for person in own.practitioners:
        held = [c.host_group.id for c in clinics if c.name in PROVIDERS[person.source_identifier]]
        await bring_in(store, [person], host_groups=held)
    for newcomer in _newcomers(*clinics):
        await _create(store, newcomer)
    return await _found_again(store, *clinics)


async def finish(store: Store, cast: Cast) -> Cast:
    """Add the administrator, whose presence says that the demo is complete."""
    newcomer = _Newcomer(roles.ADMINISTRATOR, "Ruth Abernathy", "ruth.abernathy@example.com")
    await _create(store, newcomer, is_administrator=True)
    return await _found_again(store, *cast.clinics)


async def bring_in(
    store: Store,
    people: Collection[NewPerson],
    *,
    host_groups: Iterable[GroupId] = (),
    patient_groups: Iterable[GroupId] = (),
) -> None:
    """Let people of a roster join groups."""
    command = ImportPeople(tuple(people), ZONE, frozenset(host_groups), frozenset(patient_groups))
    await store.perform(import_people, command, system_actor(ACCOUNT))


def _newcomers(north: Clinic, bay: Clinic) -> tuple[_Newcomer, ...]:
    both = (north, bay)
    return (
        _Newcomer(roles.SCHEDULER, "Dana Whitfield", "dana.whitfield@example.com", both),
        _Newcomer(roles.NORTHSIDE_DESK, "Luis Herrera", "luis.herrera@example.com", (north,)),
        _Newcomer(roles.HARBOR_DESK, "Grace Kim", "grace.kim@example.com", (bay,)),
        _provider("demo:provider-1", "Sofia Marchetti, NP", both),
        _provider("demo:provider-2", "Dr. Yusuf Demir", both),
        _provider("demo:provider-3", "Tomasz Wójcik, PA", both),
        _Newcomer(roles.PATIENT, "Rosa Delgado", "rosa.delgado@example.com", asks_in=both),
        _Newcomer(roles.WITHOUT_EMAIL, "Samuel Osei", None, asks_in=both),
    )


def _provider(source: str, name: str, clinics: tuple[Clinic, ...]) -> _Newcomer:
    given, family = name.removeprefix("Dr. ").partition(",")[0].split()
    email = f"{given}.{family}@example.com".lower().replace("ó", "o")
    held = tuple(clinic for clinic in clinics if clinic.name in PROVIDERS[source])
    return _Newcomer(source, name, email, hosts_in=held)


async def _clinic(store: Store, draft: Clinic) -> Clinic:
    made = await store.perform(create_clinic, CreateClinic(draft), system_actor(ACCOUNT))
    key = ClinicId(made.entity.id)
    clinic = await store.read(lambda reading: reading.clinic(ACCOUNT, key))
    return clinic or replace(draft, id=key)


async def _create(store: Store, who: _Newcomer, *, is_administrator: bool = False) -> None:
    person = Person(
        id=PersonId(0),
        account_id=ACCOUNT,
        name=who.name,
        zone=ZONE,
        email=who.email,
        source_identifier=who.source,
        is_administrator=is_administrator,
    )
    command = CreatePerson(
        person,
        schedules=frozenset(clinic.id for clinic in who.schedules),
        hosts_in=frozenset(clinic.host_group.id for clinic in who.hosts_in),
        asks_in=frozenset(clinic.patient_group.id for clinic in who.asks_in),
    )
    await store.perform(create_person, command, system_actor(ACCOUNT))


async def _found_again(store: Store, north: Clinic, bay: Clinic) -> Cast:
    people = await store.read(lambda reading: reading.people(ACCOUNT, "", roles.EVERYBODY))
    return Cast(
        north, bay, {one.source_identifier: one.id for one in people if one.source_identifier}
    )
