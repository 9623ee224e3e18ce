"""Clinics, people, hosts and sign-ins in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.availability import Availability
from dispatch.clinic import Clinic
from dispatch.people import Actor, Person
from dispatch.slots import Slot
from dispatch.views import Unfinished
from dispatch.vocabulary import AccountId, ClinicId, GroupId, LoginId, PersonId, ServiceId
from tests.fakes.memory import Login, Memory


@dataclass
class FakeClinics:
    rows: Memory

    def get(self, account: AccountId, clinic_id: ClinicId) -> Clinic | None:
        clinic = self.rows.clinics.get(clinic_id)
        return clinic if clinic and clinic.account_id == account else None

    def of_account(self, account: AccountId) -> list[Clinic]:
        own = (clinic for clinic in self.rows.clinics.values() if clinic.account_id == account)
        return sorted(own, key=lambda clinic: (clinic.name, clinic.id))

    def lock(self, clinic_id: ClinicId) -> None:
        """Nothing to hold: transactions in memory come one after another."""

    def unfinished(self, clinic_id: ClinicId) -> Unfinished:
        return self.rows.unfinished(clinic_id)

    def with_host(self, host: PersonId) -> list[Clinic]:
        groups = {group for group, who in self.rows.hosts if who == host}
        return [clinic for clinic in self.rows.clinics.values() if clinic.host_group.id in groups]

    def with_hosts(self, hosts: Collection[PersonId]) -> dict[PersonId, frozenset[ClinicId]]:
        return {host: frozenset(c.id for c in self.with_host(host)) for host in hosts}

    def groups(self, account: AccountId) -> tuple[frozenset[GroupId], frozenset[GroupId]]:
        patients, hosts = (
            frozenset(group.id for group in groups.values() if group.account_id == account)
            for groups in (self.rows.patient_groups, self.rows.host_groups)
        )
        return patients, hosts

    def schedulers(self, clinic_id: ClinicId) -> list[PersonId]:
        people = self.rows.people
        who = [p for c, p in self.rows.schedulers if c == clinic_id and not people[p].is_disabled]
        return sorted(who)

    def add(self, clinic: Clinic) -> Clinic:
        rows = self.rows
        patients, hosts = clinic.patient_group, clinic.host_group
        if not patients.id:
            patients = replace(patients, id=GroupId(rows.next_id("patient_group")))
        if not hosts.id:
            hosts = replace(hosts, id=GroupId(rows.next_id("host_group")))
        rows.patient_groups[patients.id] = patients
        rows.host_groups[hosts.id] = hosts
        services = []
        for service in clinic.services:
            offered = service
            if not service.id:
                offered = replace(service, id=ServiceId(rows.next_id("service")))
            rows.services[offered.id] = offered
            services.append(offered)
        stored = replace(
            clinic,
            id=ClinicId(rows.next_id("clinic")),
            patient_group=patients,
            host_group=hosts,
            services=tuple(services),
        )
        rows.clinics[stored.id] = stored
        return stored

    def add_scheduler(self, clinic_id: ClinicId, person: PersonId) -> None:
        self.rows.schedulers.add((clinic_id, person))

    def save(self, clinic: Clinic) -> None:
        self.rows.clinics[clinic.id] = clinic

    def remove_scheduler(self, clinic_id: ClinicId, person: PersonId) -> None:
        self.rows.schedulers.discard((clinic_id, person))


@dataclass
class FakeHosts:
    rows: Memory

    def lock(self, hosts: Collection[PersonId]) -> None:
        """Nothing to hold: transactions in memory come one after another."""

    def availability(self, host: PersonId) -> Availability:
        return self.rows.toggle(host)

    def save_availability(self, availability: Availability) -> None:
        self.rows.toggles[availability.host_id] = availability

    def slots(
        self, hosts: Collection[PersonId], start: datetime, end: datetime
    ) -> tuple[Slot, ...]:
        return self.rows.slots_touching(hosts, start, end)


@dataclass
class FakeLogins:
    rows: Memory

    def add(self, token_hash: str, person: PersonId, now: datetime, until: datetime) -> LoginId:
        login = Login(LoginId(self.rows.next_id("login")), token_hash, person, until)
        self.rows.logins[login.id] = login
        return login.id

    def end(self, login: LoginId, person: PersonId, now: datetime) -> None:
        held = self.rows.logins.get(login)
        if held is not None and held.person == person:
            self.rows.logins[login] = self.rows.logins[login]._replace(ended_at=now)

    def end_all(self, person: PersonId, now: datetime) -> Sequence[LoginId]:
        logins = [x for x in self.rows.logins.values() if x.person == person and not x.ended_at]
        for login in logins:
            self.end(login.id, person, now)
        return [login.id for login in logins]


@dataclass
class FakePeople:
    rows: Memory

    def get(self, account: AccountId, person_id: PersonId) -> Person | None:
        person = self.rows.people.get(person_id)
        return person if person and person.account_id == account else None

    def name(self, person_id: PersonId) -> str:
        return self.rows.people[person_id].name if person_id else "The system"

    def actor(self, person_id: PersonId) -> Actor | None:
        return self.rows.actor(person_id)

    def add(self, person: Person, password_hash: str = "") -> Person:
        stored = replace(person, id=PersonId(self.rows.next_id("person")))
        self.rows.people[stored.id] = stored
        self.rows.passwords[stored.id] = password_hash
        return stored

    def save(self, person: Person) -> None:
        self.rows.people[person.id] = person

    def set_password(self, person_id: PersonId, password_hash: str) -> None:
        self.rows.passwords[person_id] = password_hash

    def has_password(self, person_id: PersonId, password_hash: str) -> bool:
        return self.rows.passwords.get(person_id) == password_hash

    def administrators(self, account: AccountId) -> list[PersonId]:
        people = (p for p in self.rows.people.values() if p.account_id == account)
        return sorted(p.id for p in people if p.is_administrator and not p.is_disabled)

    def set_zone(self, person_id: PersonId, zone: str) -> None:
        self.rows.people[person_id] = replace(self.rows.people[person_id], zone=zone)

    def set_disabled(self, person_id: PersonId, at: datetime | None) -> None:
        person = self.rows.people[person_id]
        self.rows.people[person_id] = replace(person, is_disabled=at is not None)

    def schedules(self, person_id: PersonId) -> frozenset[ClinicId]:
        return frozenset(clinic for clinic, who in self.rows.schedulers if who == person_id)

    def in_host_group(self, group: GroupId) -> list[Person]:
        return self.rows.host_group(group)

    def in_patient_group(self, group: GroupId, person: PersonId) -> bool:
        return (group, person) in self.rows.patients

    def join_hosts(self, group: GroupId, people: Collection[PersonId]) -> frozenset[PersonId]:
        new = {(group, person) for person in people} - self.rows.hosts
        self.rows.hosts |= new
        return frozenset(person for _, person in new)

    def join_patients(self, group: GroupId, people: Collection[PersonId]) -> frozenset[PersonId]:
        new = {(group, person) for person in people} - self.rows.patients
        self.rows.patients |= new
        return frozenset(person for _, person in new)

    def by_source(self, account: AccountId, identifiers: Collection[str]) -> Mapping[str, PersonId]:
        return {
            p.source_identifier: p.id
            for p in self.rows.people.values()
            if p.account_id == account
            and p.source_identifier
            and p.source_identifier in identifiers
        }

    def by_email(self, account: AccountId, email: str) -> Person | None:
        people = (p for p in self.rows.people.values() if p.account_id == account and p.email)
        return next((p for p in people if p.email and p.email.lower() == email.lower()), None)

    def known_emails(self, emails: Collection[str]) -> frozenset[str]:
        wanted = {email.lower() for email in emails}
        known = (p.email.lower() for p in self.rows.people.values() if p.email)
        return frozenset(email for email in known if email in wanted)
