"""The one clock of the house; everything below it is told the time."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Whatever says what time it is, as aware UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the current instant, aware UTC."""
        return datetime.now(UTC)
