"""How far what was told lies behind what the database has, and for how long already."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dispatch.stream import Cursor
from server.live.seams import Key


@dataclass(frozen=True, slots=True)
class _Mark:
    """A head that the database was seen to have, and since when."""

    seq: int
    seen_at: float


class Lag:
    """Compares heads with places when asked: what was told since its head was read is told."""

    def __init__(self, places: Mapping[Key, Cursor], elapsed: Callable[[], float]) -> None:
        self._places = places
        self._elapsed = elapsed
        self._heads: Mapping[str, int] = {}
        self._marks: dict[str, _Mark] = {}

    def note(self, heads: Mapping[str, int]) -> None:
        """Take the heads as just read; where the last mark is not reached yet, it stays.

        Unless the database went back below it: then nobody will ever tell so far.
        """
        now, unmet = self._elapsed(), {key[0]: mark for key, mark, _ in self._unmet()}
        self._heads = heads
        self._marks = {}
        for stream, seq in heads.items():
            mark = unmet.get(stream)
            self._marks[stream] = mark if mark and mark.seq <= seq else _Mark(seq, now)

    @property
    def events(self) -> int:
        """Return how many changes are not told yet, each stream as its last page has it."""
        behind: dict[str, int] = {}
        for (stream, _), _, place in self._unmet():
            missing = self._heads[stream] - place.seq
            behind[stream] = max(missing, behind.get(stream, 0))
        return sum(behind.values())

    @property
    def seconds(self) -> float:
        """Return how long the oldest of them has been seen and not told."""
        now = self._elapsed()
        return max((now - mark.seen_at for _, mark, _ in self._unmet()), default=0.0)

    def _unmet(self) -> list[tuple[Key, _Mark, Cursor]]:
        return [
            (key, self._marks[key[0]], place)
            for key, place in self._places.items()
            if key[0] in self._marks and place.seq < self._marks[key[0]].seq
        ]
