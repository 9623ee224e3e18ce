"""The line of those who wait to be seen now, in memory."""

from collections.abc import Collection
from datetime import datetime

from dispatch.line import Estimate, PastWait, Waiting
from dispatch.vocabulary import ClinicId, RequestId, RequestStatus, RequestType
from tests.fakes.memory import Memory


def waiting_now(rows: Memory) -> list[Waiting]:
    waits = [
        r
        for r in rows.requests.values()
        if (r.type, r.status) == (RequestType.NOW, RequestStatus.PENDING)
    ]
    return [
        Waiting(
            request_id=r.id,
            account_id=r.account_id,
            number=r.number,
            requester_id=r.requester_id,
            clinic_id=r.clinic_id,
            group_id=rows.clinics[r.clinic_id].host_group.id,
            target_host_id=r.target_host_id,
            submitted_at=r.submitted_at,
        )
        for r in sorted(waits, key=lambda r: (r.submitted_at, r.number))
    ]


def past_waits(rows: Memory, clinics: Collection[ClinicId], since: datetime) -> list[PastWait]:
    ended = [
        (r, r.decision)
        for r in rows.requests.values()
        if r.type is RequestType.NOW and r.clinic_id in clinics and r.decision
    ]
    return [
        PastWait(r.clinic_id, r.submitted_at, decision.at, decision.host_id)
        for r, decision in sorted(ended, key=lambda each: (each[1].at, each[0].number))
        if decision.at > since
    ]


def told_waits(rows: Memory, requests: Collection[RequestId]) -> dict[RequestId, Estimate]:
    return {one: rows.told[one] for one in requests if one in rows.told}
