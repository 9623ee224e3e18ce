"""How many may be here from one place at once; it knows neither connections nor pages."""

from collections import Counter
from typing import Self


class Seat:
    """One of a place's. Leaving it again changes nothing; ``with`` leaves it unless it is kept."""

    __slots__ = ("_door", "_is_kept", "_place")

    def __init__(self, door: "Door", place: str) -> None:
        self._door: Door | None = door
        self._place = place
        self._is_kept = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_kept:
            self.leave()

    def keep(self) -> Self:
        """Stay beyond the ``with``: whoever calls this leaves by themselves."""
        self._is_kept = True
        return self

    def leave(self) -> None:
        """Let the next one in."""
        if self._door is not None:
            self._door.note_left(self._place)
            self._door = None


class Door:
    """Counts who is here. A place is an address, or whatever else the caller calls one."""

    def __init__(self, most: int) -> None:
        self._most = most  # of one place; 0: as many as come
        self._here: Counter[str] = Counter()

    def enter(self, place: str) -> Seat | None:
        """Return a seat; None: too many of that place are here."""
        if self._most and self._here[place] >= self._most:
            return None
        self._here[place] += 1
        return Seat(self, place)

    def note_left(self, place: str) -> None:
        """Forget one of them, and the place with its last."""
        self._here[place] -= 1
        if self._here[place] <= 0:
            del self._here[place]

    def count(self, place: str) -> int:
        """Return how many of a place are here."""
        return self._here[place]
