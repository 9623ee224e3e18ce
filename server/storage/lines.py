"""The line of those who wait to be seen now, what the last ones waited, and what each was told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from dispatch.line import Estimate, PastWait, Waiting
from dispatch.vocabulary import (
    AccountId,
    ClinicId,
    GroupId,
    PersonId,
    RequestId,
    RequestNumber,
    RequestStatus,
    RequestType,
)
from server.storage.tables import clinic, request, told_wait

_IS_NOW = request.c.type == RequestType.NOW
_WAITING = (
    select(
        request.c.id,
        request.c.account_id,
        request.c.number,
        request.c.requester_id,
        request.c.clinic_id,
        clinic.c.host_group_id,
        request.c.target_host_id,
        request.c.submitted_at,
    )
    .join(clinic, clinic.c.id == request.c.clinic_id)
    .where(_IS_NOW, request.c.status == RequestStatus.PENDING)
    .order_by(request.c.submitted_at, request.c.number)
)
_PAST = (
    select(
        request.c.clinic_id,
        request.c.submitted_at,
        request.c.decided_at,
        request.c.accepted_host_id,
    )
    .where(
        _IS_NOW,
        request.c.clinic_id.in_(bindparam("clinics", expanding=True)),
        request.c.decided_at > bindparam("since"),
        request.c.status != RequestStatus.PENDING,
    )
    .order_by(request.c.decided_at, request.c.number)
)
_TOLD = select(told_wait).where(told_wait.c.request_id.in_(bindparam("ids", expanding=True)))
_KEEP = {
    name: dialect.insert(told_wait).on_conflict_do_nothing()
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


def waiting_now(connection: Connection) -> Sequence[Waiting]:
    """Return every Now request that waits, oldest first."""
    return [
        Waiting(
            request_id=RequestId(row.id),
            account_id=AccountId(row.account_id),
            number=RequestNumber(row.number),
            requester_id=PersonId(row.requester_id),
            clinic_id=ClinicId(row.clinic_id),
            group_id=GroupId(row.host_group_id),
            target_host_id=row.target_host_id,
            submitted_at=row.submitted_at,
        )
        for row in connection.execute(_WAITING)
    ]


def past_waits(
    connection: Connection, clinics: Collection[ClinicId], since: datetime
) -> Sequence[PastWait]:
    """Return the Now requests of the clinics whose wait has ended since then."""
    asked = {"clinics": list(clinics), "since": since}
    return [
        PastWait(ClinicId(row.clinic_id), row.submitted_at, row.decided_at, row.accepted_host_id)
        for row in connection.execute(_PAST, asked)
    ]


def told_waits(
    connection: Connection, requests: Collection[RequestId]
) -> Mapping[RequestId, Estimate]:
    """Return the range that each requester was shown first."""
    rows = connection.execute(_TOLD, {"ids": list(requests)})
    return {RequestId(row.request_id): _estimate(row) for row in rows}


def keep_told(connection: Connection, request_id: RequestId, told: Estimate, at: datetime) -> bool:
    """Store it unless there is one."""
    row = {
        "request_id": request_id,
        "low_minutes": told.low_minutes,
        "high_minutes": told.high_minutes,
        "told_at": at,
    }
    return connection.execute(_KEEP[connection.dialect.name], row).rowcount == 1


def _estimate(row: Any) -> Estimate:
    return Estimate(row.low_minutes, row.high_minutes)
