"""What each stream shows of the rows in memory, by the field lists of ``dispatch.views``."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from dispatch import views
from dispatch.answers import Answer
from dispatch.clinic import Clinic
from dispatch.request import SessionRequest
from dispatch.session import VideoSession
from dispatch.stream import Projection
from dispatch.vocabulary import DeclineReason, PersonId, RequestId, RequestStatus
from tests.fakes.memory import Memory
from tests.fakes.post_rows import told
from tests.fakes.reply_rows import replies_of, sentences_of
from tests.fakes.shown_hosts import availability_of, host_group_of, providers_of
from tests.fakes.shown_sessions import can_return, session_row_of, sessions_of

DAY = timedelta(days=1)


def views_of(rows: Memory, stream: str, projection: Projection, now: datetime) -> list[views.View]:
    """Return the views of a stream, oldest request first."""
    room, _, number = stream.partition(":")
    match room, projection:
        case "clinic", Projection.BOARD:
            return [*_board(rows, int(number)), *providers_of(rows, int(number), now)]
        case "clinic", Projection.DECIDED:
            return list(_decided(rows, int(number), now))
        case "clinic", Projection.SESSIONS:
            return list(sessions_of(rows, lambda s: s.clinic_id == int(number), now))
        case "hosts", Projection.HOST:
            group = int(number)
            return [
                *_cards(rows, lambda r, c: (r.target_host_id, c.host_group.id) == (None, group)),
                *host_group_of(rows, group),
            ]
        case "host", Projection.HOST:
            mine = int(number)
            return [
                *_cards(
                    rows,
                    lambda r, c: r.target_host_id == mine and (c.host_group.id, mine) in rows.hosts,
                ),
                *_passes(rows, mine),
                *sessions_of(rows, lambda s: s.host_id == mine, now),
                *availability_of(rows, PersonId(mine), now),
            ]
        case "patient", Projection.PATIENT:
            return [
                _patient(rows, r) for r in rows.requests.values() if r.requester_id == int(number)
            ]
        case "patient", Projection.ROOM:
            own = (s for s in rows.sessions.values() if s.requester_id == int(number))
            return [session_row_of(rows, s) for s in own if s.starts_at > now - 2 * DAY]
        case "request", Projection.LINK:
            asked = rows.requests.get(RequestId(int(number)))
            return [views.by_link(_patient(rows, asked))] if asked else []
        case _:
            return []


def outcome_of(rows: Memory, request: SessionRequest) -> views.Outcome:
    decision = request.decision
    assert decision
    return views.Outcome(
        id=request.id,
        version=request.version,
        number=request.number,
        status=request.status,
        by=_name(rows, decision.by_id),
        provider=_name(rows, decision.host_id) if decision.host_id else "",
        at=decision.at,
        zone=rows.clinics[request.clinic_id].zone,
    )


def _name(rows: Memory, person: PersonId) -> str:
    return rows.people[person].name if person else "The system"


def _service(clinic: Clinic, request: SessionRequest | VideoSession) -> str:
    service = clinic.service(request.service_id)
    return service.name if service else ""


def _request_to(rows: Memory, request: SessionRequest, clinic: Clinic) -> str:
    target = request.target_host_id
    return rows.people[target].name if target else clinic.host_group.name


def _answers(rows: Memory, request: SessionRequest) -> tuple[Answer, ...]:
    answered = rows.answers.get(request.id)
    return answered.answers if answered else ()


def _pending(rows: Memory) -> list[SessionRequest]:
    found = [r for r in rows.requests.values() if r.status is RequestStatus.PENDING]
    return sorted(found, key=lambda r: (r.submitted_at, r.number))


def _claim(rows: Memory, request: SessionRequest) -> views.ClaimView | None:
    held = rows.claims.get(request.id)
    if held is None:
        return None
    return views.ClaimView(held.person_id, _name(rows, held.person_id), held.lease_until)


def _declining(rows: Memory, request: SessionRequest) -> views.DecliningView | None:
    held = request.declining
    if held is None:
        return None
    return views.DecliningView(held.by_id, _name(rows, held.by_id), held.due_at)


def _board(rows: Memory, clinic_id: int) -> Iterator[views.BoardRow]:
    for request in _pending(rows):
        clinic = rows.clinics[request.clinic_id]
        if clinic.id != clinic_id:
            continue
        yield views.BoardRow(
            id=request.id,
            version=request.version,
            number=request.number,
            clinic_id=clinic.id,
            requestor=_name(rows, request.requester_id),
            type=request.type,
            patient_group=clinic.patient_group.name,
            host_group=clinic.host_group.name,
            request_to=_request_to(rows, request, clinic),
            service=_service(clinic, request),
            submitted_at=request.submitted_at,
            target_seconds=clinic.target_seconds,
            nearly_seconds=clinic.nearly_seconds,
            times=request.times or (request.submitted_at,),
            zone=clinic.zone,
            note=request.note,
            claim=_claim(rows, request),
            declining=_declining(rows, request),
            on_behalf_by=_on_behalf_by(rows, request),
            escalated_at=request.escalated_at,
            told=rows.told.get(request.id),
        )


def _on_behalf_by(rows: Memory, request: SessionRequest) -> str:
    is_own = request.submitted_by_id == request.requester_id
    return "" if is_own else _name(rows, request.submitted_by_id)


def _decided(rows: Memory, clinic_id: int, now: datetime) -> Iterator[views.DecidedRow]:
    for request in rows.requests.values():
        clinic, decision = rows.clinics[request.clinic_id], request.decision
        if clinic.id != clinic_id or decision is None or decision.at <= now - DAY:
            continue
        session = rows.sessions.get(request.session_id) if request.session_id else None
        yield views.DecidedRow(
            id=request.id,
            version=request.version,
            number=request.number,
            clinic_id=clinic.id,
            requestor=_name(rows, request.requester_id),
            type=request.type,
            service=_service(clinic, request),
            request_to=_request_to(rows, request, clinic),
            status=request.status,
            by=_name(rows, decision.by_id),
            provider=_name(rows, decision.host_id) if decision.host_id else "",
            submitted_at=request.submitted_at,
            decided_at=decision.at,
            response=decision.response,
            session_at=session.starts_at if session else None,
            session_status=session.status if session else None,
            can_return=can_return(session, now),
            zone=clinic.zone,
            told=told(rows, request),
        )


def _cards(
    rows: Memory, concerns: Callable[[SessionRequest, Clinic], bool]
) -> Iterator[views.HostCard]:
    for request in _pending(rows):
        clinic = rows.clinics[request.clinic_id]
        service = clinic.service(request.service_id)
        if not concerns(request, clinic) or service is None:
            continue
        yield views.HostCard(
            id=request.id,
            version=request.version,
            number=request.number,
            requestor=_name(rows, request.requester_id),
            clinic=clinic.name,
            service=service.name,
            payment_required=service.payment_required,
            type=request.type,
            request_to=_request_to(rows, request, clinic),
            is_directed=request.target_host_id is not None,
            submitted_at=request.submitted_at,
            target_seconds=clinic.target_seconds,
            nearly_seconds=clinic.nearly_seconds,
            times=request.times or (request.submitted_at,),
            zone=clinic.zone,
            note=request.note,
            answers=_answers(rows, request),
            claim=_claim(rows, request),
            declining=_declining(rows, request),
            replies=replies_of(rows, clinic.id),
            declined_text=_declined_text(rows, clinic) if request.target_host_id else "",
        )


def _declined_text(rows: Memory, clinic: Clinic) -> str:
    other = sentences_of(rows, clinic.id).get(DeclineReason.OTHER)
    return other or clinic.declined_text


def _passes(rows: Memory, host: int) -> Iterator[views.PassRow]:
    for request in _pending(rows):
        if (request.id, host) in rows.passes:
            clinic = rows.clinics[request.clinic_id]
            service = _service(clinic, request)
            yield views.PassRow(request.id, 1, request.number, service)


def _patient(rows: Memory, request: SessionRequest) -> views.PatientCard:
    clinic, decision = rows.clinics[request.clinic_id], request.decision
    session = rows.sessions.get(request.session_id) if request.session_id else None
    held = rows.claims.get(request.id)
    is_theirs = (clinic.patient_group.id, request.requester_id) in rows.patients
    return views.PatientCard(
        id=request.id,
        version=request.version,
        number=request.number,
        status=request.status,
        clinic=clinic.name,
        clinic_phone=clinic.phone,
        emergency_text=clinic.emergency_text,
        service=_service(clinic, request),
        type=request.type,
        request_to=_request_to(rows, request, clinic),
        submitted_at=request.submitted_at,
        times=request.times or (request.submitted_at,),
        zone=clinic.zone,
        note=request.note,
        answers=_answers(rows, request),
        looked_at_until=held.lease_until if held else None,
        response=decision.response if decision else "",
        declined_text=(decision and decision.sentence) or clinic.declined_text,
        decided_at=decision.at if decision else None,
        awaits_dismissal=request.awaits_dismissal,
        provider=_name(rows, decision.host_id) if decision and decision.host_id else "",
        is_mailed=rows.people[request.requester_id].email is not None,
        session_at=session.starts_at if session else None,
        session_status=session.status if session else None,
        session_id=session.id if session else None,
        session_version=session.version if session else 0,
        session_opens_at=session.opens_at if session else None,
        session_closes_at=session.closes_at if session else None,
        has_video=rows.has_room(clinic.id, session.host_id if session else PersonId(0)),
        may_ask_again=is_theirs and not clinic.is_archived,
    )
