"""What a fault is, and the list of all: each file of faults adds its own when it is imported."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.faults.rig import Rig

Play = Callable[[Rig], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break something; ``play`` breaks it and mends it again."""

    number: str  # F…: of the plan; S…: of the checklist
    words: str
    play: Play


FAULTS: dict[str, Fault] = {}


def fault(number: str, words: str) -> Callable[[Play], Play]:
    """Add a function to the list, under its own name."""

    def noted(play: Play) -> Play:
        FAULTS[play.__name__] = Fault(number, words, play)
        return play

    return noted
