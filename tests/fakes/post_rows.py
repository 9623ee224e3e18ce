"""Notices in memory: the outbox of one transaction, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dispatch import welcome
from dispatch.booking import Booking
from dispatch.letter import Letter, Meeting, Posted
from dispatch.notice import FOR_STAFF, Notice
from dispatch.request import SessionRequest
from dispatch.session import VideoSession
from dispatch.status_link import issued_for, write_token
from dispatch.views import ToldView
from dispatch.vocabulary import (
    AccountId,
    BookingId,
    EntityKind,
    NoticeId,
    NoticeKind,
    NoticeStatus,
    RequestId,
    RequestNumber,
    RequestStatus,
    RequestType,
    SessionId,
    SessionStatus,
)
from tests.fakes.link_rows import SECRET
from tests.fakes.memory import Memory

_OF_REQUEST = (NoticeKind.DECLINED, NoticeKind.EXPIRED, NoticeKind.WITHDRAWN)


@dataclass
class FakeNotices:
    rows: Memory

    def by_id(self, account: AccountId, notice_id: NoticeId) -> Notice | None:
        notice = self.rows.outbox.get(notice_id)
        return notice if notice and notice.account_id == account else None

    def save(self, notice: Notice) -> None:
        self.rows.outbox[notice.id] = notice


def due_notices(rows: Memory, now: datetime, limit: int) -> list[tuple[AccountId, NoticeId]]:
    due = sorted(
        (one for one in rows.outbox.values() if one.is_due(now)), key=lambda n: (n.next_at, n.id)
    )
    return [(one.account_id, one.id) for one in due[:limit]]


def letter_of(rows: Memory, notice_id: NoticeId) -> Letter | None:
    notice = rows.outbox.get(notice_id)
    if notice is None:
        return None
    name, address, zone = _recipient(rows, notice)
    given: dict[str, Any] = {
        "notice_id": notice.id,
        "key": f"notice-{notice.id}-{notice.created_at:%Y%m%d%H%M%S%f}",
        "tries": notice.tries,
        "written_at": notice.created_at,
        "kind": notice.kind,
        "name": name,
        "address": address,
        "zone": zone,
    }
    if notice.about.kind is EntityKind.BOOKING:
        return Letter(**given | _of_booking(rows, rows.bookings[BookingId(notice.about.id)]))
    if notice.about.kind is EntityKind.PERSON:
        return Letter(**given | _of_person(rows, notice))
    request, session = _about(rows, notice)
    clinic = rows.clinics[request.clinic_id]
    given["address"] = _address_now(rows, notice, request, address)
    service = clinic.service(request.service_id)
    is_to_requester = notice.recipient_id == request.requester_id
    issued_at = issued_for(notice.created_at, rows.people[request.requester_id].moved_at)
    return Letter(
        **given,
        clinic=clinic.name,
        clinic_phone=clinic.phone,
        service=service.name if service else "",
        number=request.number,
        type=request.type,
        times=request.times,
        is_to_requester=is_to_requester,
        status_link=write_token(request.id, issued_at, SECRET) if is_to_requester else "",
        submitted_at=request.submitted_at,
        expires_at=request.expires_at,
        meeting=_meeting(rows, session, notice) if session else None,
    )


def _of_booking(rows: Memory, booking: Booking) -> dict[str, Any]:
    clinic = rows.clinics[rows.public_calendars[booking.calendar_id].clinic_id]
    return {
        "clinic": clinic.name,
        "clinic_phone": clinic.phone,
        "service": rows.services[booking.service_id].name,
        "number": None,
        "type": RequestType.SCHEDULED,
        "times": booking.times,
        "is_to_requester": False,
        "submitted_at": booking.asked_at,
        "expires_at": booking.until_at,
    }


def _of_person(rows: Memory, notice: Notice) -> dict[str, Any]:
    assert notice.recipient_id
    invited_at = rows.people[notice.recipient_id].invited_at
    token = welcome.write_token(notice.recipient_id, invited_at, SECRET) if invited_at else ""
    return {
        "clinic": rows.account(notice.account_id).name,
        "clinic_phone": "",
        "service": "",
        "number": None,
        "type": RequestType.SCHEDULED,
        "times": (),
        "is_to_requester": False,
        "submitted_at": notice.created_at,
        "expires_at": (invited_at or notice.created_at) + welcome.LASTS,
        "welcome_link": token,
    }


def posted(rows: Memory, account: AccountId, *, only_failed: bool, limit: int) -> Sequence[Posted]:
    found = [
        Posted(
            id=one.id,
            kind=one.kind,
            recipient=_recipient(rows, one)[0],
            address=_recipient(rows, one)[1],
            number=_number(rows, one),
            status=one.status,
            tries=one.tries,
            created_at=one.created_at,
            next_at=one.next_at,
            settled_at=one.settled_at,
            problem=one.problem,
        )
        for one in reversed(rows.outbox.values())
        if one.account_id == account and (one.status is NoticeStatus.FAILED or not only_failed)
    ]
    return found[:limit]


def _number(rows: Memory, notice: Notice) -> RequestNumber | None:
    is_of_request = notice.about.kind not in {EntityKind.BOOKING, EntityKind.PERSON}
    return None if not is_of_request else _about(rows, notice)[0].number


def told(rows: Memory, request: SessionRequest) -> ToldView | None:
    """Return how the requester was told of the decision."""
    is_accepted = request.status is RequestStatus.ACCEPTED
    about = f"session:{request.session_id}" if is_accepted else f"request:{request.id}"
    kinds = (NoticeKind.INVITATION,) if is_accepted else _OF_REQUEST
    for one in rows.outbox.values():
        if str(one.about) == about and one.kind in kinds:
            return ToldView(one.status, one.settled_at)
    return None


def _recipient(rows: Memory, notice: Notice) -> tuple[str, str, str]:
    """Return name, address and zone."""
    if notice.recipient_id is None:
        assert notice.addressee
        return notice.addressee.name, notice.addressee.email, notice.addressee.zone
    person = rows.people[notice.recipient_id]
    return person.name, "" if person.is_disabled else person.email or "", person.zone


def _address_now(rows: Memory, notice: Notice, request: SessionRequest, address: str) -> str:
    if notice.kind is NoticeKind.ESCALATED:
        return rows.clinics[request.clinic_id].escalation_email
    actor = rows.actor(notice.recipient_id) if notice.recipient_id else None
    if notice.kind not in FOR_STAFF:
        return address
    if actor is None:
        return ""
    is_asked = request.target_host_id in (None, actor.person_id)
    answers = rows.clinics[request.clinic_id].host_group.id in actor.hosts_in and is_asked
    return address if request.clinic_id in actor.schedules or answers else ""


def _about(rows: Memory, notice: Notice) -> tuple[SessionRequest, VideoSession | None]:
    if notice.about.kind is EntityKind.REQUEST:
        return rows.requests[RequestId(notice.about.id)], None
    session = rows.sessions[SessionId(notice.about.id)]
    return rows.requests[session.request_id], session


def _meeting(rows: Memory, session: VideoSession, notice: Notice) -> Meeting:
    request = rows.requests[session.request_id]
    decided_at = request.decision.at if request.decision else None
    return Meeting(
        id=session.id,
        revision=session.revision,
        host=rows.people[session.host_id].name,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        is_cancelled=session.status is SessionStatus.CANCELLED,
        is_planned=bool(request.times) or session.starts_at != decided_at,
        is_theirs=notice.recipient_id in (session.host_id, request.requester_id),
    )
