"""The audit as it is read: each line with the name of who did it, and of what they did it to."""

from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, FromClause, select

from dispatch.views import AuditLine
from dispatch.vocabulary import AccountId, EntityKind, PersonId
from server.storage.tables import (
    account,
    audit,
    clinic,
    host_group,
    patient_group,
    person,
    request,
    service,
    video_session,
)

Names = Callable[[Connection, Collection[int]], Mapping[int, str]]


def lines_of(
    connection: Connection,
    of: AccountId,
    *,
    kinds: str,
    actor: PersonId | None,
    before: int | None,
    limit: int,
) -> Sequence[AuditLine]:
    """Return lines, the youngest first; what they are about is read once for each kind."""
    statement = (
        select(audit, person.c.name.label("actor"))
        .outerjoin(person, person.c.id == audit.c.actor_id)
        .where(audit.c.account_id == of)
        .order_by(audit.c.id.desc())
        .limit(limit)
    )
    if kinds:
        statement = statement.where(audit.c.kind.startswith(kinds, autoescape=True))
    if actor is not None:
        statement = statement.where(audit.c.actor_id == actor)
    if before is not None:
        statement = statement.where(audit.c.id < before)
    rows = connection.execute(statement).mappings().all()
    wanted: dict[EntityKind, set[int]] = {}
    for row in rows:
        wanted.setdefault(EntityKind(row["entity_kind"]), set()).add(row["entity_id"])
    about = {
        kind: _NAMES[kind](connection, keys) if kind in _NAMES else {}
        for kind, keys in wanted.items()
    }
    return [
        AuditLine(
            id=row["id"],
            at=row["at"],
            actor_id=PersonId(row["actor_id"]),
            actor=row["actor"] or "The system",
            kind=row["kind"],
            entity=EntityKind(row["entity_kind"]),
            entity_id=row["entity_id"],
            about=about[EntityKind(row["entity_kind"])].get(row["entity_id"], ""),
        )
        for row in rows
    ]


def _names(key: ColumnElement[int], name: ColumnElement[str], of: FromClause) -> Names:
    def read(connection: Connection, keys: Collection[int]) -> Mapping[int, str]:
        statement = select(key, name).select_from(of).where(key.in_(keys))
        return {row[0]: str(row[1]) for row in connection.execute(statement)}

    return read


_PEOPLE = _names(person.c.id, person.c.name, person)
_REQUESTS = _names(request.c.id, request.c.number, request)
_NAMES: Mapping[EntityKind, Names] = {
    EntityKind.PERSON: _PEOPLE,
    EntityKind.PROVIDER: _PEOPLE,
    EntityKind.AVAILABILITY: _PEOPLE,
    EntityKind.REQUEST: _REQUESTS,
    EntityKind.PASS: _REQUESTS,
    EntityKind.SESSION: _names(
        video_session.c.id,
        request.c.number,
        video_session.join(request, request.c.id == video_session.c.request_id),
    ),
    EntityKind.CLINIC: _names(clinic.c.id, clinic.c.name, clinic),
    EntityKind.SERVICE: _names(service.c.id, service.c.name, service),
    EntityKind.PATIENT_GROUP: _names(patient_group.c.id, patient_group.c.name, patient_group),
    EntityKind.HOST_GROUP: _names(host_group.c.id, host_group.c.name, host_group),
    EntityKind.ACCOUNT: _names(account.c.id, account.c.name, account),
}
