"""The work in storage: requests, the claims on them, and the sessions made of them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from dispatch.attendance import Attendance
from dispatch.claim import Claim
from dispatch.line import Estimate
from dispatch.request import SessionRequest
from dispatch.session import VideoSession
from dispatch.vocabulary import AccountId, ClinicId, PersonId, RequestId, RequestNumber, SessionId


class Requests(Protocol):
    """Session requests; every read inside a change locks the row until commit."""

    def by_number(self, account: AccountId, number: RequestNumber) -> SessionRequest | None: ...
    def by_id(self, request_id: RequestId) -> SessionRequest | None: ...
    def open_of(self, requester: PersonId, clinic: ClinicId) -> SessionRequest | None: ...
    def keep_told(self, request_id: RequestId, told: Estimate, at: datetime) -> bool:
        """Store the first range that the requester was shown; False: there is one already."""

    def recent_of(self, requester: PersonId, since: datetime) -> Sequence[SessionRequest]:
        """Return what they have asked for since then, latest first."""

    def add(self, draft: SessionRequest) -> SessionRequest:
        """Store it with the account's next number; return it with id and number."""

    def save(self, request: SessionRequest, was: SessionRequest) -> None:
        """Compare and swap on ``was``'s version and status; StaleError if somebody was first."""

    def passed_by(self, request_id: RequestId) -> frozenset[PersonId]: ...
    def add_pass(
        self, request_id: RequestId, host: PersonId, reason: str, at: datetime
    ) -> None: ...
    def clear_passes(self, request_id: RequestId) -> None: ...
    def waiting_in(self, clinic: ClinicId) -> Sequence[SessionRequest]:
        """Return the pending requests of a clinic, by their ids; no row is locked."""

    def passed_on(self, clinics: Collection[ClinicId]) -> Sequence[SessionRequest]:
        """Return the pending requests of the clinics on which some host has passed."""

    def shown(self, account: AccountId, decided_after: datetime) -> Sequence[SessionRequest]:
        """Return who waits, and what was decided since; no row is locked."""


class Claims(Protocol):
    """Claims on pending requests, one at most each."""

    def of(self, request_id: RequestId) -> Claim | None: ...
    def put(self, claim: Claim) -> None: ...
    def renew(self, claim: Claim, now: datetime) -> None:
        """Set the lease where this person's page still holds a live one; else change nothing.

        No request is locked for this, so somebody may have taken over, or it may have lapsed.
        """

    def shorten(self, claim: Claim, was: Claim) -> None:
        """Set the lease where it is still as ``was`` says; whoever renewed meanwhile keeps it."""

    def drop(self, request_id: RequestId) -> None: ...
    def held_by_tab(self, tab: str) -> Sequence[Claim]: ...


class Sessions(Protocol):
    """Video sessions."""

    def add(self, draft: VideoSession) -> VideoSession: ...
    def by_id(self, session_id: SessionId) -> VideoSession | None: ...
    def request_of(self, session_id: SessionId) -> RequestId | None:
        """Return which request it was made of, without a lock: the request is locked first."""

    def save(self, session: VideoSession, was: VideoSession) -> None: ...
    def open_in(self, clinic: ClinicId) -> Sequence[VideoSession]:
        """Return the clinic's sessions of which something may still become."""

    def open_of(self, host: PersonId) -> Sequence[VideoSession]:
        """Return the same of a host."""

    def of_host(self, host: PersonId, start: datetime, end: datetime) -> Sequence[VideoSession]:
        """Return the host's live sessions that touch ``[start, end]``."""

    def shown(self, account: AccountId, now: datetime) -> Sequence[VideoSession]:
        """Return the sessions of which something may still become; no row is locked."""


class Attendances(Protocol):
    """Patients in waiting rooms, one at most for each session."""

    def of(self, session_id: SessionId) -> Attendance | None: ...
    def put(self, attendance: Attendance) -> None: ...
    def renew(self, attendance: Attendance, now: datetime) -> None:
        """Set the lease where this person's page still holds a live one; else change nothing."""

    def shorten(self, attendance: Attendance, was: Attendance) -> None:
        """Set the lease where it is still as ``was`` says; whoever renewed meanwhile keeps it."""

    def drop(self, session_id: SessionId) -> None: ...
    def held_by_tab(self, tab: str) -> Sequence[Attendance]: ...
