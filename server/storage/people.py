"""People and their memberships in the database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, RowMapping, Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dispatch.people import Actor, Person
from dispatch.vocabulary import AccountId, ClinicId, GroupId, PersonId
from server.storage.actors import actor_by_id
from server.storage.tables import clinic_scheduler, host_member, patient_member, person

_NAME = select(person.c.name).where(person.c.id == bindparam("id"))
_BATCH = 500  # values in one IN list
T = TypeVar("T")


_HOSTS = (
    select(person)
    .join(host_member, host_member.c.person_id == person.c.id)
    .where(host_member.c.group_id == bindparam("group"), person.c.disabled_at.is_(None))
    .order_by(person.c.name, person.c.id)
)


class SqlPeople:
    """``dispatch.ports.People`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, account: AccountId, person_id: PersonId) -> Person | None:
        return person_by_id(self._connection, account, person_id)

    def name(self, person_id: PersonId) -> str:
        """Return a name for a sentence; ``The system`` for 0."""
        return self._connection.execute(_NAME, {"id": person_id}).scalar() or "The system"

    def actor(self, person_id: PersonId) -> Actor | None:
        return actor_by_id(self._connection, person_id)

    def add(self, new: Person, password_hash: str = "") -> Person:
        values = {
            "account_id": new.account_id,
            "name": new.name,
            "zone": new.zone,
            "email": new.email.lower() if new.email else None,
            "phone": new.phone,
            "birth_date": new.birth_date,
            "source_identifier": new.source_identifier,
            "password_hash": password_hash,
            "is_administrator": new.is_administrator,
        }
        key = self._connection.execute(insert(person).returning(person.c.id), values).scalar_one()
        return replace(new, id=PersonId(key))

    def save(self, changed: Person) -> None:
        """Keep name, zone, e-mail, phone, the administrator's right and the invitation."""
        self._connection.execute(
            update(person)
            .where(person.c.id == changed.id)
            .values(
                name=changed.name,
                zone=changed.zone,
                email=changed.email.lower() if changed.email else None,
                phone=changed.phone,
                is_administrator=changed.is_administrator,
                invited_at=changed.invited_at,
                moved_at=changed.moved_at,
            )
        )

    def set_password(self, person_id: PersonId, password_hash: str) -> None:
        values = {"password_hash": password_hash}
        self._connection.execute(update(person).where(person.c.id == person_id).values(values))

    def has_password(self, person_id: PersonId, password_hash: str) -> bool:
        """Return whether that is the hash of their password as it now is."""
        kept = select(person.c.password_hash).where(person.c.id == person_id)
        return self._connection.execute(kept).scalar() == password_hash

    def administrators(self, account: AccountId) -> Sequence[PersonId]:
        """Return those who are not disabled, held until commit: one of them has to stay."""
        statement = (
            select(person.c.id)
            .where(
                person.c.account_id == account,
                person.c.is_administrator.is_(True),
                person.c.disabled_at.is_(None),
            )
            .order_by(person.c.id)
            .with_for_update()
        )
        return [PersonId(one) for one in self._connection.execute(statement).scalars()]

    def set_zone(self, person_id: PersonId, zone: str) -> None:
        self._connection.execute(update(person).where(person.c.id == person_id).values(zone=zone))

    def set_disabled(self, person_id: PersonId, at: datetime | None) -> None:
        self._connection.execute(
            update(person).where(person.c.id == person_id).values(disabled_at=at)
        )

    def schedules(self, person_id: PersonId) -> frozenset[ClinicId]:
        """Return the clinics that they schedule for, disabled or not."""
        statement = select(clinic_scheduler.c.clinic_id).where(
            clinic_scheduler.c.person_id == person_id
        )
        return frozenset(map(ClinicId, self._connection.execute(statement).scalars()))

    def in_host_group(self, group: GroupId) -> Sequence[Person]:
        return hosts_of(self._connection, group)

    def in_patient_group(self, group: GroupId, person_id: PersonId) -> bool:
        statement = select(patient_member.c.person_id).where(
            patient_member.c.group_id == group, patient_member.c.person_id == person_id
        )
        return self._connection.execute(statement).first() is not None

    def join_hosts(self, group: GroupId, people: Collection[PersonId]) -> frozenset[PersonId]:
        return self._join(host_member, group, people)

    def join_patients(self, group: GroupId, people: Collection[PersonId]) -> frozenset[PersonId]:
        return self._join(patient_member, group, people)

    def by_source(self, account: AccountId, identifiers: Collection[str]) -> Mapping[str, PersonId]:
        """Return those of the source identifiers that are known."""
        found: dict[str, PersonId] = {}
        for batch in _batches(identifiers):
            statement = select(person.c.source_identifier, person.c.id).where(
                person.c.account_id == account, person.c.source_identifier.in_(batch)
            )
            found |= {row[0]: PersonId(row[1]) for row in self._connection.execute(statement)}
        return found

    def by_email(self, account: AccountId, email: str) -> Person | None:
        statement = select(person).where(
            person.c.email == email.lower(), person.c.account_id == account
        )
        row = self._connection.execute(statement).mappings().first()
        return person_of(row) if row is not None else None

    def known_emails(self, emails: Collection[str]) -> frozenset[str]:
        """Return the addresses that sign somebody in already, in any account: they are unique."""
        found: set[str] = set()
        for batch in _batches([email.lower() for email in emails]):
            statement = select(person.c.email).where(person.c.email.in_(batch))
            found |= set(self._connection.execute(statement).scalars())
        return frozenset(found)

    def _join(
        self, table: Table, group: GroupId, people: Collection[PersonId]
    ) -> frozenset[PersonId]:
        there: set[int] = set()  # of these; nobody reads a group of thousands for that
        for batch in _batches(people):
            statement = select(table.c.person_id).where(
                table.c.group_id == group, table.c.person_id.in_(batch)
            )
            there |= set(self._connection.execute(statement).scalars())
        new = frozenset(people) - there
        rows = [{"group_id": group, "person_id": one} for one in sorted(new)]
        if rows:  # somebody else may put them there in the same instant
            dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
            self._connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)
        return new


def person_by_id(connection: Connection, account: AccountId, person_id: PersonId) -> Person | None:
    """Return a person of the account."""
    statement = select(person).where(person.c.id == person_id, person.c.account_id == account)
    row = connection.execute(statement).mappings().first()
    return person_of(row) if row is not None else None


def hosts_of(connection: Connection, group: GroupId) -> list[Person]:
    """Return the members of a host group who are not disabled, by name."""
    return [person_of(row) for row in connection.execute(_HOSTS, {"group": group}).mappings()]


def person_of(row: RowMapping) -> Person:
    """Return the person of a row."""
    return Person(
        id=PersonId(row["id"]),
        account_id=AccountId(row["account_id"]),
        name=row["name"],
        zone=row["zone"],
        email=row["email"],
        phone=row["phone"],
        birth_date=row["birth_date"],
        source_identifier=row["source_identifier"],
        is_administrator=row["is_administrator"],
        is_disabled=row["disabled_at"] is not None,
        invited_at=row["invited_at"],
        moved_at=row["moved_at"],
    )


def _batches(values: Collection[T]) -> Iterable[list[T]]:
    ordered = list(values)
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]
