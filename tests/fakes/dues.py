"""What time alone has made due, in memory."""

from collections.abc import Collection, Iterator
from datetime import datetime

from dispatch.attendance import Attendance
from dispatch.claim import Claim
from dispatch.events import EntityRef
from dispatch.ports import Due
from dispatch.request import SessionRequest
from dispatch.vocabulary import EntityKind, RequestStatus
from tests.fakes.memory import Memory


def due(rows: Memory, now: datetime, limit: int) -> list[Due]:
    found = [one for request in rows.requests.values() for one in _of_request(rows, request, now)]
    for claim in rows.claims.values():
        if not claim.is_live(now):
            account = rows.requests[claim.of].account_id
            found.append(Due("claim", account, claim.of))
    for host, until in rows.connected.items():
        if until <= now:
            found.append(Due("connected", rows.people[host].account_id, host))
    for toggle in rows.toggles.values():
        if toggle.has_lapsed(now):
            found.append(Due("toggle", toggle.account_id, toggle.host_id))
        if toggle.is_back(now):
            found.append(Due("break", toggle.account_id, toggle.host_id))
    found += [*_of_visits(rows, now)]
    return found[:limit]


def _of_visits(rows: Memory, now: datetime) -> Iterator[Due]:
    for held in rows.attendances.values():
        if not held.is_live(now):
            account = rows.sessions[held.of].account_id
            yield Due("absence", account, held.of)
    for session in rows.sessions.values():
        if session.is_open and session.closes_at <= now:
            yield Due("visit", session.account_id, session.id)


def _of_request(rows: Memory, request: SessionRequest, now: datetime) -> Iterator[Due]:
    if request.status is not RequestStatus.PENDING:
        return
    if request.declining:
        if request.declining.due_at <= now:
            yield Due("decline", request.account_id, request.id)
        return
    if request.expires_at <= now:
        yield Due("expiry", request.account_id, request.id)
    has_address = rows.clinics[request.clinic_id].escalation_email
    if has_address and request.escalates_at and request.escalates_at <= now:
        yield Due("escalation", request.account_id, request.id)
    if request.reminds_at and request.reminds_at <= now:
        yield Due("reminder", request.account_id, request.id)


def leases(
    rows: Memory, streams: Collection[str]
) -> dict[str, dict[EntityRef, Claim | Attendance]]:
    found: dict[str, dict[EntityRef, Claim | Attendance]] = {stream: {} for stream in streams}
    for claim in rows.claims.values():
        stream = f"clinic:{rows.requests[claim.of].clinic_id}"
        if stream in found:
            found[stream][EntityRef(EntityKind.REQUEST, claim.of)] = claim
    for held in rows.attendances.values():
        if (stream := f"patient:{held.person_id}") in found:
            found[stream][EntityRef(EntityKind.SESSION, held.of)] = held
    return found
