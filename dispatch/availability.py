"""A provider's on-demand toggle: one explicit switch with an end, never guessed from a tab."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.errors import InvalidError
from dispatch.vocabulary import AccountId, PersonId

LONGEST = timedelta(hours=12)  # "until I turn it off" ends here by itself


@dataclass(frozen=True, slots=True)
class Availability:
    """The switch of one host; ``until_at`` is set exactly while it is on."""

    host_id: PersonId
    account_id: AccountId
    is_on: bool = False
    until_at: datetime | None = None
    changed_at: datetime | None = None
    version: int = 0

    def is_available_at(self, at: datetime) -> bool:
        """Return whether the switch is on and its end has not come."""
        return self.is_on and self.until_at is not None and at < self.until_at

    def turn_on(self, until_at: datetime | None, now: datetime) -> "Availability":
        """Return the switch on until then; None means until turned off, 12 hours at most.

        Raises:
            InvalidError: the end is not in the future, or more than 12 hours away.
        """
        until_at = until_at or now + LONGEST
        if until_at <= now:
            raise InvalidError("Choose an end that is still to come.", field="until")
        if until_at > now + LONGEST:
            raise InvalidError("You can be available for 12 hours at most.", field="until")
        return replace(
            self, is_on=True, until_at=until_at, changed_at=now, version=self.version + 1
        )

    def turn_off(self, now: datetime) -> "Availability":
        """Return the switch off."""
        return replace(self, is_on=False, until_at=None, changed_at=now, version=self.version + 1)

    def has_lapsed(self, now: datetime) -> bool:
        """Return whether its end has come and nobody has written that down yet."""
        return self.is_on and not self.is_available_at(now)
