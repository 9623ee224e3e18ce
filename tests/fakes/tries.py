"""The last hour's tries, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass
class FakeTries:
    rows: dict[str, tuple[datetime, ...]]

    def held(self, of: str) -> Sequence[datetime]:
        return self.rows.get(of, ())

    def keep(self, of: str, made: Sequence[datetime]) -> None:
        self.rows[of] = tuple(made)
