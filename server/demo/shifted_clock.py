"""A clock that can be set back while the demo's past is written, and then runs on."""

from datetime import datetime

from server.clock import Clock


class ShiftedClock:
    """The given clock, except while an instant is set."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._at: datetime | None = None

    def now(self) -> datetime:
        """Return the instant that was set, or the current one."""
        return self._at or self._clock.now()

    def set_to(self, at: datetime) -> None:
        """Stand still at an instant."""
        self._at = at

    def catch_up(self) -> None:
        """Run on with the clock."""
        self._at = None
