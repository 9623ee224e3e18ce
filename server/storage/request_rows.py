"""A session request as its row, and back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, select

from dispatch.decision import Decision, Declining
from dispatch.request import SessionRequest
from dispatch.vocabulary import (
    AccountId,
    ClinicId,
    DeclineReason,
    PersonId,
    RequestId,
    RequestNumber,
    RequestStatus,
    RequestType,
    ServiceId,
    SessionId,
)
from server.storage.tables import requested_time

CHANGING = (
    "status",
    "expires_at",
    "version",
    "declining_by_id",
    "declining_reason",
    "declining_response",
    "declining_due_at",
    "decided_by_id",
    "decided_at",
    "decided_reason",
    "response",
    "accepted_host_id",
    "accepted_at_time",
    "session_id",
    "reminds_at",
    "escalates_at",
    "escalated_at",
    "dismissed_at",
    "declining_sentence",
    "decided_sentence",
)
_TIMES = (
    select(requested_time.c.request_id, requested_time.c.starts_at)
    .where(requested_time.c.request_id.in_(bindparam("ids", expanding=True)))
    .order_by(requested_time.c.request_id, requested_time.c.rank)
)


def loaded(connection: Connection, rows: Sequence[RowMapping]) -> list[SessionRequest]:
    """Return the requests of some rows, with their requested times."""
    times = times_of(connection, [row["id"] for row in rows if row["type"] == "Scheduled"])
    return [_request(row, times.get(row["id"], ())) for row in rows]


def times_of(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[datetime, ...]]:
    """Return the ranked times of some requests; a Now request has none."""
    found: dict[int, tuple[datetime, ...]] = {}
    if ids:
        for key, at in connection.execute(_TIMES, {"ids": list(ids)}):
            found[key] = (*found.get(key, ()), at)
    return found


def _request(row: RowMapping, times: tuple[datetime, ...]) -> SessionRequest:
    declining = decision = None
    if row["declining_due_at"] is not None:
        declining = Declining(
            PersonId(row["declining_by_id"]),
            DeclineReason(row["declining_reason"]),
            row["declining_response"],
            row["declining_due_at"],
            row["declining_sentence"] or "",
        )
    if row["decided_at"] is not None:
        decision = Decision(
            by_id=PersonId(row["decided_by_id"]),
            at=row["decided_at"],
            response=row["response"] or "",
            reason=DeclineReason(row["decided_reason"]) if row["decided_reason"] else None,
            host_id=row["accepted_host_id"],
            chosen_at=row["accepted_at_time"],
            sentence=row["decided_sentence"] or "",
        )
    return SessionRequest(
        id=RequestId(row["id"]),
        account_id=AccountId(row["account_id"]),
        number=RequestNumber(row["number"]),
        clinic_id=ClinicId(row["clinic_id"]),
        service_id=ServiceId(row["service_id"]),
        requester_id=PersonId(row["requester_id"]),
        type=RequestType(row["type"]),
        times=times,
        zone=row["zone"],
        target_host_id=row["target_host_id"],
        note=row["note"],
        submitted_at=row["submitted_at"],
        submitted_by_id=PersonId(row["submitted_by_id"]),
        expires_at=row["expires_at"],
        status=RequestStatus(row["status"]),
        version=row["version"],
        declining=declining,
        decision=decision,
        session_id=SessionId(row["session_id"]) if row["session_id"] is not None else None,
        reminds_at=row["reminds_at"],
        escalates_at=row["escalates_at"],
        escalated_at=row["escalated_at"],
        dismissed_at=row["dismissed_at"],
    )


def columns_of(of: SessionRequest) -> dict[str, object]:
    """Return the columns of a new row."""
    return {
        "account_id": of.account_id,
        "number": of.number,
        "clinic_id": of.clinic_id,
        "service_id": of.service_id,
        "requester_id": of.requester_id,
        "target_host_id": of.target_host_id,
        "submitted_by_id": of.submitted_by_id,
        "type": of.type,
        "zone": of.zone,
        "note": of.note,
        "submitted_at": of.submitted_at,
        **changing_of(of),
    }


def changing_of(of: SessionRequest) -> dict[str, object]:
    """Return the columns that a step of its life may change."""
    declining, decision = of.declining, of.decision
    return {
        "status": of.status,
        "expires_at": of.expires_at,
        "version": of.version,
        "declining_by_id": declining and declining.by_id,
        "declining_reason": declining and declining.reason,
        "declining_response": declining and declining.response,
        "declining_due_at": declining and declining.due_at,
        "decided_by_id": decision.by_id if decision else None,
        "decided_at": decision and decision.at,
        "decided_reason": decision and decision.reason,
        "response": decision and decision.response,
        "accepted_host_id": decision and decision.host_id,
        "accepted_at_time": decision and decision.chosen_at,
        "session_id": of.session_id,
        "reminds_at": of.reminds_at,
        "escalates_at": of.escalates_at,
        "escalated_at": of.escalated_at,
        "dismissed_at": of.dismissed_at,
        "declining_sentence": declining and declining.sentence,
        "decided_sentence": decision and decision.sentence,
    }
