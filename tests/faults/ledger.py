"""What every page was told and every person was answered, as it happened; judged later by the oracle."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Op:
    """One line of a frame; ``version`` None: gone."""

    entity: str
    version: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """A frame that a page applied; ``after`` None: a snapshot."""

    at: float  # seconds since 1970, as the others here
    key: tuple[str, str]
    after: int | None
    seq: int
    tag: str
    ops: tuple[Op, ...]
    is_answer: bool  # to hello or resume
    why: str


@dataclass(slots=True)
class Account:
    """All that became of one open page."""

    name: str
    keys: tuple[tuple[str, str], ...]
    opened_at: float
    closed_at: float | None = None
    told: list[Told] = field(default_factory=list)
    states: list[tuple[float, str]] = field(default_factory=list)  # what the page said of itself
    gaps: int = 0  # frames that did not join on, though nothing was lost on the way
    foreign: set[str] = field(default_factory=set)  # canaries that this page must not have seen
    connections: int = 0
    codes: list[int] = field(default_factory=list)

    @property
    def resumes(self) -> int:
        """Return how often it went on from where it was."""
        return sum(1 for told in self.told if told.is_answer and told.after is not None)

    @property
    def snapshots(self) -> int:
        """Return how often it was told everything anew, the first time not counted."""
        return sum(1 for told in self.told if told.after is None and told.why != "new")


@dataclass(slots=True)
class Deed:
    """Something that a person sent until it was answered, always with the same key."""

    verb: str
    person: int
    account: int
    key: str
    began_at: float
    ended_at: float = 0.0
    status: int | None = None  # None: nobody ever answered
    number: int | None = None
    was_there: bool = False
    tries: int = 0
    slowest_seconds: float = 0.0  # of one try
    statuses: set[int] = field(default_factory=set)  # all that were answered, 5xx too
    reply: dict[str, Any] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        """Return whether it was acknowledged."""
        return self.status is not None and 200 <= self.status < 300


@dataclass
class Ledger:
    """The whole run."""

    pages: list[Account] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
