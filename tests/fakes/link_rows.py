"""What the links of requests stand on, in memory."""

from collections.abc import Collection

from dispatch.status_link import Linked
from dispatch.vocabulary import RequestId, RequestStatus, SessionStatus
from tests.fakes.memory import Memory

SECRET = bytes(range(32))


def linked(rows: Memory, requests: Collection[RequestId]) -> dict[RequestId, Linked]:
    found = (rows.requests[one] for one in requests if one in rows.requests)
    return {r.id: _linked(rows, r.id) for r in found if not rows.people[r.requester_id].is_disabled}


def _linked(rows: Memory, request_id: RequestId) -> Linked:
    request = rows.requests[request_id]
    clinic = rows.clinics[request.clinic_id]
    session = rows.sessions.get(request.session_id) if request.session_id else None
    stands = session is not None and session.status is not SessionStatus.CANCELLED
    is_open = request.status is RequestStatus.PENDING
    return Linked(
        request_id=request.id,
        account_id=request.account_id,
        number=request.number,
        requester_id=request.requester_id,
        clinic=clinic.name,
        clinic_phone=clinic.phone,
        decided_at=None if is_open or not request.decision else request.decision.at,
        session_ends_at=session.ends_at if session and stands else None,
        moved_at=rows.people[request.requester_id].moved_at,
    )
