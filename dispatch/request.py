"""A session request and everything that can become of it; each step returns a new one."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dispatch.clinic import Clinic
from dispatch.decision import UNDO_WINDOW, Decision, Declining
from dispatch.errors import DecidedError, InvalidError
from dispatch.lifecycle import next_status
from dispatch.patience import escalation_at, reminder_at
from dispatch.session import VideoSession
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
    SessionStatus,
    Verb,
)

MOST_TIMES = 3  # V7: up to three requested times, ranked
DECIDED_FOR = timedelta(hours=24)  # what was decided stays on a board for so long
OWN_HISTORY = timedelta(days=90)  # how far back a requester's own page looks


def expiry(
    type_: RequestType, times: tuple[datetime, ...], now_limit_seconds: int, now: datetime
) -> datetime:
    """Return when a request that begins to wait now ends unanswered."""
    return (
        max(times) if type_ is RequestType.SCHEDULED else now + timedelta(seconds=now_limit_seconds)
    )


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """One ask by one requester in one virtual clinic.

    Each step raises DecidedError where the lifecycle does not lead on from here.
    """

    id: RequestId
    account_id: AccountId
    number: RequestNumber
    clinic_id: ClinicId
    service_id: ServiceId
    requester_id: PersonId
    type: RequestType
    times: tuple[datetime, ...]  # ranked; empty for Now
    zone: str  # IANA zone of the wish
    target_host_id: PersonId | None  # None: directed to the whole host group (S4)
    note: str
    submitted_at: datetime  # never changes: the counter's zero (S80, S83)
    submitted_by_id: PersonId  # the requester, or a scheduler on their behalf
    expires_at: datetime  # when it ends unanswered: its last time, or the clinic's limit for Now
    status: RequestStatus = RequestStatus.PENDING
    version: int = 1
    reminds_at: datetime | None = None  # of schedulers, before it expires; None: they were
    escalates_at: datetime | None = None  # to the clinic's address; None: it was
    escalated_at: datetime | None = None
    declining: Declining | None = None
    decision: Decision | None = None
    session_id: SessionId | None = None
    dismissed_at: datetime | None = None  # when its requester put the decline aside (V3)

    @property
    def awaits_dismissal(self) -> bool:
        """Return whether it was declined and its requester has not said that they read it (V3)."""
        return self.status is RequestStatus.DECLINED and self.dismissed_at is None

    def accept(
        self,
        host_id: PersonId,
        chosen_at: datetime | None,
        response: str,
        by: PersonId,
        now: datetime,
    ) -> "SessionRequest":
        """Return it accepted for that host at one of its times (S49); None means now (S52).

        Raises:
            DecidedError: it is not pending.
            InvalidError: not one of the requested times, or it is past.
        """
        if self.type is RequestType.NOW and chosen_at is None:
            starts_at = now
        elif chosen_at in self.times:
            starts_at = chosen_at
        else:
            raise InvalidError("Choose one of the requested times.", field="time")
        status = self._next(Verb.ACCEPT)
        if self.type is RequestType.SCHEDULED and starts_at <= now:
            raise InvalidError("That time has passed. Choose another.", field="time")
        decision = Decision(by, now, response, host_id=host_id, chosen_at=starts_at)
        return self._after(status, decision=decision, declining=None)

    def session_for(self, duration: timedelta, room: str) -> VideoSession:
        """Return the session of this accepted request; its id is given when it is stored (S60).

        Raises:
            DecidedError: it was not accepted.
        """
        decision = self.decision
        if decision is None or decision.host_id is None or decision.chosen_at is None:
            raise DecidedError("This request was not accepted.")
        is_now = self.type is RequestType.NOW
        return VideoSession(
            id=SessionId(0),
            account_id=self.account_id,
            clinic_id=self.clinic_id,
            request_id=self.id,
            service_id=self.service_id,
            host_id=decision.host_id,
            requester_id=self.requester_id,
            starts_at=decision.chosen_at,
            ends_at=decision.chosen_at + duration,
            room=room,
            status=SessionStatus.READY if is_now else SessionStatus.SCHEDULED,
        )

    def decline(
        self,
        reason: DeclineReason,
        response: str,
        by: PersonId,
        now: datetime,
        sentence: str = "",
    ) -> "SessionRequest":
        """Return it still pending, to be declined when the ten seconds are over.

        Raises:
            DecidedError: it is not pending, or is being declined already.
        """
        if self.declining is not None:
            raise DecidedError("This request is already being declined.", at=self.declining.due_at)
        status = self._next(Verb.DECLINE)
        declining = Declining(by, reason, response, now + UNDO_WINDOW, sentence)
        return self._after(status, declining=declining)

    def undo_decline(self, now: datetime) -> "SessionRequest":
        """Return it pending as before.

        Raises:
            DecidedError: there is no decline, or it is due.
        """
        status = self._next(Verb.UNDO_DECLINE)
        if self.declining is None:
            raise DecidedError("This request is not being declined. It is still waiting.")
        if self.declining.due_at <= now:
            raise DecidedError("Too late: the decline was sent at {at}.", at=self.declining.due_at)
        return self._after(status, declining=None)

    def complete_decline(self, now: datetime) -> "SessionRequest":
        """Return it declined, with the words given when Decline was pressed.

        Raises:
            DecidedError: there is no decline, or it is not due.
        """
        declining = self.declining
        if declining is None or declining.due_at > now:
            raise DecidedError("This request is not due to be declined.")
        status = self._next(Verb.COMPLETE_DECLINE)
        decision = Decision(
            declining.by_id,
            now,
            declining.response,
            declining.reason,
            sentence=declining.sentence,
        )
        return self._after(status, decision=decision, declining=None)

    def auto_decline(self, response: str, now: datetime) -> "SessionRequest":
        """Return it declined because the named host is not available (V4)."""
        status = self._next(Verb.AUTO_DECLINE)
        decision = Decision(PersonId(0), now, response, DeclineReason.HOST_UNAVAILABLE)
        return self._after(status, decision=decision, declining=None)

    def withdraw(self, by: PersonId, now: datetime) -> "SessionRequest":
        """Return it withdrawn by the requester, or by a scheduler on their word."""
        return self._after(self._next(Verb.WITHDRAW), decision=Decision(by, now), declining=None)

    def expire(self, now: datetime) -> "SessionRequest":
        """Return it expired: nobody answered in time."""
        return self._after(
            self._next(Verb.EXPIRE), decision=Decision(PersonId(0), now), declining=None
        )

    def dismiss(self, now: datetime) -> "SessionRequest":
        """Return it still declined, with its answer put aside (V3)."""
        return self._after(self._next(Verb.DISMISS), dismissed_at=now)

    def ended_by_time(self, now: datetime) -> "SessionRequest | None":
        """Return it declined or expired, if that has fallen due; a decline comes first."""
        if self.status is not RequestStatus.PENDING:
            return None
        if self.declining is not None:
            return self.complete_decline(now) if self.declining.due_at <= now else None
        return self.expire(now) if self.expires_at <= now else None

    def return_to_queue(self, clinic: Clinic, now: datetime) -> "SessionRequest":
        """Return it pending again in its old place: ``submitted_at`` stays.

        A Now request gets the clinic's whole limit again, for somebody to answer it; who is told of
        a long wait is told again.
        """
        status = self._next(Verb.RETURN_TO_QUEUE)
        limit = expiry(self.type, self.times, clinic.now_limit_seconds, now)
        again = self._after(
            status,
            decision=None,
            session_id=None,
            expires_at=limit,
            reminds_at=reminder_at(self.type, now, limit),
            escalated_at=None,
        )
        return again.watched(clinic, now)

    def watched(self, clinic: Clinic, touched_at: datetime) -> "SessionRequest":
        """Return it with the clinic's patience counted from when somebody last worked on it.

        The version stays: it is the same request to whoever is deciding.
        """
        if self.escalated_at is not None:
            return self
        return replace(self, escalates_at=escalation_at(clinic, self.submitted_at, touched_at))

    def watched_anew(self, was: Clinic, clinic: Clinic) -> "SessionRequest":
        """Return it with another patience of its clinic, counted from when it was before."""
        if self.escalates_at is None:
            return self
        late_at = self.submitted_at + timedelta(seconds=was.target_seconds)
        touched_at = self.escalates_at - timedelta(minutes=was.escalation_minutes)
        return self.watched(clinic, touched_at if touched_at > late_at else self.submitted_at)

    def is_left_alone(self, now: datetime) -> bool:
        """Return whether it waits, and is neither being declined nor over."""
        is_waiting = self.status is RequestStatus.PENDING and self.declining is None
        return is_waiting and now < self.expires_at

    def reminded(self) -> "SessionRequest":
        """Return it with its schedulers reminded."""
        return replace(self, reminds_at=None)

    def escalated(self, now: datetime) -> "SessionRequest":
        """Return it with the clinic's escalation address told, once for this wait."""
        return replace(self, escalates_at=None, escalated_at=now)

    def moved(self, host_id: PersonId, starts_at: datetime) -> "SessionRequest":
        """Return it with what became of its session: who holds it, and when.

        Raises:
            DecidedError: it was not accepted.
        """
        if self.decision is None or self.status is not RequestStatus.ACCEPTED:
            raise DecidedError("This request was not accepted.")
        decision = replace(self.decision, host_id=host_id, chosen_at=starts_at)
        return self._after(self.status, decision=decision)

    def _next(self, verb: Verb) -> RequestStatus:
        status = next_status(self.status, verb)
        if status is None:
            raise DecidedError(f"This request is already {self.status}.")
        return status

    def _after(self, status: RequestStatus, **changes: Any) -> "SessionRequest":
        return replace(self, status=status, version=self.version + 1, **changes)
