"""Sessions that have not ended, as one row for whoever may see them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from dispatch.events import EntityRef
from dispatch.views import SessionRow, View
from dispatch.vocabulary import ClinicId, EntityKind, RequestNumber, SessionId, SessionStatus
from server.storage.columns import ids, listing, provider, requester
from server.storage.tables import clinic, request, service, video_session

SESSIONS = (
    select(
        video_session,
        clinic.c.name.label("clinic"),
        clinic.c.zone.label("clinic_zone"),
        clinic.c.video_url,
        service.c.name.label("service"),
        requester.c.name.label("requestor"),
        provider.c.name.label("host"),
        request.c.number,
        request.c.version.label("request_version"),
    )
    .join(clinic, clinic.c.id == video_session.c.clinic_id)
    .join(service, service.c.id == video_session.c.service_id)
    .join(requester, requester.c.id == video_session.c.requester_id)
    .join(provider, provider.c.id == video_session.c.host_id)
    .join(request, request.c.id == video_session.c.request_id)
    .where(video_session.c.status != SessionStatus.CANCELLED)
    .order_by(video_session.c.starts_at, video_session.c.id)
)

_OF_CLINIC = listing(
    SESSIONS.where(
        video_session.c.clinic_id == bindparam("clinic"), video_session.c.ends_at > bindparam("now")
    ),
    video_session.c.id,
)
Only = Collection[EntityRef] | None


def sessions(connection: Connection, clinic_id: int, only: Only, now: datetime) -> list[View]:
    """Return the sessions that have not ended; without the link, which is not the schedulers'."""
    wanted = ids(only, EntityKind.SESSION)
    rows = _OF_CLINIC.fetch(connection, wanted, clinic=clinic_id, now=now)
    return [session_row(row) for row in rows]


def session_row(row: Row[Any], join_url: str = "") -> SessionRow:
    """Return a session's view; the link only where the audience may have it."""
    return SessionRow(
        id=SessionId(row.id),
        version=row.version,
        number=RequestNumber(row.number),
        request_version=row.request_version,
        clinic_id=ClinicId(row.clinic_id),
        clinic=row.clinic,
        service=row.service,
        host=row.host,
        requestor=row.requestor,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        status=SessionStatus(row.status),
        zone=row.clinic_zone,
        join_url=join_url,
    )
