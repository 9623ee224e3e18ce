"""Tries in storage: what they were of is kept as a keyed hash, which nobody can read back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Tries(Protocol):
    """The last hour's tries of each thing that is counted."""

    def held(self, of: str) -> Sequence[datetime]:
        """Return when they were made, earliest first; nobody else may count until commit."""

    def keep(self, of: str, made: Sequence[datetime]) -> None:
        """Store them in place of those that ``held`` returned in this transaction."""
