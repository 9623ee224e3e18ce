"""A few people around one clinic, made through the ports alone, on whatever store is given."""

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from dispatch.clinic import Clinic
from dispatch.events import EntityRef
from dispatch.people import Actor, system_actor
from dispatch.ports import Done, Reading, Store, Unit
from dispatch.request import SessionRequest
from dispatch.usecases.administration import (
    CreateClinic,
    CreatePerson,
    create_clinic,
    create_person,
)
from dispatch.usecases.intake import SubmitRequest, submit_request
from dispatch.vocabulary import (
    AccountId,
    ClinicId,
    EntityKind,
    GroupId,
    PersonId,
    RequestNumber,
    RequestType,
    ServiceId,
)
from tests.builders import a_clinic, a_group, a_person, a_service

T = TypeVar("T")
_COUNT = itertools.count(1)  # an address is a sign-in name, and no two people share one


class Ledger(Protocol):
    """What no port reads back: the outbox and the audit, as the tables hold them."""

    async def notices(self) -> Counter[tuple[int, str, str]]:
        """Count ``(recipient, kind, "request:12")`` in the outbox."""

    async def audit(self) -> int:
        """Count the audit rows."""


@dataclass
class Town:
    """The clinic, and who is there."""

    store: Store
    clinic: Clinic
    mia: Actor
    omar: Actor
    ada: Actor
    ben: Actor
    sam: Actor
    root: Actor

    @property
    def stream(self) -> str:
        return f"clinic:{self.clinic.id}"

    def asking(self, **changes: Any) -> SubmitRequest:
        given: dict[str, Any] = {
            "clinic_id": self.clinic.id,
            "service_id": self.clinic.services[0].id,
            "type": RequestType.SCHEDULED if changes.get("times") else RequestType.NOW,
        }
        return SubmitRequest(**given | changes)

    async def ask(self, actor: Actor | None = None, **changes: Any) -> SessionRequest:
        """Submit a request of Mia; return it as stored."""
        actor = actor or self.mia
        done = await self.store.perform(submit_request, self.asking(**changes), actor)
        assert done.number
        return await self.request(done.number, actor.account_id)

    async def request(
        self, number: RequestNumber, account: AccountId | None = None
    ) -> SessionRequest:
        account = account or self.clinic.account_id
        found = await self.store.read(lambda reading: reading.request(account, number))
        assert found
        return found

    async def cursor(self, stream: str | None = None) -> int:
        return (await self.store.read(lambda reading: reading.cursor(stream or self.stream))).seq

    async def within(self, step: Callable[[Unit, datetime], T], actor: Actor | None = None) -> T:
        """Run a step in a transaction of its own; return what it returned."""
        kept: list[T] = []

        def usecase(command: None, actor: Actor, unit: Unit, now: datetime) -> Done:
            kept.append(step(unit, now))
            return Done(EntityRef(EntityKind.CLINIC, self.clinic.id))

        await self.store.perform(usecase, None, actor or system_actor(self.clinic.account_id))
        return kept[-1]

    async def beside(self, name: str) -> Clinic:
        """Open another clinic with the same groups and services."""
        account = self.clinic.account_id
        draft = replace(self.clinic, id=ClinicId(0), name=name)
        done = await self.store.perform(create_clinic, CreateClinic(draft), system_actor(account))
        found = await self.store.read(lambda r: r.clinic(account, ClinicId(done.entity.id)))
        assert found
        return found

    async def newcomer(self, name: str, **relations: Any) -> Actor:
        """Add somebody; ``schedules``, ``hosts_in`` and ``asks_in`` say where they belong."""
        return await _person(self.store, self.clinic.account_id, name, **relations)


async def settle(
    store: Store, account: AccountId, name: str = "Evening", *, visit_minutes: int = 20
) -> Town:
    """Build a town in an account that exists."""
    services = (
        a_service(
            id=ServiceId(0),
            account_id=account,
            name=f"{name} visit",
            duration_minutes=visit_minutes,
        ),
        a_service(id=ServiceId(0), account_id=account, name=f"{name} advice", duration_minutes=45),
    )
    clinic = a_clinic(
        id=ClinicId(0),
        account_id=account,
        name=f"{name} Clinic",
        patient_group=a_group(f"{name} Patients", id=GroupId(0), account_id=account),
        host_group=a_group(f"{name} Providers", id=GroupId(0), account_id=account),
        services=services,
    )
    done = await store.perform(create_clinic, CreateClinic(clinic), system_actor(account))
    made = await store.read(lambda reading: reading.clinic(account, ClinicId(done.entity.id)))
    assert made
    asks, hosts = frozenset({made.patient_group.id}), frozenset({made.host_group.id})
    return Town(
        store,
        made,
        mia=await _person(store, account, "Mia Chen", asks_in=asks),
        omar=await _person(store, account, "Omar Diaz", asks_in=asks),
        ada=await _person(store, account, "Dr. Ada Berg", hosts_in=hosts),
        ben=await _person(store, account, "Dr. Ben Cole", hosts_in=hosts),
        sam=await _person(store, account, "Sam Ortiz", schedules=frozenset({made.id})),
        root=await _person(store, account, "Ruth Gold", is_administrator=True),
    )


async def _person(
    store: Store, account: AccountId, name: str, *, is_administrator: bool = False, **relations: Any
) -> Actor:
    plain = name.encode("ascii", "ignore").decode().lower().replace(".", "")
    address = f"{'.'.join(plain.split())}.{next(_COUNT)}@example.org"
    person = a_person(name, account_id=account, is_administrator=is_administrator, email=address)
    done = await store.perform(
        create_person, CreatePerson(person, **relations), system_actor(account)
    )
    return await actor(store, PersonId(done.entity.id))


async def actor(store: Store, person: PersonId) -> Actor:
    """Return them as they would act now."""

    def query(reading: Reading) -> Actor | None:
        return reading.actor(person)

    found = await store.read(query)
    assert found
    return found
