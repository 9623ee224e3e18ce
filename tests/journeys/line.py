"""Knows what a line of the corpus says of a route."""

from dataclasses import dataclass, field

NOT_THERE = "1001"  # a request has that number; no clinic, person or other thing of the office has


@dataclass(frozen=True)
class Line:
    """One route: who may use it, what it takes, and which of its fields are numbers or instants."""

    role: str
    fields: dict[str, str] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    words: dict[str, int] = field(default_factory=dict)  # free text, and its limit
    reads_form: bool = True
    number: str = NOT_THERE  # of the request it is tried on: this one is for the whole group
