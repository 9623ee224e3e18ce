"""Requests and sessions in memory, with the constraints that a database would hold."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from dispatch.errors import StaleError
from dispatch.line import Estimate
from dispatch.request import SessionRequest
from dispatch.session import VideoSession
from dispatch.vocabulary import (
    AccountId,
    ClinicId,
    PersonId,
    RequestId,
    RequestNumber,
    RequestStatus,
    SessionId,
    SessionStatus,
)
from tests.fakes.memory import Memory

FIRST_NUMBER = 1001


@dataclass
class FakeRequests:
    rows: Memory

    def by_number(self, account: AccountId, number: RequestNumber) -> SessionRequest | None:
        wanted = (account, number)
        mine = (r for r in self.rows.requests.values() if (r.account_id, r.number) == wanted)
        return next(mine, None)

    def by_id(self, request_id: RequestId) -> SessionRequest | None:
        return self.rows.requests.get(request_id)

    def open_of(self, requester: PersonId, clinic: ClinicId) -> SessionRequest | None:
        wanted = (requester, clinic, RequestStatus.PENDING)
        rows = self.rows.requests.values()
        return next((r for r in rows if (r.requester_id, r.clinic_id, r.status) == wanted), None)

    def keep_told(self, request_id: RequestId, told: Estimate, at: datetime) -> bool:
        is_first = request_id not in self.rows.told
        self.rows.told.setdefault(request_id, told)
        return is_first

    def recent_of(self, requester: PersonId, since: datetime) -> list[SessionRequest]:
        theirs = (r for r in self.rows.requests.values() if r.requester_id == requester)
        recent = (r for r in theirs if r.submitted_at > since)
        return sorted(recent, key=lambda r: (r.submitted_at, r.number), reverse=True)

    def add(self, draft: SessionRequest) -> SessionRequest:
        self._refuse_second_open(replace(draft, id=RequestId(0)))
        self.rows.numbers[draft.account_id] += 1
        number = RequestNumber(FIRST_NUMBER - 1 + self.rows.numbers[draft.account_id])
        times = tuple(at.astimezone(UTC) for at in draft.times)
        request_id = RequestId(self.rows.next_id("request"))
        stored = replace(draft, id=request_id, number=number, times=times)
        self.rows.requests[stored.id] = stored
        return stored

    def save(self, request: SessionRequest, was: SessionRequest) -> None:
        held = self.rows.requests[request.id]
        if (held.version, held.status) != (was.version, was.status):
            raise StaleError("This request changed since you looked.")
        self._refuse_second_open(request)
        self.rows.requests[request.id] = request

    def passed_by(self, request_id: RequestId) -> frozenset[PersonId]:
        return self.rows.passed_by(request_id)

    def add_pass(self, request_id: RequestId, host: PersonId, reason: str, at: datetime) -> None:
        self.rows.passes[request_id, host] = reason

    def clear_passes(self, request_id: RequestId) -> None:
        for key in [key for key in self.rows.passes if key[0] == request_id]:
            del self.rows.passes[key]

    def waiting_in(self, clinic: ClinicId) -> list[SessionRequest]:
        rows = self.rows.requests.values()
        return [r for r in rows if (r.clinic_id, r.status) == (clinic, RequestStatus.PENDING)]

    def passed_on(self, clinics: Collection[ClinicId]) -> list[SessionRequest]:
        passed = {request for request, _ in self.rows.passes}
        return [
            r
            for r in self.rows.requests.values()
            if r.id in passed and r.status is RequestStatus.PENDING and r.clinic_id in clinics
        ]

    def shown(self, account: AccountId, decided_after: datetime) -> list[SessionRequest]:
        own = [r for r in self.rows.requests.values() if r.account_id == account]
        return [
            r
            for r in sorted(own, key=lambda r: r.id)
            if r.status is RequestStatus.PENDING or (r.decision and r.decision.at > decided_after)
        ]

    def looked_back_on(
        self, account: AccountId, since: datetime, decided_by: datetime, now: datetime
    ) -> list[SessionRequest]:
        signed_in = self.rows.signed_in(now)
        return [
            r
            for r in sorted(self.rows.requests.values(), key=lambda r: r.id)
            if r.account_id == account
            and r.requester_id in signed_in
            and r.submitted_at > since
            and (r.decision and r.decision.at <= decided_by)
        ]

    def answered_to(
        self,
        people: Collection[PersonId],
        clinics: Collection[ClinicId],
        since: datetime,
        decided_after: datetime,
        now: datetime,
    ) -> list[SessionRequest]:
        signed_in = self.rows.signed_in(now)
        return [
            r
            for r in sorted(self.rows.requests.values(), key=lambda r: r.id)
            if r.requester_id in people
            and r.clinic_id in clinics
            and r.submitted_at > since
            and r.decision
            and (r.decision.at > decided_after or r.requester_id in signed_in)
        ]

    def _refuse_second_open(self, request: SessionRequest) -> None:
        another = self.open_of(request.requester_id, request.clinic_id)
        if request.status is RequestStatus.PENDING and another and another.id != request.id:
            raise RuntimeError("unique: one open request per person and clinic")


@dataclass
class FakeSessions:
    rows: Memory

    def add(self, draft: VideoSession) -> VideoSession:
        stored = replace(draft, id=SessionId(self.rows.next_id("session")))
        self.rows.sessions[stored.id] = stored
        return stored

    def by_id(self, session_id: SessionId) -> VideoSession | None:
        return self.rows.sessions.get(session_id)

    def save(self, session: VideoSession, was: VideoSession) -> None:
        if self.rows.sessions[session.id].version != was.version:
            raise StaleError("This session changed since you looked.")
        self.rows.sessions[session.id] = session

    def request_of(self, session_id: SessionId) -> RequestId | None:
        session = self.rows.sessions.get(session_id)
        return session.request_id if session else None

    def open_in(self, clinic: ClinicId) -> list[VideoSession]:
        return [s for s in self.rows.sessions.values() if s.is_open and s.clinic_id == clinic]

    def open_of(self, host: PersonId) -> list[VideoSession]:
        return [s for s in self.rows.sessions.values() if s.is_open and s.host_id == host]

    def of_host(self, host: PersonId, start: datetime, end: datetime) -> list[VideoSession]:
        return [
            s
            for s in self.rows.sessions.values()
            if s.host_id == host
            and s.status is not SessionStatus.CANCELLED
            and s.starts_at <= end
            and start <= s.ends_at
        ]

    def shown(self, account: AccountId, now: datetime) -> list[VideoSession]:
        own = [s for s in self.rows.sessions.values() if s.account_id == account]
        return [s for s in own if s.is_open and s.closes_at > now]
