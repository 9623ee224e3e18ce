"""What a notice says now, read from the rows that it points at; and how notices stand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, exists, func, or_, select

from dispatch import welcome
from dispatch.booking import CONFIRM_WITHIN
from dispatch.letter import Letter, Meeting, Posted
from dispatch.notice import FOR_STAFF
from dispatch.status_link import issued_for, write_token
from dispatch.views import ToldView
from dispatch.vocabulary import (
    AccountId,
    EntityKind,
    NoticeId,
    NoticeKind,
    NoticeStatus,
    RequestNumber,
    RequestType,
    SessionId,
    SessionStatus,
)
from server.storage.bookings import times_of_booking
from server.storage.columns import provider
from server.storage.links import link_secret
from server.storage.request_rows import times_of
from server.storage.tables import (
    account,
    booking,
    booking_calendar,
    clinic,
    clinic_scheduler,
    host_member,
    outbox,
    person,
    request,
    service,
    video_session,
)

_IS_OF_SESSION = outbox.c.about_kind == EntityKind.SESSION
_IS_OF_BOOKING = outbox.c.about_kind == EntityKind.BOOKING
_IS_OF_PERSON = outbox.c.about_kind == EntityKind.PERSON
_ADDRESS = case((outbox.c.recipient_id.is_(None), outbox.c.address), else_=person.c.email)
_NOTICES = (
    select(
        outbox,
        func.coalesce(person.c.name, outbox.c.address_name).label("name"),
        _ADDRESS.label("email"),
        func.coalesce(person.c.zone, outbox.c.address_zone).label("zone"),
        person.c.disabled_at,
        request.c.id.label("request_id"),
        request.c.number,
        request.c.type,
        request.c.requester_id,
        request.c.decided_at,
        booking.c.id.label("booking_id"),
        func.coalesce(request.c.submitted_at, booking.c.asked_at, outbox.c.created_at).label(
            "asked_at"
        ),
        request.c.expires_at,
        func.coalesce(clinic.c.name, account.c.name).label("clinic"),
        person.c.invited_at,
        person.c.moved_at,
        clinic.c.phone,
        service.c.name.label("service"),
        provider.c.name.label("host"),
        video_session.c.id.label("session_id"),
        video_session.c.revision.label("session_revision"),
        video_session.c.host_id.label("session_host_id"),
        video_session.c.status.label("session_status"),
        video_session.c.starts_at,
        video_session.c.ends_at,
    )
    .outerjoin(person, person.c.id == outbox.c.recipient_id)
    .outerjoin(video_session, and_(_IS_OF_SESSION, video_session.c.id == outbox.c.about_id))
    .outerjoin(booking, and_(_IS_OF_BOOKING, booking.c.id == outbox.c.about_id))
    .outerjoin(booking_calendar, booking_calendar.c.id == booking.c.calendar_id)
    .outerjoin(
        request,
        request.c.id
        == case(
            (_IS_OF_SESSION, video_session.c.request_id),
            (_IS_OF_BOOKING, None),
            (_IS_OF_PERSON, None),
            else_=outbox.c.about_id,
        ),
    )
    .join(account, account.c.id == outbox.c.account_id)
    .outerjoin(
        clinic, clinic.c.id == func.coalesce(request.c.clinic_id, booking_calendar.c.clinic_id)
    )
    .outerjoin(service, service.c.id == func.coalesce(request.c.service_id, booking.c.service_id))
    .outerjoin(provider, provider.c.id == video_session.c.host_id)
)
_IS_ASKED = or_(
    request.c.target_host_id.is_(None), request.c.target_host_id == outbox.c.recipient_id
)
_STILL_ANSWERS = or_(
    exists().where(
        clinic_scheduler.c.clinic_id == clinic.c.id,
        clinic_scheduler.c.person_id == outbox.c.recipient_id,
    ),
    and_(
        _IS_ASKED,
        exists().where(
            host_member.c.group_id == clinic.c.host_group_id,
            host_member.c.person_id == outbox.c.recipient_id,
        ),
    ),
)
_LETTER = _NOTICES.add_columns(
    or_(outbox.c.kind.not_in(sorted(FOR_STAFF)), _STILL_ANSWERS).label("is_theirs"),
    clinic.c.escalation_email,
).where(outbox.c.id == bindparam("id"))
_POSTED = (
    _NOTICES.where(outbox.c.account_id == bindparam("account"))
    .order_by(outbox.c.id.desc())
    .limit(bindparam("most"))
)
_FAILED = _POSTED.where(outbox.c.status == NoticeStatus.FAILED)
_OF_DECISION = (
    select(outbox.c.about_kind, outbox.c.about_id, outbox.c.status, outbox.c.settled_at)
    .where(
        or_(
            and_(
                outbox.c.about_kind == EntityKind.REQUEST,
                outbox.c.about_id.in_(bindparam("requests", expanding=True)),
                outbox.c.kind.in_([NoticeKind.DECLINED, NoticeKind.EXPIRED, NoticeKind.WITHDRAWN]),
            ),
            and_(
                outbox.c.about_kind == EntityKind.SESSION,
                outbox.c.about_id.in_(bindparam("sessions", expanding=True)),
                outbox.c.kind == NoticeKind.INVITATION,
            ),
        )
    )
    .order_by(outbox.c.id)
)


def letter_of(connection: Connection, notice_id: NoticeId) -> Letter | None:
    """Return what a notice says now, to whom; an empty address where there is nobody."""
    row = connection.execute(_LETTER, {"id": notice_id}).first()
    if row is None:
        return None
    is_to_requester = row.requester_id is not None and row.recipient_id == row.requester_id
    return Letter(
        notice_id=NoticeId(row.id),
        key=f"notice-{row.id}-{row.created_at:%Y%m%d%H%M%S%f}",
        tries=row.tries,
        written_at=row.created_at,
        kind=NoticeKind(row.kind),
        name=row.name,
        address=_address(row),
        zone=row.zone,
        clinic=row.clinic,
        clinic_phone=row.phone or "",
        service=row.service or "",
        number=_number(row),
        type=RequestType(row.type or RequestType.SCHEDULED),
        times=_times(connection, row),
        is_to_requester=is_to_requester,
        status_link=_status_link(connection, row) if is_to_requester else "",
        submitted_at=row.asked_at,
        expires_at=_expires_at(row),
        welcome_link=_welcome_link(connection, row),
        meeting=_meeting(row),
    )


def _address(row: Row[Any]) -> str:
    """Return where it goes now: a wrong address may have been put right while it waited."""
    if row.disabled_at is not None or not row.is_theirs:
        return ""
    if row.kind == NoticeKind.ESCALATED:
        return str(row.escalation_email)
    return row.email or ""


def _status_link(connection: Connection, row: Row[Any]) -> str:
    """Return the same for every try: nothing of it is kept, for the outbox is read by others.

    A message that waited while its recipient got another address goes there, and is of use there.
    """
    issued_at = issued_for(row.created_at, row.moved_at)
    return write_token(row.request_id, issued_at, link_secret(connection))


def _welcome_link(connection: Connection, row: Row[Any]) -> str:
    """Return the link of the invitation that is open now; empty once it is answered."""
    if row.kind != NoticeKind.WELCOME or row.invited_at is None:
        return ""
    return welcome.write_token(row.recipient_id, row.invited_at, link_secret(connection))


def _expires_at(row: Row[Any]) -> datetime:
    invited_at: datetime = row.invited_at or row.created_at
    asked_at: datetime = row.asked_at
    expires_at: datetime | None = row.expires_at
    if row.about_kind == EntityKind.PERSON:
        return invited_at + welcome.LASTS
    return expires_at or asked_at + CONFIRM_WITHIN


def posted(
    connection: Connection, of: AccountId, *, only_failed: bool, limit: int
) -> Sequence[Posted]:
    """Return the account's notices, the youngest first."""
    statement = _FAILED if only_failed else _POSTED
    return [
        Posted(
            id=NoticeId(row.id),
            kind=NoticeKind(row.kind),
            recipient=row.name,
            address=row.email or "",
            number=_number(row),
            status=NoticeStatus(row.status),
            tries=row.tries,
            created_at=row.created_at,
            next_at=row.next_at,
            settled_at=row.settled_at,
            problem=row.problem,
        )
        for row in connection.execute(statement, {"account": of, "most": limit})
    ]


