"""Who acts, with every relation that gives them rights: everything begins with this read."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    exists,
    literal,
    select,
    union_all,
)

from dispatch.people import Actor
from dispatch.vocabulary import AccountId, ClinicId, GroupId, PersonId
from server.storage.among import Among, Condition
from server.storage.tables import (
    clinic,
    clinic_scheduler,
    host_member,
    patient_member,
    person,
    request,
)


def _actors(is_asked: Condition) -> Select[Any]:
    """Return a row for each relation of each person, and one at least.

    The condition stands in every branch: a database that builds the union first must not build it
    of everybody.
    """
    relations = union_all(
        *(
            select(literal(relation).label("relation"), whose.label("whose"), to.label("to")).where(
                is_asked(whose)
            )
            for relation, whose, to in (
                ("schedules", clinic_scheduler.c.person_id, clinic_scheduler.c.clinic_id),
                ("hosts", host_member.c.person_id, host_member.c.group_id),
                ("asks", patient_member.c.person_id, patient_member.c.group_id),
            )
        )
    ).subquery()
    return (
        select(
            person.c.id,
            person.c.account_id,
            person.c.name,
            person.c.zone,
            person.c.is_administrator,
            exists().where(request.c.requester_id == person.c.id).label("has_asked"),
            exists()
            .where(
                patient_member.c.person_id == person.c.id,
                patient_member.c.group_id == clinic.c.patient_group_id,
                clinic.c.archived_at.is_(None),
            )
            .label("may_ask"),
            relations.c.relation,
            relations.c.to,
        )
        .outerjoin(relations, relations.c.whose == person.c.id)
        .where(is_asked(person.c.id), person.c.disabled_at.is_(None))
    )


_ACTOR = _actors(lambda whose: whose == bindparam("id"))
_ACTORS = Among("ids", _actors)


def actor_by_id(connection: Connection, person_id: PersonId) -> Actor | None:
    """Return a person with every relation, or None when disabled or unknown."""
    rows = connection.execute(_ACTOR, {"id": person_id}).all()
    return _actor(rows) if rows else None


def actor_by_email(connection: Connection, email: str) -> Actor | None:
    """Return whose address it is, with every relation; None also for who is disabled."""
    found = connection.execute(select(person.c.id).where(person.c.email == email.strip().lower()))
    key = found.scalar()
    return actor_by_id(connection, PersonId(key)) if key is not None else None


def actors_by_id(connection: Connection, people: Collection[PersonId]) -> Mapping[PersonId, Actor]:
    """Return those of the people who are known and not disabled, with every relation."""
    rows_of: dict[PersonId, list[Row[Any]]] = {}
    for row in connection.execute(_ACTORS.on(connection), {"ids": [*people]}):
        rows_of.setdefault(row.id, []).append(row)
    return {person_id: _actor(rows) for person_id, rows in rows_of.items()}


def _actor(rows: Sequence[Row[Any]]) -> Actor:
    held: dict[str, set[int]] = {"schedules": set(), "hosts": set(), "asks": set()}
    for row in rows:
        if row.relation is not None:
            held[row.relation].add(row.to)
    return Actor(
        person_id=PersonId(rows[0].id),
        account_id=AccountId(rows[0].account_id),
        name=rows[0].name,
        zone=rows[0].zone,
        is_administrator=rows[0].is_administrator,
        schedules=frozenset(map(ClinicId, held["schedules"])),
        hosts_in=frozenset(map(GroupId, held["hosts"])),
        asks_in=frozenset(map(GroupId, held["asks"])),
        may_ask=bool(rows[0].may_ask),
        has_asked=bool(rows[0].has_asked),
    )
