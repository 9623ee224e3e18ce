"""The video session that an acceptance creates."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.errors import DecidedError
from dispatch.vocabulary import (
    AccountId,
    ClinicId,
    PersonId,
    RequestId,
    ServiceId,
    SessionId,
    SessionStatus,
)


@dataclass(frozen=True, slots=True)
class VideoSession:
    """One meeting of one host and one requester; half open, ``[starts_at, ends_at)``."""

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

    def cancel(self, now: datetime) -> "VideoSession":
        """Return it cancelled.

        Raises:
            DecidedError: a scheduled session has already started, or it was cancelled before.
        """
        if self.status is SessionStatus.CANCELLED:
            raise DecidedError("This session is already cancelled.")
        if self.ends_at <= now:  # made from a Now request, it may go back while its time runs
            raise DecidedError("This session ended at {at}, so it can't go back.", at=self.ends_at)
        if self.status is SessionStatus.SCHEDULED and self.starts_at <= now:
            raise DecidedError(
                "This session started at {at}, so it can't go back.", at=self.starts_at
            )
        return replace(self, status=SessionStatus.CANCELLED, version=self.version + 1)
