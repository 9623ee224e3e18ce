"""The video session that an acceptance creates, and everything that can become of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dispatch.errors import DecidedError, InvalidError
from dispatch.lifecycle import OPEN_SESSIONS, next_session_status
from dispatch.vocabulary import (
    AccountId,
    ClinicId,
    PersonId,
    RequestId,
    ServiceId,
    SessionId,
    SessionStatus,
    SessionVerb,
)

OPENS_BEFORE = timedelta(minutes=10)  # both may enter from so long before it starts
OVERRUN = timedelta(hours=1)  # once somebody has come, it may go on for so long after its end
LATE_AFTER = timedelta(minutes=5)  # V11: from then on it is removed, and nobody is told
MOST_REMINDERS = 3
REMINDER_PAUSE = timedelta(minutes=5)
FARTHEST = timedelta(days=365)  # as for a requested time

_SOMEBODY_CAME = frozenset(
    {SessionStatus.PATIENT_WAITING, SessionStatus.PATIENT_AWAY, SessionStatus.IN_PROGRESS}
)
_WORDS = {  # why nothing can be done to it any more
    SessionStatus.IN_PROGRESS: "This visit has started.",
    SessionStatus.COMPLETED: "This visit is over.",
    SessionStatus.CANCELLED: "This session is already cancelled.",
    SessionStatus.NO_SHOW_PATIENT: "This session is closed: the patient did not come.",
    SessionStatus.NO_SHOW_HOST: "This session is closed: the provider did not come.",
    SessionStatus.PATIENT_WAITING: "The patient is in the waiting room.",
}


def door_opens_at(status: SessionStatus, starts_at: datetime) -> datetime:
    """Return from when on both may enter a session; one made of a Now request is open at once."""
    return starts_at if status is SessionStatus.READY else starts_at - OPENS_BEFORE


@dataclass(frozen=True, slots=True)
class VideoSession:
    """One meeting of one host and one requester; half open, ``[starts_at, ends_at)``.

    ``version`` rises with every change; ``revision`` only with those that a calendar must hear of.
    Each step raises DecidedError where the lifecycle does not lead on from here.
    """

    id: SessionId
    account_id: AccountId
    clinic_id: ClinicId
    request_id: RequestId
    service_id: ServiceId
    host_id: PersonId
    requester_id: PersonId
    starts_at: datetime
    ends_at: datetime
    room: str  # unguessable part of the video link
    status: SessionStatus
    version: int = 1
    revision: int = 1
    arrived_at: datetime | None = None  # the patient, for the first time
    left_at: datetime | None = None  # the patient, if they are away now
    started_at: datetime | None = None
    ended_at: datetime | None = None
    reminders: int = 0
    reminded_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Return whether something may still become of it."""
        return self.status in OPEN_SESSIONS

    @property
    def opens_at(self) -> datetime:
        """Return from when on both may enter."""
        return door_opens_at(self.status, self.starts_at)

    @property
    def closes_at(self) -> datetime:
        """Return when it ends by itself if nobody has ended it."""
        if self.status not in _SOMEBODY_CAME:
            return self.ends_at
        began_at = max(self.starts_at, self.started_at or self.starts_at)
        return began_at + (self.ends_at - self.starts_at) + OVERRUN

    @property
    def held(self) -> tuple[datetime, datetime]:
        """Return the time that it takes of its host: one that ended early gives back the rest."""
        ended_at = self.ended_at or self.ends_at
        return self.starts_at, max(self.starts_at, min(self.ends_at, ended_at))

    def is_late(self, now: datetime) -> bool:
        """Return whether it is too late to tell anybody that it does not take place (V11)."""
        return now > self.starts_at + LATE_AFTER

    # In the waiting room, and then ------------------------------------------------------------

    def arrive(self, now: datetime) -> "VideoSession":
        """Return it with its patient in the waiting room.

        Raises:
            InvalidError: it is too early.
        """
        status = self._next(SessionVerb.ARRIVE)
        if now < self.opens_at:
            raise InvalidError("You can enter from {at} on.", at=self.opens_at)
        self._refuse_if_closed(now)
        return self._after(status, arrived_at=self.arrived_at or now, left_at=None)

    def leave(self, now: datetime) -> "VideoSession":
        """Return it with its patient away, who may come back."""
        return self._after(self._next(SessionVerb.LEAVE), left_at=now)

    def start(self, now: datetime) -> "VideoSession":
        """Return it begun; the patient need not be there, for they may be called.

        Raises:
            InvalidError: it is too early.
        """
        status = self._next(SessionVerb.START)
        if now < self.opens_at:
            raise InvalidError("You can start from {at} on.", at=self.opens_at)
        self._refuse_if_closed(now)
        return self._after(status, started_at=now, left_at=None)

    def complete(self, now: datetime) -> "VideoSession":
        """Return it held."""
        return self._after(self._next(SessionVerb.COMPLETE), ended_at=now)

    def miss_patient(self, now: datetime) -> "VideoSession":
        """Return it as one that its patient did not come to.

        Raises:
            InvalidError: it has not begun yet, so they may still come.
        """
        status = self._next(SessionVerb.MISS_PATIENT)
        if now < self.starts_at:
            raise InvalidError("It starts at {at}. Until then they may come.", at=self.starts_at)
        return self._after(status, ended_at=now)

    def ended_by_time(self, now: datetime, *, has_room: bool) -> "VideoSession | None":
        """Return it with the outcome that nobody gave it in time; None while it may go on.

        Where there is no video link the two meet elsewhere, and we see nobody come: it is taken as
        held.
        """
        if not self.is_open or now < self.closes_at:
            return None
        if self.status is SessionStatus.IN_PROGRESS:
            verb = SessionVerb.COMPLETE
        elif self.status in _SOMEBODY_CAME:
            verb = SessionVerb.MISS_HOST
        else:
            verb = SessionVerb.MISS_PATIENT if has_room else SessionVerb.PRESUME
        return self._after(self._next(verb), ended_at=now)

    # Its plan ---------------------------------------------------------------------------------

    def reschedule(self, starts_at: datetime, now: datetime) -> "VideoSession":
        """Return it at another time, as long as before.

        Raises:
            InvalidError: that is its time already, is past, or is more than a year ahead.
        """
        status = self._next(SessionVerb.RESCHEDULE)
        if starts_at <= now:
            raise InvalidError("That time has passed. Choose another.", field="time")
        if starts_at > now + FARTHEST:
            raise InvalidError("Choose a date within a year.", field="time")
        if starts_at == self.starts_at:
            raise InvalidError("That is its time already. Choose another.", field="time")
        ends_at = starts_at + (self.ends_at - self.starts_at)
        return self._replanned(
            status, starts_at=starts_at, ends_at=ends_at, arrived_at=None, left_at=None
        )

    def change_host(self, host_id: PersonId) -> "VideoSession":
        """Return it with another host.

        Raises:
            InvalidError: it is theirs already.
        """
        status = self._next(SessionVerb.CHANGE_HOST)
        if host_id == self.host_id:
            raise InvalidError("This session is theirs already. Choose another.", field="host")
        return self._replanned(status, host_id=host_id)

    def call_off(self, now: datetime, *, tells: bool) -> "VideoSession":
        """Return it cancelled for good.

        Raises:
            InvalidError: ``tells`` is no longer, or not yet, what would happen (V11).
        """
        status = self._next(SessionVerb.CANCEL)
        if tells and self.is_late(now):
            raise InvalidError(
                "It began more than 5 minutes ago, so nobody is told any more. You can remove it."
            )
        if not tells and not self.is_late(now):
            raise InvalidError("Both can still be told. Cancel it instead.")
        return self._replanned(status, ended_at=now)

    def cancel(self, now: datetime) -> "VideoSession":
        """Return it cancelled because its request goes back to the queue.

        Raises:
            DecidedError: a scheduled session has already started, or it was cancelled before.
        """
        status = self._next(SessionVerb.RETURN)
        if self.closes_at <= now:  # made from a Now request, it may go back while its time runs
            raise DecidedError("This session ended at {at}, so it can't go back.", at=self.ends_at)
        if self.status is SessionStatus.SCHEDULED and self.starts_at <= now:
            raise DecidedError(
                "This session started at {at}, so it can't go back.", at=self.starts_at
            )
        return self._replanned(status, ended_at=now)

    def remind(self, now: datetime) -> "VideoSession":
        """Return it with one more reminder sent (V10).

        Raises:
            InvalidError: there were enough, or the last was a moment ago.
        """
        status = self._next(SessionVerb.REMIND)
        self._refuse_if_closed(now)
        if self.reminders >= MOST_REMINDERS:
            raise InvalidError(f"They were reminded {MOST_REMINDERS} times. Call them instead.")
        if self.reminded_at is not None and now < self.reminded_at + REMINDER_PAUSE:
            raise InvalidError("They were reminded at {at}. Wait 5 minutes.", at=self.reminded_at)
        return self._after(status, reminders=self.reminders + 1, reminded_at=now)

    def _next(self, verb: SessionVerb) -> SessionStatus:
        status = next_session_status(self.status, verb)
        if status is None:
            raise DecidedError(_WORDS.get(self.status, "This visit has not started."))
        return status

    def _refuse_if_closed(self, now: datetime) -> None:
        if now >= self.closes_at:
            raise DecidedError("This session ended at {at}.", at=self.closes_at)

    def _replanned(self, status: SessionStatus, **changes: Any) -> "VideoSession":
        return self._after(status, revision=self.revision + 1, **changes)

    def _after(self, status: SessionStatus, **changes: Any) -> "VideoSession":
        return replace(self, status=status, version=self.version + 1, **changes)
