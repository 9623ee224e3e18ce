"""The work in storage: requests, and the sessions made of them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

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

    def looked_back_on(
        self, account: AccountId, since: datetime, decided_by: datetime, now: datetime
    ) -> Sequence[SessionRequest]:
        """Return what was submitted since, and decided by then, of people who are signed in now:
        nobody else has it on a page of their own.
        """

    def answered_to(
        self,
        people: Collection[PersonId],
        clinics: Collection[ClinicId],
        since: datetime,
        decided_after: datetime,
        now: datetime,
    ) -> Sequence[SessionRequest]:
        """Return what these people submitted since to these clinics, as far as it was decided and
        is told of: to whom is signed in now, or ``decided_after``. One read for all of them.
        """


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
