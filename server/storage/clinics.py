"""Clinics with their groups and services in the database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from dispatch.clinic import Clinic, Group, Service
from dispatch.lifecycle import OPEN_SESSIONS
from dispatch.views import Unfinished
from dispatch.vocabulary import (
    AccountId,
    ClinicId,
    ClinicMode,
    GroupId,
    PersonId,
    RequestStatus,
    ServiceId,
)
from server.storage.among import Among
from server.storage.tables import (
    clinic,
    clinic_scheduler,
    clinic_service,
    host_group,
    host_member,
    patient_group,
    person,
    request,
    service,
    video_session,
)

_PLAIN = [
    column.name
    for column in clinic.c
    if column.name not in {"id", "patient_group_id", "host_group_id", "mode"}
]
_CLINICS = (  # a row for each service, and one at least
    select(
        clinic,
        patient_group.c.name.label("patient_name"),
        host_group.c.name.label("host_name"),
        *(column.label(f"service_{column.name}") for column in service.c),
    )
    .join(patient_group, patient_group.c.id == clinic.c.patient_group_id)
    .join(host_group, host_group.c.id == clinic.c.host_group_id)
    .outerjoin(clinic_service, clinic_service.c.clinic_id == clinic.c.id)
    .outerjoin(service, service.c.id == clinic_service.c.service_id)
    .order_by(clinic.c.name, clinic.c.id, clinic_service.c.position, service.c.id)
)
_ONE = _CLINICS.where(clinic.c.id == bindparam("id"), clinic.c.account_id == bindparam("account"))


_WITH_HOST = _CLINICS.where(
    clinic.c.host_group_id.in_(
        select(host_member.c.group_id).where(host_member.c.person_id == bindparam("host"))
    )
)
_WITH_HOSTS = Among(
    "hosts",
    lambda is_asked: (
        select(host_member.c.person_id, clinic.c.id)
        .join(clinic, clinic.c.host_group_id == host_member.c.group_id)
        .where(is_asked(host_member.c.person_id))
    ),
)
_UNFINISHED = select(  # one statement: what is accepted meanwhile is in one of the two counts
    select(func.count())
    .where(request.c.clinic_id == bindparam("clinic"), request.c.status == RequestStatus.PENDING)
    .scalar_subquery(),
    select(func.count())
    .where(
        video_session.c.clinic_id == bindparam("clinic"),
        video_session.c.status.in_(sorted(OPEN_SESSIONS)),
    )
    .scalar_subquery(),
)
_SCHEDULERS = (
    select(clinic_scheduler.c.person_id)
    .join(person, person.c.id == clinic_scheduler.c.person_id)
    .where(clinic_scheduler.c.clinic_id == bindparam("clinic"), person.c.disabled_at.is_(None))
    .order_by(clinic_scheduler.c.person_id)
)


class SqlClinics:
    """``dispatch.ports.Clinics`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, account: AccountId, clinic_id: ClinicId) -> Clinic | None:
        return clinic_by_id(self._connection, account, clinic_id)

    def of_account(self, account: AccountId) -> Sequence[Clinic]:
        return clinics_where(self._connection, clinic.c.account_id == account)

    def lock(self, clinic_id: ClinicId) -> None:
        """Hold it: a request that names it waits, for its foreign key wants the row."""
        statement = select(clinic.c.id).where(clinic.c.id == clinic_id).with_for_update()
        self._connection.execute(statement).all()

    def unfinished(self, clinic_id: ClinicId) -> Unfinished:
        """Return what goes on there, counted in one statement."""
        return unfinished_in(self._connection, clinic_id)

    def with_host(self, host: PersonId) -> Sequence[Clinic]:
        """Return every clinic whose host group holds them."""
        return _clinics(self._connection.execute(_WITH_HOST, {"host": host}).mappings())

    def with_hosts(self, hosts: Collection[PersonId]) -> Mapping[PersonId, frozenset[ClinicId]]:
        """Return those of each of the hosts."""
        if not hosts:
            return {}
        found: dict[PersonId, set[ClinicId]] = {}
        asked = {"hosts": [*hosts]}
        for host, key in self._connection.execute(_WITH_HOSTS.on(self._connection), asked):
            found.setdefault(PersonId(host), set()).add(ClinicId(key))
        return {host: frozenset(found.get(host, ())) for host in hosts}

    def groups(self, account: AccountId) -> tuple[frozenset[GroupId], frozenset[GroupId]]:
        """Return the account's patient groups and host groups."""
        patients, hosts = (
            self._connection.execute(select(table.c.id).where(table.c.account_id == account))
            for table in (patient_group, host_group)
        )
        return frozenset(patients.scalars()), frozenset(hosts.scalars())

    def schedulers(self, clinic_id: ClinicId) -> Sequence[PersonId]:
        return list(self._connection.execute(_SCHEDULERS, {"clinic": clinic_id}).scalars())

    def add(self, draft: Clinic) -> Clinic:
        """Store it; groups and services of id 0 are made, the others linked."""
        patients = self._group(patient_group, draft.patient_group)
        hosts = self._group(host_group, draft.host_group)
        services = tuple(self._service(offered) for offered in draft.services)
        whole = replace(draft, patient_group=patients, host_group=hosts, services=services)
        made = replace(whole, id=ClinicId(self._insert(clinic, _columns(whole))))
        self._offer(made)
        return made

    def save(self, changed: Clinic) -> None:
        """Store its settings, its groups, and which services it offers in which order."""
        whose = clinic_service.c.clinic_id == changed.id
        self._connection.execute(
            update(clinic).where(clinic.c.id == changed.id).values(_columns(changed))
        )
        self._connection.execute(delete(clinic_service).where(whose))
        self._offer(changed)

    def add_scheduler(self, clinic_id: ClinicId, person: PersonId) -> None:
        link = {"clinic_id": clinic_id, "person_id": person}
        self._connection.execute(insert(clinic_scheduler), link)

    def remove_scheduler(self, clinic_id: ClinicId, person: PersonId) -> None:
        self._connection.execute(
            delete(clinic_scheduler).where(
                clinic_scheduler.c.clinic_id == clinic_id, clinic_scheduler.c.person_id == person
            )
        )

    def _offer(self, by: Clinic) -> None:
        links = [
            {"clinic_id": by.id, "service_id": offered.id, "position": position}
            for position, offered in enumerate(by.services)
        ]
        if links:
            self._connection.execute(insert(clinic_service), links)

    def _group(self, table: Table, group: Group) -> Group:
        if group.id:
            return group
        values = {"account_id": group.account_id, "name": group.name}
        return replace(group, id=GroupId(self._insert(table, values)))

    def _service(self, offered: Service) -> Service:
        if offered.id:
            return offered
        return replace(offered, id=ServiceId(self._insert(service, columns_of_service(offered))))

    def _insert(self, table: Table, values: dict[str, Any]) -> int:
        return int(
            self._connection.execute(insert(table).returning(table.c.id), values).scalar_one()
        )


def clinic_by_id(connection: Connection, account: AccountId, clinic_id: ClinicId) -> Clinic | None:
    """Return a clinic of the account."""
    rows = connection.execute(_ONE, {"id": clinic_id, "account": account}).mappings()
    return next(iter(_clinics(rows)), None)


def unfinished_in(connection: Connection, clinic_id: ClinicId) -> Unfinished:
    """Return the requests that wait in a clinic and its sessions that are not over."""
    waiting, to_come = connection.execute(_UNFINISHED, {"clinic": clinic_id}).one()
    return Unfinished(waiting, to_come)


def clinics_where(connection: Connection, condition: ColumnElement[bool]) -> list[Clinic]:
    """Return clinics by name."""
    return _clinics(connection.execute(_CLINICS.where(condition)).mappings())


def _clinics(rows: Iterable[RowMapping]) -> list[Clinic]:
    grouped = (list(group) for _, group in groupby(rows, key=itemgetter("id")))
    return [
        _clinic(group[0], tuple(_service(row) for row in group if row["service_id"] is not None))
        for group in grouped
    ]


def columns_of_service(of: Service) -> dict[str, Any]:
    """Return the row of a service without its key."""
    return {
        "account_id": of.account_id,
        "name": of.name,
        "description": of.description,
        "duration_minutes": of.duration_minutes,
        "payment_required": of.payment_required,
    }


def _columns(of: Clinic) -> dict[str, Any]:
    return {name: getattr(of, name) for name in _PLAIN} | {
        "mode": of.mode,
        "patient_group_id": of.patient_group.id,
        "host_group_id": of.host_group.id,
    }


def _service(row: RowMapping) -> Service:
    return Service(
        id=ServiceId(row["service_id"]),
        account_id=AccountId(row["service_account_id"]),
        name=row["service_name"],
        description=row["service_description"],
        duration_minutes=row["service_duration_minutes"],
        payment_required=row["service_payment_required"],
    )


def _clinic(row: RowMapping, services: tuple[Service, ...]) -> Clinic:
    account = AccountId(row["account_id"])
    return Clinic(
        id=ClinicId(row["id"]),
        patient_group=Group(GroupId(row["patient_group_id"]), account, row["patient_name"]),
        host_group=Group(GroupId(row["host_group_id"]), account, row["host_name"]),
        mode=ClinicMode(row["mode"]),
        services=services,
        **{name: row[name] for name in _PLAIN},
    )
