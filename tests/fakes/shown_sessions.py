"""What the streams show of sessions in memory."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime

from dispatch import views
from dispatch.events import EntityRef
from dispatch.lifecycle import next_session_status
from dispatch.session import VideoSession
from dispatch.stream import Projection
from dispatch.vocabulary import EntityKind, SessionId, SessionStatus, SessionVerb
from tests.fakes.memory import Memory


def sessions_of(
    rows: Memory, concerns: Callable[[VideoSession], bool], now: datetime
) -> Iterator[views.SessionRow]:
    for session in rows.sessions.values():
        if session.is_open and concerns(session) and now < session.closes_at:
            yield session_row_of(rows, session)


def session_row_of(rows: Memory, session: VideoSession) -> views.SessionRow:
    clinic, request = rows.clinics[session.clinic_id], rows.requests[session.request_id]
    return views.SessionRow(
        id=session.id,
        version=session.version,
        number=request.number,
        request_version=0 if session.status is SessionStatus.CANCELLED else request.version,
        clinic_id=clinic.id,
        clinic=clinic.name,
        service=_service(rows, session),
        host=rows.people[session.host_id].name,
        requestor=rows.people[session.requester_id].name,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        status=session.status,
        zone=clinic.zone,
        revision=session.revision,
        opens_at=session.opens_at,
        closes_at=session.closes_at,
        clinic_phone=clinic.phone,
        has_video=rows.has_room(clinic.id, session.host_id),
        arrived_at=session.arrived_at,
        left_at=session.left_at,
        started_at=session.started_at,
        reminders=session.reminders,
        reminded_at=session.reminded_at,
    )


def can_return(session: VideoSession | None, now: datetime) -> bool:
    """Say what VideoSession.cancel would."""
    if session is None or next_session_status(session.status, SessionVerb.RETURN) is None:
        return False
    is_due = session.status is SessionStatus.SCHEDULED
    return now < (session.starts_at if is_due else session.closes_at)


def _service(rows: Memory, session: VideoSession) -> str:
    service = rows.clinics[session.clinic_id].service(session.service_id)
    return service.name if service else ""


def with_their_requests(
    rows: Memory, projection: Projection, only: Collection[EntityRef]
) -> set[EntityRef]:
    """Return what was named, and the requests of the sessions where a row shows both as one."""
    if projection not in {Projection.PATIENT, Projection.DECIDED}:
        return set(only)
    sessions = (SessionId(ref.id) for ref in only if ref.kind is EntityKind.SESSION)
    return {
        *only,
        *(EntityRef(EntityKind.REQUEST, rows.sessions[each].request_id) for each in sessions),
    }
