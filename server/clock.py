"""The one clock of the house; everything below it is told the time."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Whatever says what time it is, as aware UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the current instant, aware UTC."""
        return datetime.now(UTC)


class CorrectedClock:
    """A machine's clock, and how far the one that several machines share is ahead of it."""

    def __init__(self, edge: Clock) -> None:
        self.edge = edge
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        """Return the current instant as the shared clock has it."""
        return self.edge.now() + self.ahead
