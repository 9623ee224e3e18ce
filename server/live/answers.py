"""What became of a stream since a page's cursor: the ops after it, or a snapshot that says why."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache, partial

from dispatch.events import CONTROL
from dispatch.ports import Reading
from dispatch.stream import Break, Cursor
from dispatch.usecases import boards
from server.live.frames import Frames, change_frame, snapshot_frame
from server.live.seams import Key, Outside, Why
from server.live.together import Together

# A thousand pages that come back at once ask for the same few answers.
_FRESH = timedelta(seconds=5)  # views also age by time alone
_REMEMBERED = 256
_WORDINGS = 8  # of one answer: a page calls its views what it likes, and no page has so many
Heads = Mapping[str, Cursor]


@dataclass(frozen=True, slots=True)
class Want:
    """One question of one page; no cursor asks for everything, and ``why`` says why."""

    key: Key
    cursor: Cursor | None = None
    view: str | None = None  # None: for every view of that stream and projection
    why: Why = "new"


@dataclass(frozen=True, slots=True)
class Answer:
    """The frame, and where it leaves the page."""

    want: Want
    cursor: Cursor
    frame: bytes
    why: Why | None = None  # of a snapshot; None: the ops after the cursor that was named


@dataclass(frozen=True, slots=True)
class _Told:
    at: datetime
    cursor: Cursor
    office: Cursor  # of ``control``: other words for what is old move that, and no other stream
    ops: bytes
    frames: dict[tuple[str | None, Why | None], bytes] = field(default_factory=dict)

    def frame(self, to: tuple[str | None, Why | None], make: Callable[[], bytes]) -> bytes:
        """Return the same bytes to whoever asks the same: a thousand of them wait in one piece."""
        if (known := self.frames.get(to)) is not None:
            return known
        made = make()
        if len(self.frames) < _WORDINGS:
            self.frames[to] = made
        return made


@lru_cache(_REMEMBERED)
def _nothing(key: Key, cursor: Cursor, view: str | None) -> bytes:
    return change_frame(key, cursor.seq, cursor, b"[]", view)


class Answers:
    """Reads and renders in the store's reader threads; the event loop only writes bytes."""

    def __init__(self, outside: Outside, frames: Frames) -> None:
        self._outside = outside
        self._frames = frames
        self._told: dict[tuple[Key, Cursor | None], _Told] = {}
        self._together = Together(self._read_all)
        self.resumes = 0
        self.snapshots: Counter[Why] = Counter()

    def count(self, given: Iterable[Answer]) -> None:
        """Count what pages were given: a page that comes back should be given no snapshot."""
        for answer in given:
            if answer.why is None:
                self.resumes += 1
            else:
                self.snapshots[answer.why] += 1

    def nothing_since(self, want: Want, cursor: Cursor) -> Answer:
        """Return what a page is told that stands where telling goes on."""
        return Answer(want, cursor, _nothing(want.key, cursor, want.view))

    async def read(self, wants: Sequence[Want]) -> Sequence[Answer]:
        """Answer all of them as of one instant, which is later than this call."""
        return await self._together.ask(wants)

    async def read_aside(self, asked: Sequence[Sequence[Want]]) -> Sequence[Sequence[Answer]]:
        """Answer many pages in one read of their own, for which no other page waits."""
        return await self._read_all(asked)

    async def _read_all(self, asked: Sequence[Sequence[Want]]) -> Sequence[Sequence[Answer]]:
        now = self._outside.clock.now()
        streams = {CONTROL, *(want.key[0] for wants in asked for want in wants)}

        def query(reading: Reading) -> list[list[Answer]]:
            heads = reading.cursors(streams)
            return [[self._answer(reading, want, heads, now) for want in wants] for wants in asked]

        return await self._outside.store.read(query)

    def _answer(self, reading: Reading, want: Want, heads: Heads, now: datetime) -> Answer:
        key, cursor, why = want.key, want.cursor, want.why
        if cursor is not None:
            told = self._since(reading, key, cursor, heads, now)
            if not isinstance(told, Break):
                change = partial(change_frame, key, cursor.seq, told.cursor, told.ops, want.view)
                frame = told.frame((want.view, None), change)
                return Answer(want, told.cursor, frame)
            why = told.value
        told = self._all(reading, key, heads, now)
        snapshot = partial(snapshot_frame, key, told.cursor, told.ops, why, want.view)
        frame = told.frame((want.view, why), snapshot)
        return Answer(want, told.cursor, frame, why)

    def _since(
        self, reading: Reading, key: Key, cursor: Cursor, heads: Heads, now: datetime
    ) -> _Told | Break:
        if told := self._remembered(key, cursor, heads, now):
            return told
        delta = boards.delta(reading, *key, cursor, now)
        if isinstance(delta, Break):
            return delta
        told = _Told(now, delta.cursor, heads[CONTROL], self._frames.ops_of(delta))
        return self._remember((key, cursor), told, now)

    def _all(self, reading: Reading, key: Key, heads: Heads, now: datetime) -> _Told:
        if told := self._remembered(key, None, heads, now):
            return told
        whole = boards.snapshot(reading, *key, now)
        told = _Told(now, whole.cursor, heads[CONTROL], self._frames.ops_of(whole))
        return self._remember((key, None), told, now)

    def _remembered(
        self, key: Key, cursor: Cursor | None, heads: Heads, now: datetime
    ) -> _Told | None:
        told = self._told.get((key, cursor))
        if told is None or abs(now - told.at) >= _FRESH:
            return None
        is_true = (told.cursor, told.office) == (heads[key[0]], heads[CONTROL])
        return told if is_true else None

    def _remember(self, question: tuple[Key, Cursor | None], told: _Told, now: datetime) -> _Told:
        if len(self._told) >= _REMEMBERED:
            fresh = {
                asked: old for asked, old in [*self._told.items()] if abs(now - old.at) < _FRESH
            }
            self._told = fresh if len(fresh) < _REMEMBERED else {}
        self._told[question] = told
        return told
