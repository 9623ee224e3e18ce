"""What time alone has made due, and until when the live claims run."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, Select, select

from dispatch.events import (
    EntityRef,
    clinic_stream,
    host_stream,
    hosts_stream,
    patient_stream,
)
from dispatch.ports import Due, DueKind
from dispatch.vocabulary import AccountId, EntityKind, RequestStatus
from server.storage.tables import availability, claim, clinic, person, request

_PENDING = request.c.status == RequestStatus.PENDING


def due(connection: Connection, now: datetime, limit: int) -> list[Due]:
    """Return what the sweep has to settle, declines first: somebody waits for their end."""
    found: list[Due] = []
    declines = select(request.c.account_id, request.c.id).where(
        _PENDING, request.c.declining_due_at <= now
    )
    toggles = (
        select(person.c.account_id, person.c.id)
        .join(availability, availability.c.host_id == person.c.id)
        .where(availability.c.is_on, availability.c.until_at <= now)
    )
    claims = (
        select(request.c.account_id, request.c.id)
        .join(claim, claim.c.request_id == request.c.id)
        .where(claim.c.lease_until <= now)
    )
    expiries = select(request.c.account_id, request.c.id).where(
        _PENDING, request.c.expires_at <= now, request.c.declining_due_at.is_(None)
    )
    kinds: dict[DueKind, Select[int, int]] = {
        "decline": declines,
        "toggle": toggles,
        "claim": claims,
        "expiry": expiries,
    }
    for kind, statement in kinds.items():
        for account, key in connection.execute(statement.limit(limit)):
            found.append(Due(kind, AccountId(account), key))
    return found[:limit]


def leases(
    connection: Connection, streams: Collection[str]
) -> Mapping[str, Mapping[EntityRef, datetime]]:
    """Return until when each claim runs, per stream that shows its request."""
    wanted = set(streams)
    statement = (
        select(
            request.c.id,
            request.c.clinic_id,
            request.c.target_host_id,
            request.c.requester_id,
            clinic.c.host_group_id,
            claim.c.lease_until,
        )
        .join(claim, claim.c.request_id == request.c.id)
        .join(clinic, clinic.c.id == request.c.clinic_id)
        .where(_PENDING)
    )
    found: dict[str, dict[EntityRef, datetime]] = {}
    for row in connection.execute(statement):
        hosts = (
            host_stream(row.target_host_id)
            if row.target_host_id
            else hosts_stream(row.host_group_id)
        )
        for stream in (clinic_stream(row.clinic_id), patient_stream(row.requester_id), hosts):
            if stream in wanted:
                ref = EntityRef(EntityKind.REQUEST, row.id)
                found.setdefault(stream, {})[ref] = row.lease_until
    return found
