"""An administrator's view of the account: ``dispatch.oversight`` over one read transaction."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, select

from dispatch.account import Account
from dispatch.clinic import Group, Service
from dispatch.people import Person
from dispatch.views import AuditLine, GroupInUse, ServiceInUse, Unfinished
from dispatch.vocabulary import AccountId, ClinicId, GroupId, GroupKind, PersonId, ServiceId
from server.storage import audit_lines
from server.storage.accounts import account_by_id
from server.storage.clinics import unfinished_in
from server.storage.directory import is_named
from server.storage.groups import (
    GROUPS,
    IN_CLINIC,
    MEMBERS,
    group_by_id,
    groups_of,
    service_by_id,
    service_of,
)
from server.storage.people import person_by_id, person_of
from server.storage.tables import clinic, clinic_scheduler, clinic_service, person, service


class SqlOversight:
    """The part of ``SqlReading`` that administrators use."""

    _connection: Connection

    def account(self, account: AccountId) -> Account:
        return account_by_id(self._connection, account)

    def person(self, account: AccountId, person_id: PersonId) -> Person | None:
        return person_by_id(self._connection, account, person_id)

    def group(self, account: AccountId, kind: GroupKind, group: GroupId) -> Group | None:
        return group_by_id(self._connection, account, kind, group)

    def groups_in_use(self, account: AccountId) -> Sequence[GroupInUse]:
        """Return patient groups, then host groups, each by name."""
        found = []
        for kind in (GroupKind.PATIENTS, GroupKind.HOSTS):
            members, clinics = self._sizes(account, kind), self._clinics_of(account, kind)
            found += [
                GroupInUse(kind, group, members.get(group.id, 0), clinics.get(group.id, []))
                for group in groups_of(self._connection, account, kind)
            ]
        return found

    def members(
        self, kind: GroupKind, group: GroupId, matching: str, limit: int
    ) -> Sequence[Person]:
        """Return members whose name holds the text, by name, disabled ones too."""
        member = MEMBERS[kind]
        statement = (
            select(person)
            .join(member, member.c.person_id == person.c.id)
            .where(member.c.group_id == group, is_named(matching))
            .order_by(person.c.name, person.c.id)
            .limit(limit)
        )
        return [person_of(row) for row in self._connection.execute(statement).mappings()]

    def count_members(self, kind: GroupKind, group: GroupId, matching: str) -> int:
        member = MEMBERS[kind]
        statement = select(func.count()).select_from(member).where(member.c.group_id == group)
        if matching:
            named = select(person.c.id).where(is_named(matching))
            statement = statement.where(member.c.person_id.in_(named))
        return self._connection.execute(statement).scalar_one()

    def scheduling(self, clinic_id: ClinicId) -> Sequence[Person]:
        """Return the clinic's schedulers by name, disabled ones too."""
        statement = (
            select(person)
            .join(clinic_scheduler, clinic_scheduler.c.person_id == person.c.id)
            .where(clinic_scheduler.c.clinic_id == clinic_id)
            .order_by(person.c.name, person.c.id)
        )
        return [person_of(row) for row in self._connection.execute(statement).mappings()]

    def unfinished(self, clinic_id: ClinicId) -> Unfinished:
        return unfinished_in(self._connection, clinic_id)

    def service(self, account: AccountId, key: ServiceId) -> Service | None:
        return service_by_id(self._connection, account, key)

    def services_in_use(self, account: AccountId) -> Sequence[ServiceInUse]:
        statement = (
            select(service, clinic.c.name.label("clinic"))
            .outerjoin(clinic_service, clinic_service.c.service_id == service.c.id)
            .outerjoin(
                clinic,
                (clinic.c.id == clinic_service.c.clinic_id) & clinic.c.archived_at.is_(None),
            )
            .where(service.c.account_id == account)
            .order_by(service.c.name, service.c.id, clinic.c.name)
        )
        services: dict[int, Service] = {}
        clinics: dict[int, list[str]] = {}
        for row in self._connection.execute(statement).mappings():
            services[row["id"]] = service_of(row)
            named = clinics.setdefault(row["id"], [])
            if row["clinic"] is not None:
                named.append(row["clinic"])
        return [ServiceInUse(one, clinics[key]) for key, one in services.items()]

    def audit(
        self,
        account: AccountId,
        *,
        kinds: str = "",
        actor: PersonId | None = None,
        before: int | None = None,
        limit: int,
    ) -> Sequence[AuditLine]:
        """Return what happened, the youngest first, older than the line ``before``."""
        return audit_lines.lines_of(
            self._connection, account, kinds=kinds, actor=actor, before=before, limit=limit
        )

    def _sizes(self, account: AccountId, kind: GroupKind) -> Mapping[int, int]:
        group, member = GROUPS[kind], MEMBERS[kind]
        statement = (
            select(member.c.group_id, func.count())
            .join(group, group.c.id == member.c.group_id)
            .where(group.c.account_id == account)
            .group_by(member.c.group_id)
        )
        return {row[0]: row[1] for row in self._connection.execute(statement)}

    def _clinics_of(self, account: AccountId, kind: GroupKind) -> Mapping[int, list[str]]:
        statement = (
            select(IN_CLINIC[kind], clinic.c.name)
            .where(clinic.c.account_id == account, clinic.c.archived_at.is_(None))
            .order_by(clinic.c.name, clinic.c.id)
        )
        clinics: dict[int, list[str]] = {}
        for group, name in self._connection.execute(statement):
            clinics.setdefault(group, []).append(name)
        return clinics