def told(
    connection: Connection, requests: Sequence[int], sessions: Sequence[int]
) -> Mapping[tuple[str, int], ToldView]:
    """Return how requesters were told of decisions, by ``(kind, id)`` of what they are about."""
    if not requests:
        return {}
    asked = {"requests": list(requests), "sessions": list(sessions)}
    return {
        (row.about_kind, row.about_id): ToldView(NoticeStatus(row.status), row.settled_at)
        for row in connection.execute(_OF_DECISION, asked)
    }


def _number(row: Row[Any]) -> RequestNumber | None:
    return None if row.number is None else RequestNumber(row.number)


def _times(connection: Connection, row: Row[Any]) -> tuple[datetime, ...]:
    if row.booking_id is not None:
        return times_of_booking(connection, row.booking_id)
    return tuple(times_of(connection, [row.request_id]).get(row.request_id, ()))


def _meeting(row: Row[Any]) -> Meeting | None:
    if row.session_id is None:
        return None
    return Meeting(
        id=SessionId(row.session_id),
        revision=row.session_revision,
        host=row.host,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        is_cancelled=row.session_status == SessionStatus.CANCELLED,
        is_planned=row.type == RequestType.SCHEDULED or row.starts_at != row.decided_at,
        is_theirs=row.recipient_id in (row.session_host_id, row.requester_id),
    )
