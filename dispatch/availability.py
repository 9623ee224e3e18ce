"""A provider's on-demand toggle: one explicit switch with an end, never guessed from a tab."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dispatch.errors import InvalidError
from dispatch.vocabulary import AccountId, PersonId

LONGEST = timedelta(hours=12)  # "until I turn it off" ends here by itself
BREAKS = (10, 20, 30)  # minutes


@dataclass(frozen=True, slots=True)
class Availability:
    """The switch of one host; ``until_at`` is set exactly while it is on.

    A break hides them until ``break_until_at`` and moves no end: they are back by themselves,
    unless the end came first.
    """

    host_id: PersonId
    account_id: AccountId
    is_on: bool = False
    until_at: datetime | None = None
    changed_at: datetime | None = None
    version: int = 0
    break_until_at: datetime | None = None

    def is_on_at(self, at: datetime) -> bool:
        """Return whether the switch is on and its end has not come, break or not."""
        return self.is_on and self.until_at is not None and at < self.until_at

    def is_on_break_at(self, at: datetime) -> bool:
        """Return whether they would be available, were it not for a break."""
        return self.is_on_at(at) and self.break_until_at is not None and at < self.break_until_at

    def is_available_at(self, at: datetime) -> bool:
        """Return whether somebody can be sent to them: switched on, and on no break."""
        return self.is_on_at(at) and not self.is_on_break_at(at)

    def turn_on(self, until_at: datetime | None, now: datetime) -> "Availability":
        """Return the switch on until then; None means until turned off, 12 hours at most.

        Whoever says that they are available is on no break any more.

        Raises:
            InvalidError: the end is not in the future, or more than 12 hours away.
        """
        until_at = until_at or now + LONGEST
        if until_at <= now:
            raise InvalidError("Choose an end that is still to come.", field="until")
        if until_at > now + LONGEST:
            raise InvalidError("You can be available for 12 hours at most.", field="until")
        return self._after(now, is_on=True, until_at=until_at, break_until_at=None)

    def turn_off(self, now: datetime) -> "Availability":
        """Return the switch off."""
        return self._after(now, is_on=False, until_at=None, break_until_at=None)

    def take_break(self, minutes: int, now: datetime) -> "Availability":
        """Return it on a break that begins now; a second one takes the place of the first.

        Raises:
            InvalidError: not one of the breaks there are, or the switch is off.
        """
        if minutes not in BREAKS:
            raise InvalidError("Choose a break of 10, 20 or 30 minutes.", field="minutes")
        if not self.is_on_at(now):
            raise InvalidError(
                "You are not available, so there is nothing to take a break from.", field="minutes"
            )
        return self._after(now, break_until_at=now + timedelta(minutes=minutes))

    def end_break(self, now: datetime) -> "Availability":
        """Return it without its break."""
        return self._after(now, break_until_at=None)

    def has_lapsed(self, now: datetime) -> bool:
        """Return whether its end has come and nobody has written that down yet."""
        return self.is_on and not self.is_on_at(now)

    def is_back(self, now: datetime) -> bool:
        """Return whether a break is over and nobody has written that down yet."""
        return self.is_on_at(now) and self.break_until_at is not None and self.break_until_at <= now

    def _after(self, now: datetime, **changes: Any) -> "Availability":
        return replace(self, changed_at=now, version=self.version + 1, **changes)
