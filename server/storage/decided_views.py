"""What a clinic's stream holds of the last day's decisions, and how a request ended in names."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from dispatch.events import EntityRef
from dispatch.lifecycle import SESSION_TRANSITIONS
from dispatch.request import DECIDED_FOR
from dispatch.views import DecidedRow, Outcome, ToldView, View
from dispatch.vocabulary import (
    ClinicId,
    EntityKind,
    RequestId,
    RequestNumber,
    RequestStatus,
    RequestType,
    SessionStatus,
    SessionVerb,
)
from server.storage.columns import REQUEST_TO, decider, listing, provider, requester, target
from server.storage.letters import told
from server.storage.session_views import with_their_requests
from server.storage.tables import clinic, host_group, request, service, video_session

_MAY_RETURN = frozenset(
    status for status, verb in SESSION_TRANSITIONS if verb is SessionVerb.RETURN
)
SYSTEM = "The system"  # who decided what no person did, as People.name says
_DECIDED = (
    select(
        request,
        clinic.c.zone.label("clinic_zone"),
        service.c.name.label("service"),
        requester.c.name.label("requestor"),
        REQUEST_TO,
        decider.c.name.label("decider"),
        provider.c.name.label("provider"),
        video_session.c.starts_at.label("session_at"),
        video_session.c.closes_at,
        video_session.c.status.label("session_status"),
    )
    .join(clinic, clinic.c.id == request.c.clinic_id)
    .join(host_group, host_group.c.id == clinic.c.host_group_id)
    .join(service, service.c.id == request.c.service_id)
    .join(requester, requester.c.id == request.c.requester_id)
    .outerjoin(target, target.c.id == request.c.target_host_id)
    .outerjoin(decider, decider.c.id == request.c.decided_by_id)
    .outerjoin(provider, provider.c.id == request.c.accepted_host_id)
    .outerjoin(video_session, video_session.c.id == request.c.session_id)
    .where(request.c.decided_at.is_not(None))
    .order_by(request.c.decided_at.desc(), request.c.number.desc())
)
_LATELY = listing(
    _DECIDED.where(
        request.c.clinic_id == bindparam("clinic"), request.c.decided_at > bindparam("since")
    ),
    request.c.id,
)
_EVER = listing(_DECIDED, request.c.id)
Only = Collection[EntityRef] | None


def decided(connection: Connection, clinic_id: int, only: Only, now: datetime) -> list[View]:
    """Return what was decided in the last 24 hours, latest first."""
    wanted = with_their_requests(connection, only)
    rows = _LATELY.fetch(connection, wanted, clinic=clinic_id, since=now - DECIDED_FOR)
    how = told(connection, [row.id for row in rows], [row.session_id or 0 for row in rows])
    return [_decided(row, now, how.get(_about(row))) for row in rows]


def outcomes(
    connection: Connection, requests: Collection[RequestId]
) -> Mapping[RequestId, Outcome]:
    """Return how decided requests ended, in names."""
    rows = _EVER.fetch(connection, list(requests))
    return {
        RequestId(row.id): Outcome(
            id=RequestId(row.id),
            version=row.version,
            number=RequestNumber(row.number),
            status=RequestStatus(row.status),
            by=row.decider or SYSTEM,
            provider=row.provider or "",
            at=row.decided_at,
            zone=row.clinic_zone,
        )
        for row in rows
    }


def _about(row: Row[Any]) -> tuple[str, int]:
    """Return what the message about the decision is about: a session once there is one."""
    if row.status == RequestStatus.ACCEPTED:
        return EntityKind.SESSION, row.session_id
    return EntityKind.REQUEST, row.id


def _decided(row: Row[Any], now: datetime, how: ToldView | None) -> DecidedRow:
    # As VideoSession.cancel says.
    is_due = row.session_status == SessionStatus.SCHEDULED
    closes_at = row.session_at if is_due else row.closes_at
    may_return = row.session_status in _MAY_RETURN and closes_at > now
    return DecidedRow(
        id=RequestId(row.id),
        version=row.version,
        number=RequestNumber(row.number),
        clinic_id=ClinicId(row.clinic_id),
        requestor=row.requestor,
        type=RequestType(row.type),
        service=row.service,
        request_to=row.request_to,
        status=RequestStatus(row.status),
        by=row.decider or SYSTEM,
        provider=row.provider or "",
        submitted_at=row.submitted_at,
        decided_at=row.decided_at,
        response=row.response or "",
        session_at=row.session_at,
        session_status=SessionStatus(row.session_status) if row.session_status else None,
        can_return=row.status == RequestStatus.ACCEPTED and may_return,
        zone=row.clinic_zone,
        told=how,
    )
