"""What time alone has made due, in the database."""

from datetime import datetime

from sqlalchemy import BindParameter, Connection, Select, and_, bindparam, select

from dispatch.ports import Due
from dispatch.reading import DueKind
from dispatch.vocabulary import AccountId, RequestStatus
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


def due(connection: Connection, now: datetime, limit: int) -> list[Due]:
    """Return what the sweep has to settle, declines first: somebody waits for their end."""
    found = [
        Due(kind, AccountId(account), key)
        for kind, statement in _DUE.items()
        for account, key in connection.execute(statement.limit(limit), {"now": now})
    ]
    return found[:limit]
