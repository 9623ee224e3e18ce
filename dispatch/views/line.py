"""What somebody who waits to be seen now reads of the line; derived, and told beside the log."""

from dataclasses import dataclass

from dispatch.events import EntityRef
from dispatch.line import Estimate, ordinal
from dispatch.vocabulary import AccountId, EntityKind, RequestId


@dataclass(frozen=True, slots=True)
class LineView:
    """A place in line, only where people are seen in the order in which they asked; and a range."""

    id: RequestId
    account_id: AccountId
    ahead: int
    is_in_turn: bool
    waited_minutes: int
    estimate: Estimate | None
    told: Estimate | None  # the first range that they were shown
    clinic: str
    clinic_phone: str

    @property
    def entity(self) -> EntityRef:
        """Return the name of its request on the wire."""
        return EntityRef(EntityKind.REQUEST, self.id)

    @property
    def place(self) -> str:
        """Return ``2nd``."""
        return ordinal(self.ahead + 1)

    @property
    def is_late(self) -> bool:
        """Return whether it takes longer than they were told first."""
        return self.told is not None and self.waited_minutes > self.told.high_minutes
