"""What a requester's own stream holds: their requests, and what is happening to each."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, exists, select

from dispatch.events import EntityRef
from dispatch.request import OWN_HISTORY
from dispatch.session import door_opens_at
from dispatch.views import PatientCard, View, by_link
from dispatch.vocabulary import (
    RequestId,
    RequestNumber,
    RequestStatus,
    RequestType,
    SessionId,
    SessionStatus,
)
from server.storage.columns import REQUEST_TO, listing, provider, requester, target
from server.storage.form_text import answers_in
from server.storage.request_rows import times_of
from server.storage.session_views import with_their_requests
from server.storage.tables import (
    claim,
    clinic,
    clinic_video,
    host_group,
    host_video,
    patient_member,
    request,
    request_answers,
    service,
    video_session,
)
from server.storage.videos import HAS_VIDEO, OF_CLINIC, OF_HOST

_MAY_ASK_AGAIN = and_(
    clinic.c.archived_at.is_(None),
    exists().where(
        patient_member.c.group_id == clinic.c.patient_group_id,
        patient_member.c.person_id == request.c.requester_id,
    ),
).label("may_ask_again")
_CARDS = (
    select(
        request,
        clinic.c.name.label("clinic"),
        clinic.c.zone.label("clinic_zone"),
        clinic.c.phone,
        clinic.c.emergency_text,
        clinic.c.declined_text,
        service.c.name.label("service"),
        REQUEST_TO,
        requester.c.email,
        claim.c.lease_until,
        provider.c.name.label("provider"),
        video_session.c.starts_at.label("session_at"),
        video_session.c.status.label("session_status"),
        video_session.c.version.label("session_version"),
        video_session.c.closes_at,
        HAS_VIDEO,
        _MAY_ASK_AGAIN,
        request_answers.c.answers,
    )
    .join(clinic, clinic.c.id == request.c.clinic_id)
    .join(host_group, host_group.c.id == clinic.c.host_group_id)
    .join(requester, requester.c.id == request.c.requester_id)
    .join(service, service.c.id == request.c.service_id)
    .outerjoin(request_answers, request_answers.c.request_id == request.c.id)
    .outerjoin(target, target.c.id == request.c.target_host_id)
    .outerjoin(claim, claim.c.request_id == request.c.id)
    .outerjoin(provider, provider.c.id == request.c.accepted_host_id)
    .outerjoin(video_session, video_session.c.id == request.c.session_id)
    .outerjoin(clinic_video, OF_CLINIC)
    .outerjoin(host_video, OF_HOST)
    .order_by(request.c.submitted_at.desc(), request.c.number.desc())
)
_OWN = listing(
    _CARDS.where(
        request.c.requester_id == bindparam("person"), request.c.submitted_at > bindparam("since")
    ),
    request.c.id,
)
_BY_LINK = _CARDS.where(request.c.id == bindparam("request"))


def own(
    connection: Connection, person_id: int, only: Collection[EntityRef] | None, now: datetime
) -> list[View]:
    """Return the person's requests of the last 90 days, latest first; sessions are in them."""
    wanted = with_their_requests(connection, only)
    rows = _OWN.fetch(connection, wanted, person=person_id, since=now - OWN_HISTORY)
    times = times_of(connection, [row.id for row in rows if row.type == RequestType.SCHEDULED])
    return [_card(row, times.get(row.id, ())) for row in rows]


def linked(
    connection: Connection, request_id: int, only: Collection[EntityRef] | None, now: datetime
) -> list[View]:
    """Return the one request as its link shows it, whatever of it or its session was named."""
    if only is not None and not only:
        return []
    rows = connection.execute(_BY_LINK, {"request": request_id}).all()
    times = times_of(connection, [row.id for row in rows if row.type == RequestType.SCHEDULED])
    return [by_link(_card(row, times.get(row.id, ()))) for row in rows]


def _card(row: Row[Any], times: tuple[datetime, ...]) -> PatientCard:
    is_pending = row.status == RequestStatus.PENDING
    status = SessionStatus(row.session_status) if row.session_status else None
    return PatientCard(
        id=RequestId(row.id),
        version=row.version,
        number=RequestNumber(row.number),
        status=RequestStatus(row.status),
        clinic=row.clinic,
        clinic_phone=row.phone,
        emergency_text=row.emergency_text,
        service=row.service,
        type=RequestType(row.type),
        request_to=row.request_to,
        submitted_at=row.submitted_at,
        times=times or (row.submitted_at,),
        zone=row.clinic_zone,
        note=row.note,
        looked_at_until=row.lease_until if is_pending else None,
        response=row.response or "",
        declined_text=row.decided_sentence or row.declined_text,
        decided_at=row.decided_at,
        awaits_dismissal=row.status == RequestStatus.DECLINED and row.dismissed_at is None,
        provider=row.provider or "",
        session_at=row.session_at,
        is_mailed=row.email is not None,
        session_status=status,
        session_id=SessionId(row.session_id) if row.session_id else None,
        session_version=row.session_version or 0,
        session_opens_at=door_opens_at(status, row.session_at) if status else None,
        session_closes_at=row.closes_at,
        has_video=bool(row.has_video),
        may_ask_again=bool(row.may_ask_again),
        answers=answers_in(row.answers),
    )
