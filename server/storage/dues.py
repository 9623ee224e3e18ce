"""What time alone has made due, and which claims there are, by who sees them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import BindParameter, Connection, Select, and_, bindparam, select

from dispatch.attendance import Attendance
from dispatch.claim import Claim
from dispatch.events import (
    EntityRef,
    clinic_stream,
    host_stream,
    hosts_stream,
    patient_stream,
    request_stream,
)
from dispatch.ports import Due
from dispatch.reading import DueKind
from dispatch.vocabulary import AccountId, EntityKind, RequestStatus
from server.storage.leases import ATTENDANCES, CLAIMS
from server.storage.session_tables import OPEN_SESSION
from server.storage.tables import (
    attendance,
    availability,
    claim,
    clinic,
    connected_host,
    person,
    request,
    video_session,
)

_PENDING = request.c.status == RequestStatus.PENDING
_NOW: BindParameter[datetime] = bindparam("now")
_LEFT_ALONE = and_(_PENDING, request.c.declining_by_id.is_(None))
# SQLite, which counts nothing beforehand, must be led to the index of the instant; else it walks
# the whole line each second. So no statement says of another indexed column that it is NULL.
_DUE: dict[DueKind, Select[int, int]] = {
    "decline": select(request.c.account_id, request.c.id)
    .where(_PENDING, request.c.declining_due_at <= _NOW)
    .order_by(request.c.declining_due_at),
    "toggle": select(person.c.account_id, person.c.id)
    .join(availability, availability.c.host_id == person.c.id)
    .where(availability.c.is_on, availability.c.until_at <= _NOW)
    .order_by(availability.c.until_at),
    "break": select(person.c.account_id, person.c.id)
    .join(availability, availability.c.host_id == person.c.id)
    .where(availability.c.is_on, availability.c.break_until_at <= _NOW)
    .order_by(availability.c.break_until_at),
    "connected": select(person.c.account_id, person.c.id)
    .join(connected_host, connected_host.c.host_id == person.c.id)
    .where(connected_host.c.lease_until <= _NOW)
    .order_by(connected_host.c.lease_until),
    "claim": select(request.c.account_id, request.c.id)
    .join(claim, claim.c.request_id == request.c.id)
    .where(claim.c.lease_until <= _NOW)
    .order_by(claim.c.lease_until),
    "absence": select(video_session.c.account_id, video_session.c.id)
    .join(attendance, attendance.c.session_id == video_session.c.id)
    .where(attendance.c.lease_until <= _NOW)
    .order_by(attendance.c.lease_until),
    "visit": select(video_session.c.account_id, video_session.c.id)
    .where(OPEN_SESSION, video_session.c.closes_at <= _NOW)
    .order_by(video_session.c.closes_at),
    "expiry": select(request.c.account_id, request.c.id)
    .where(_LEFT_ALONE, request.c.expires_at <= _NOW)
    .order_by(request.c.expires_at),
    "escalation": select(request.c.account_id, request.c.id)
    .join(clinic, clinic.c.id == request.c.clinic_id)
    .where(_LEFT_ALONE, request.c.escalates_at <= _NOW, clinic.c.escalation_email != "")
    .order_by(request.c.escalates_at),
    "reminder": select(request.c.account_id, request.c.id)
    .where(_LEFT_ALONE, request.c.reminds_at <= _NOW)
    .order_by(request.c.reminds_at),
}
_CLAIMS = (  # of pending requests all: a claim goes with the wait
    select(
        request.c.id,
        request.c.clinic_id,
        request.c.target_host_id,
        request.c.requester_id,
        clinic.c.host_group_id,
        claim,
    )
    .join(claim, claim.c.request_id == request.c.id)
    .join(clinic, clinic.c.id == request.c.clinic_id)
    .order_by(claim.c.lease_until)
)

_WAITING = select(attendance)


def due(connection: Connection, now: datetime, limit: int) -> list[Due]:
    """Return what the sweep has to settle, declines first: somebody waits for their end."""
    found = [
        Due(kind, AccountId(account), key)
        for kind, statement in _DUE.items()
        for account, key in connection.execute(statement.limit(limit), {"now": now})
    ]
    return found[:limit]


def claims(
    connection: Connection, streams: Collection[str]
) -> Mapping[str, Mapping[EntityRef, Claim | Attendance]]:
    """Return each claim by its request and each attendance by its session, for every stream."""
    found: dict[str, dict[EntityRef, Claim | Attendance]] = {stream: {} for stream in streams}
    for row in connection.execute(_CLAIMS):
        hosts = (
            host_stream(row.target_host_id)
            if row.target_host_id
            else hosts_stream(row.host_group_id)
        )
        board, own = clinic_stream(row.clinic_id), patient_stream(row.requester_id)
        for stream in (board, own, request_stream(row.id), hosts):
            if stream in found:
                found[stream][EntityRef(EntityKind.REQUEST, row.id)] = CLAIMS.lease_of(row._mapping)
    for row in connection.execute(_WAITING):
        stream = patient_stream(row.person_id)  # whose page renews it; nobody else needs to know
        if stream in found:
            found[stream][EntityRef(EntityKind.SESSION, row.session_id)] = ATTENDANCES.lease_of(
                row._mapping
            )
    return found
