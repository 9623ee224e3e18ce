"""What a bell is: it says which streams moved and how far. It may be late, doubled or lost."""

from collections.abc import Callable, Mapping
from typing import Literal, Protocol

Heads = Mapping[str, int]  # stream -> number of its last event; empty: look at everything
Listener = Callable[[Heads], None]
Mode = Literal["live", "slower"]  # slower: hints are missing, so whoever listens has to look often


class Bell(Protocol):
    """A hint, never a truth: whoever hears it reads the log, and looks now and then without it."""

    @property
    def mode(self) -> Mode:
        """Return whether hints between workers arrive."""

    @property
    def slower_seconds(self) -> float:
        """Return for how long in all, since this process began to run it, hints were missing."""

    def ring(self, heads: Heads) -> None:
        """Tell every listener on every worker; after the commit, from any thread, at once.

        Never raises and never waits: a hint that cannot be sent is lost.
        """

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have ``listener`` called on this event loop; return what ends that.

        The first call, and one after every gap in which hints may have been lost, has no heads: it
        means "catch up now, with everything".
        """

    async def run(self) -> None:
        """Do the bell's own work until cancelled; a bell without any returns at once."""
