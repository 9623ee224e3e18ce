"""Sessions that have not ended, as one row for whoever may see them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from dispatch.events import EntityRef
from dispatch.lifecycle import OPEN_SESSIONS
from dispatch.session import door_opens_at
from dispatch.views import SessionRow, View
from dispatch.vocabulary import ClinicId, EntityKind, RequestNumber, SessionId, SessionStatus
from server.storage.columns import ids, listing, provider, requester
from server.storage.tables import clinic, clinic_video, host_video, request, service, video_session
from server.storage.videos import HAS_VIDEO, OF_CLINIC, OF_HOST

SESSIONS = (
    select(
        video_session,
        clinic.c.name.label("clinic"),
        clinic.c.zone.label("clinic_zone"),
        clinic.c.phone,
        HAS_VIDEO,
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
    .outerjoin(clinic_video, OF_CLINIC)
    .outerjoin(host_video, OF_HOST)
    .order_by(video_session.c.starts_at, video_session.c.id)
)

OPEN = SESSIONS.where(
    video_session.c.status.in_(sorted(OPEN_SESSIONS)), video_session.c.closes_at > bindparam("now")
)
_OF_CLINIC = listing(
    OPEN.where(video_session.c.clinic_id == bindparam("clinic")), video_session.c.id
)
_OF_REQUESTER = listing(  # of what is over too: who stays on the page of a visit reads how it ended
    SESSIONS.where(
        video_session.c.requester_id == bindparam("person"),
        video_session.c.starts_at > bindparam("since"),
    ),
    video_session.c.id,
)
_ANY = listing(SESSIONS, video_session.c.id)
ROOM_HISTORY = timedelta(days=2)
Only = Collection[EntityRef] | None


def sessions(connection: Connection, clinic_id: int, only: Only, now: datetime) -> list[View]:
    """Return the sessions that have not ended."""
    wanted = ids(only, EntityKind.SESSION)
    rows = _OF_CLINIC.fetch(connection, wanted, clinic=clinic_id, now=now)
    return [session_row(row) for row in rows]


def rooms(connection: Connection, person_id: int, only: Only, now: datetime) -> list[View]:
    """Return the requester's own sessions, to come and lately, for their waiting room."""
    wanted = ids(only, EntityKind.SESSION)
    since = now - ROOM_HISTORY
    rows = _OF_REQUESTER.fetch(connection, wanted, person=person_id, since=since)
    return [session_row(row) for row in rows]


def row_of(connection: Connection, session_id: SessionId) -> SessionRow | None:
    """Return a session's view, whatever became of it."""
    rows = _ANY.fetch(connection, [session_id])
    return session_row(rows[0]) if rows else None


def with_their_requests(connection: Connection, only: Only) -> list[int] | None:
    """Return the requests asked for and those of the sessions: some rows show both as one."""
    requests, sessions = ids(only, EntityKind.REQUEST), ids(only, EntityKind.SESSION)
    if requests is None or not sessions:
        return requests
    of_sessions = select(video_session.c.request_id).where(video_session.c.id.in_(sessions))
    return sorted({*requests, *connection.execute(of_sessions).scalars()})


def session_row(row: Row[Any]) -> SessionRow:
    """Return a session's view, which never holds the link."""
    status = SessionStatus(row.status)
    return SessionRow(
        id=SessionId(row.id),
        version=row.version,
        number=RequestNumber(row.number),
        request_version=0 if status is SessionStatus.CANCELLED else row.request_version,
        clinic_id=ClinicId(row.clinic_id),
        clinic=row.clinic,
        service=row.service,
        host=row.host,
        requestor=row.requestor,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        status=status,
        zone=row.clinic_zone,
        revision=row.revision,
        opens_at=door_opens_at(status, row.starts_at),
        closes_at=row.closes_at,
        clinic_phone=row.phone,
        has_video=bool(row.has_video),
        arrived_at=row.arrived_at,
        left_at=row.left_at,
        started_at=row.started_at,
        reminders=row.reminders,
        reminded_at=row.reminded_at,
    )
