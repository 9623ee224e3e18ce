"""Who is known to an account: looked for by name, counted, and with the roles they have."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Table, exists, func, select

from dispatch.people import Person
from dispatch.vocabulary import AccountId, ClinicId, PersonId, Role
from server.storage.people import person_of
from server.storage.tables import clinic, clinic_scheduler, host_member, patient_member, person


def people_of(
    connection: Connection, account: AccountId, matching: str, limit: int
) -> Sequence[Person]:
    """Return the first people whose name holds the text, by name."""
    statement = (
        select(person)
        .where(_found(account, matching))
        .order_by(person.c.name, person.c.id)
        .limit(limit)
    )
    return [person_of(row) for row in connection.execute(statement).mappings()]


def invitee(connection: Connection, person_id: PersonId) -> Person | None:
    """Return somebody who was invited and has not answered, of whichever account."""
    statement = select(person).where(person.c.id == person_id, person.c.invited_at.is_not(None))
    row = connection.execute(statement).mappings().first()
    return person_of(row) if row is not None else None


def count_of(connection: Connection, account: AccountId, matching: str) -> int:
    """Return how many people there are whose name holds the text."""
    statement = select(func.count()).select_from(person).where(_found(account, matching))
    return connection.execute(statement).scalar_one()


def patients_of(
    connection: Connection, clinic_id: ClinicId, matching: str, limit: int
) -> Sequence[Person]:
    """Return members of the clinic's patient group whose name holds the text, by name."""
    statement = (
        select(person)
        .join(patient_member, patient_member.c.person_id == person.c.id)
        .join(clinic, clinic.c.patient_group_id == patient_member.c.group_id)
        .where(clinic.c.id == clinic_id, person.c.disabled_at.is_(None), is_named(matching))
        .order_by(person.c.name, person.c.id)
        .limit(limit)
    )
    return [person_of(row) for row in connection.execute(statement).mappings()]


def schedulers_of(connection: Connection, clinic_id: ClinicId) -> Sequence[Person]:
    """Return the clinic's schedulers who are not disabled, by name."""
    statement = (
        select(person)
        .join(clinic_scheduler, clinic_scheduler.c.person_id == person.c.id)
        .where(clinic_scheduler.c.clinic_id == clinic_id, person.c.disabled_at.is_(None))
        .order_by(person.c.name, person.c.id)
    )
    return [person_of(row) for row in connection.execute(statement).mappings()]


def roles_of(
    connection: Connection, account: AccountId, people: Collection[PersonId]
) -> Mapping[PersonId, frozenset[Role]]:
    """Return the roles of each of them, also of those who may not use them while disabled."""
    statement = select(
        person.c.id,
        person.c.is_administrator.label(Role.ADMINISTRATOR),
        _is_in(clinic_scheduler).label(Role.SCHEDULER),
        _is_in(host_member).label(Role.HOST),
        _is_in(patient_member).label(Role.REQUESTER),
    ).where(person.c.account_id == account, person.c.id.in_(people))
    held = (Role.ADMINISTRATOR, Role.SCHEDULER, Role.HOST, Role.REQUESTER)
    return {
        PersonId(row["id"]): frozenset(role for role in held if row[role])
        for row in connection.execute(statement).mappings()
    }


def _found(account: AccountId, matching: str) -> ColumnElement[bool]:
    of_account = person.c.account_id == account
    return of_account & is_named(matching) if matching else of_account


def is_named(matching: str) -> ColumnElement[bool]:
    """Return whether a name holds the text, however its letters are written."""
    return person.c.name.icontains(matching, autoescape=True)


def _is_in(relation: Table) -> ColumnElement[bool]:
    return exists().where(relation.c.person_id == person.c.id)
