"""The account, its groups and its services in memory."""

from dataclasses import dataclass, replace

from dispatch.account import Account
from dispatch.clinic import Clinic, Group, Service
from dispatch.vocabulary import AccountId, GroupId, GroupKind, PersonId, ServiceId
from tests.fakes.memory import Memory


@dataclass
class FakeAccounts:
    rows: Memory

    def get(self, account: AccountId) -> Account:
        return self.rows.account(account)

    def lock(self, account: AccountId) -> None:
        """Nothing to hold: transactions in memory come one after another."""

    def save(self, account: Account) -> None:
        self.rows.accounts[account.id] = account


@dataclass
class FakeGroups:
    rows: Memory

    def of_account(self, account: AccountId, kind: GroupKind) -> list[Group]:
        own = (g for g in self.rows.groups(kind).values() if g.account_id == account)
        return sorted(own, key=lambda group: (group.name, group.id))

    def get(self, account: AccountId, kind: GroupKind, group: GroupId) -> Group | None:
        found = self.rows.groups(kind).get(group)
        return found if found and found.account_id == account else None

    def add(self, account: AccountId, kind: GroupKind, name: str) -> Group:
        table = "patient_group" if kind is GroupKind.PATIENTS else "host_group"
        group = Group(GroupId(self.rows.next_id(table)), account, name)
        self.rows.groups(kind)[group.id] = group
        return group

    def rename(self, kind: GroupKind, group: GroupId, name: str) -> None:
        renamed = replace(self.rows.groups(kind)[group], name=name)
        self.rows.groups(kind)[group] = renamed
        for clinic in self.clinics(kind, group):
            self.rows.clinics[clinic.id] = (
                replace(clinic, patient_group=renamed)
                if kind is GroupKind.PATIENTS
                else replace(clinic, host_group=renamed)
            )

    def holds(self, kind: GroupKind, group: GroupId, person: PersonId) -> bool:
        return (group, person) in self.rows.members(kind)

    def leave(self, kind: GroupKind, group: GroupId, person: PersonId) -> None:
        self.rows.members(kind).discard((group, person))

    def clinics(self, kind: GroupKind, group: GroupId) -> list[Clinic]:
        return self.rows.in_use(kind, group)


@dataclass
class FakeServices:
    rows: Memory

    def get(self, account: AccountId, key: ServiceId) -> Service | None:
        found = self.rows.services.get(key)
        return found if found and found.account_id == account else None

    def add(self, service: Service) -> Service:
        made = replace(service, id=ServiceId(self.rows.next_id("service")))
        self.rows.services[made.id] = made
        return made

    def save(self, service: Service) -> None:
        self.rows.services[service.id] = service
        for clinic in self.rows.clinics.values():
            offered = tuple(service if s.id == service.id else s for s in clinic.services)
            self.rows.clinics[clinic.id] = replace(clinic, services=offered)
