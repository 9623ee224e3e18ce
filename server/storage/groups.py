"""Patient and host groups, and the services that clinics offer, in the database."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, RowMapping, Table, delete, insert, select, update

from dispatch.clinic import Clinic, Group, Service
from dispatch.vocabulary import AccountId, GroupId, GroupKind, PersonId, ServiceId
from server.storage.clinics import clinics_where, columns_of_service
from server.storage.tables import (
    clinic,
    host_group,
    host_member,
    patient_group,
    patient_member,
    service,
)

GROUPS: dict[GroupKind, Table] = {
    GroupKind.PATIENTS: patient_group,
    GroupKind.HOSTS: host_group,
}
MEMBERS: dict[GroupKind, Table] = {
    GroupKind.PATIENTS: patient_member,
    GroupKind.HOSTS: host_member,
}
IN_CLINIC = {
    GroupKind.PATIENTS: clinic.c.patient_group_id,
    GroupKind.HOSTS: clinic.c.host_group_id,
}


class SqlGroups:
    """``dispatch.ports.Groups`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_account(self, account: AccountId, kind: GroupKind) -> Sequence[Group]:
        return groups_of(self._connection, account, kind)

    def get(self, account: AccountId, kind: GroupKind, group: GroupId) -> Group | None:
        return group_by_id(self._connection, account, kind, group)

    def add(self, account: AccountId, kind: GroupKind, name: str) -> Group:
        table = GROUPS[kind]
        values = {"account_id": account, "name": name}
        key = self._connection.execute(insert(table).returning(table.c.id), values).scalar_one()
        return Group(GroupId(key), account, name)

    def rename(self, kind: GroupKind, group: GroupId, name: str) -> None:
        table = GROUPS[kind]
        self._connection.execute(update(table).where(table.c.id == group).values(name=name))

    def holds(self, kind: GroupKind, group: GroupId, person: PersonId) -> bool:
        table = MEMBERS[kind]
        statement = select(table).where(table.c.group_id == group, table.c.person_id == person)
        return self._connection.execute(statement).first() is not None

    def leave(self, kind: GroupKind, group: GroupId, person: PersonId) -> None:
        table = MEMBERS[kind]
        self._connection.execute(
            delete(table).where(table.c.group_id == group, table.c.person_id == person)
        )

    def clinics(self, kind: GroupKind, group: GroupId) -> Sequence[Clinic]:
        """Return the clinics that the group asks or answers in."""
        return clinics_where(self._connection, IN_CLINIC[kind] == group)


class SqlServices:
    """``dispatch.ports.Services`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, account: AccountId, key: ServiceId) -> Service | None:
        return service_by_id(self._connection, account, key)

    def add(self, new: Service) -> Service:
        statement = insert(service).returning(service.c.id)
        key = self._connection.execute(statement, columns_of_service(new)).scalar_one()
        return replace(new, id=ServiceId(key))

    def save(self, changed: Service) -> None:
        self._connection.execute(
            update(service).where(service.c.id == changed.id).values(columns_of_service(changed))
        )


def groups_of(connection: Connection, account: AccountId, kind: GroupKind) -> list[Group]:
    """Return the groups of one kind by name."""
    table = GROUPS[kind]
    statement = (
        select(table).where(table.c.account_id == account).order_by(table.c.name, table.c.id)
    )
    return [_group(row) for row in connection.execute(statement).mappings()]


def group_by_id(
    connection: Connection, account: AccountId, kind: GroupKind, group: GroupId
) -> Group | None:
    """Return a group of the account."""
    table = GROUPS[kind]
    statement = select(table).where(table.c.id == group, table.c.account_id == account)
    row = connection.execute(statement).mappings().first()
    return _group(row) if row is not None else None


def service_by_id(connection: Connection, account: AccountId, key: ServiceId) -> Service | None:
    """Return a service of the account."""
    statement = select(service).where(service.c.id == key, service.c.account_id == account)
    row = connection.execute(statement).mappings().first()
    return service_of(row) if row is not None else None


def service_of(row: RowMapping) -> Service:
    """Return the service of a row."""
    return Service(
        id=ServiceId(row["id"]),
        account_id=AccountId(row["account_id"]),
        name=row["name"],
        description=row["description"],
        duration_minutes=row["duration_minutes"],
        payment_required=row["payment_required"],
    )


def _group(row: RowMapping) -> Group:
    return Group(GroupId(row["id"]), AccountId(row["account_id"]), row["name"])
