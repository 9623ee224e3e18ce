"""An administrator's view of the account in memory."""

from collections.abc import Sequence

from dispatch.account import Account
from dispatch.clinic import Group, Service
from dispatch.events import EntityRef
from dispatch.people import Person
from dispatch.views import AuditLine, GroupInUse, ServiceInUse, Unfinished
from dispatch.vocabulary import (
    AccountId,
    ClinicId,
    EntityKind,
    GroupId,
    GroupKind,
    PersonId,
    RequestId,
    ServiceId,
    SessionId,
)
from tests.fakes.memory import Memory


class FakeOversight:
    _rows: Memory

    def account(self, account: AccountId) -> Account:
        return self._rows.account(account)

    def person(self, account: AccountId, person: PersonId) -> Person | None:
        found = self._rows.people.get(person)
        return found if found and found.account_id == account else None

    def group(self, account: AccountId, kind: GroupKind, group: GroupId) -> Group | None:
        found = self._rows.groups(kind).get(group)
        return found if found and found.account_id == account else None

    def groups_in_use(self, account: AccountId) -> Sequence[GroupInUse]:
        rows = self._rows
        return [
            GroupInUse(
                kind,
                group,
                sum(held == group.id for held, _ in rows.members(kind)),
                [c.name for c in rows.in_use(kind, group.id) if not c.is_archived],
            )
            for kind in (GroupKind.PATIENTS, GroupKind.HOSTS)
            for group in sorted(rows.groups(kind).values(), key=lambda g: (g.name, g.id))
            if group.account_id == account
        ]

    def members(
        self, kind: GroupKind, group: GroupId, matching: str, limit: int
    ) -> Sequence[Person]:
        return self._members(kind, group, matching)[:limit]

    def count_members(self, kind: GroupKind, group: GroupId, matching: str) -> int:
        return len(self._members(kind, group, matching))

    def scheduling(self, clinic: ClinicId) -> Sequence[Person]:
        held = (self._rows.people[who] for c, who in self._rows.schedulers if c == clinic)
        return sorted(held, key=lambda p: (p.name, p.id))

    def unfinished(self, clinic: ClinicId) -> Unfinished:
        return self._rows.unfinished(clinic)

    def service(self, account: AccountId, key: ServiceId) -> Service | None:
        found = self._rows.services.get(key)
        return found if found and found.account_id == account else None

    def services_in_use(self, account: AccountId) -> Sequence[ServiceInUse]:
        living = (c for c in self._rows.clinics.values() if not c.is_archived)
        clinics = sorted(living, key=lambda c: (c.name, c.id))
        own = (s for s in self._rows.services.values() if s.account_id == account)
        return [
            ServiceInUse(one, [clinic.name for clinic in clinics if clinic.service(one.id)])
            for one in sorted(own, key=lambda s: (s.name, s.id))
        ]

    def audit(
        self,
        account: AccountId,
        *,
        kinds: str = "",
        actor: PersonId | None = None,
        before: int | None = None,
        limit: int,
    ) -> Sequence[AuditLine]:
        people, found = self._rows.people, []
        for key, row in enumerate(self._rows.audit, start=1):
            if row.names_it and row.account == account and row.kind.startswith(kinds):
                name = people[row.actor].name if row.actor else "The system"
                about = self._about(row.entity)
                line = AuditLine(
                    key,
                    row.at,
                    row.actor,
                    name,
                    row.kind,
                    row.entity.kind,
                    row.entity.id,
                    about,
                )
                found.append(line)
        return [
            line
            for line in reversed(found)
            if actor in {None, line.actor_id} and (before is None or line.id < before)
        ][:limit]

    def _about(self, entity: EntityRef) -> str:
        rows, key = self._rows, entity.id
        match entity.kind:
            case EntityKind.PERSON | EntityKind.PROVIDER | EntityKind.AVAILABILITY:
                return rows.people[PersonId(key)].name if key in rows.people else ""
            case EntityKind.REQUEST | EntityKind.PASS:
                return str(rows.requests[RequestId(key)].number)
            case EntityKind.SESSION:
                request = rows.sessions[SessionId(key)].request_id
                return str(rows.requests[request].number)
            case EntityKind.CLINIC:
                return rows.clinics[ClinicId(key)].name
            case EntityKind.SERVICE:
                return rows.services[ServiceId(key)].name
            case EntityKind.PATIENT_GROUP:
                return rows.patient_groups[GroupId(key)].name
            case EntityKind.HOST_GROUP:
                return rows.host_groups[GroupId(key)].name
            case EntityKind.ACCOUNT:
                return rows.account(AccountId(key)).name
            case _:
                return ""

    def _members(self, kind: GroupKind, group: GroupId, matching: str) -> list[Person]:
        people = (self._rows.people[who] for held, who in self._rows.members(kind) if held == group)
        found = [p for p in people if matching.lower() in p.name.lower()]
        return sorted(found, key=lambda p: (p.name, p.id))
