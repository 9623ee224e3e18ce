"""One page's socket as the hub sees it: what it follows, what waits for it, and how it stands."""

from collections import deque
from collections.abc import Callable
from datetime import datetime

from dispatch.vocabulary import LoginId
from server.live.limits import Limits
from server.live.seams import Holder, Key, Visitor, Whose, Why, Wire
from server.peers.door import Seat


class Connection:
    """Takes frames and never waits.

    Frames that come while an answer is being read are held, so that the answer goes first. Past its
    bound the *whole* queue is thrown away, never a part, and the page gets fresh snapshots once it
    can take them.
    """

    __slots__ = (
        "_elapsed",
        "_held",
        "_holds",
        "_limits",
        "_on_lag",
        "_out",
        "_seat",
        "_size",
        "_wire",
        "came_at",
        "is_closed",
        "keys",
        "lagging",
        "ping_at",
        "renew_at",
        "renewed_at",
        "revalidate_at",
        "stalled_since",
        "streams",
        "tab",
        "visitor",
    )

    def __init__(
        self,
        wire: Wire,
        visitor: Visitor | Holder,
        limits: Limits,
        elapsed: Callable[[], float],
        on_lag: Callable[["Connection"], None],
        seat: Seat | None = None,
    ) -> None:
        self.visitor = visitor
        self.tab = ""
        self.came_at = elapsed()
        self.keys: set[Key] = set()
        self.streams: frozenset[str] = frozenset()
        self.lagging: Why | None = None  # why the page needs fresh snapshots
        self.is_closed = False
        self.stalled_since: float | None = None
        self.ping_at = float("inf")  # this and revalidate_at: until the rounds know of it
        self.renew_at = 0.0
        self.renewed_at: datetime | None = None  # when its claims last got a fresh lease from us
        self.revalidate_at = float("inf")
        self._wire = wire
        self._seat = seat.keep() if seat else None  # among the pages of its place
        self._limits = limits
        self._elapsed = elapsed
        self._on_lag = on_lag
        self._out: deque[bytes] = deque()
        self._held: deque[bytes] = deque()
        self._holds = 0
        self._size = 0
        wire.listen(self._changed)

    @property
    def whose(self) -> Whose:
        """Return whose page it is."""
        return self.visitor.whose

    @property
    def login_id(self) -> LoginId | None:
        """Return by which sign-in it is open; None: by a link."""
        return self.visitor.login_id if isinstance(self.visitor, Visitor) else None

    @property
    def is_ready(self) -> bool:
        """Return whether the page can take snapshots now."""
        return not (self.is_closed or self._wire.is_paused)

    @property
    def is_held(self) -> bool:
        """Return whether an answer to it is being read."""
        return self._holds > 0

    def is_waiting(self) -> bool:
        """Return whether snapshots are due that the page can take now."""
        return self.lagging is not None and self.is_ready

    def offer(self, frame: bytes) -> None:
        """Take a frame that every follower gets; ``flush`` sends it."""
        if self.is_closed or self.lagging:
            return
        (self._held if self._holds else self._out).append(frame)
        self._size += len(frame)
        if self._is_too_much():
            self.lag("lagging")

    def send(self, frame: bytes) -> None:
        """Do as ``offer`` and ``flush`` do; a page that nothing waits for gets it straight away."""
        if self._size or self._holds or self.is_closed or self.lagging or self._wire.is_paused:
            self.offer(frame)
            self.flush()
        else:
            self._wire.write((frame,))  # may pause the wire, and say so to _changed

    def answer(self, frame: bytes) -> None:
        """Take a frame that this page asked for: it goes before those that are held.

        A page that asks and does not read has the same bound as one that is only told.
        """
        if self.is_closed:
            return
        self._out.append(frame)
        self._size += len(frame)
        if self._wire.is_paused and self._is_too_much():
            self.lag("lagging")

    def hold(self) -> None:
        """Keep what comes until as many calls of ``release``."""
        self._holds += 1

    def release(self) -> None:
        """Send the answers, then what was held meanwhile, in one write."""
        self._holds -= 1
        if not self._holds:
            self._out += self._held
            self._held.clear()
        self.flush()

    def flush(self) -> None:
        """Send what waits, unless the page cannot take it."""
        if not self._out or self.is_closed or self._wire.is_paused:
            return
        sent = tuple(self._out)
        self._out.clear()
        self._size = sum(map(len, self._held)) if self._held else 0
        self._wire.write(sent)  # may pause the wire, and say so to _changed

    def ping(self) -> None:
        """Have the browser show that it is there, or be cut."""
        self._wire.ping()

    def lag(self, why: Why) -> None:
        """Throw everything away: the page gets fresh snapshots when it can read again."""
        self._drop()
        if self.is_closed or self.lagging:
            return
        self.lagging = why
        if self.stalled_since is None:
            self.stalled_since = self._elapsed()
        if self.is_ready:
            self._on_lag(self)

    def recover(self) -> Why:
        """Begin to follow again; return why snapshots are due. Frames from now on count."""
        why, self.lagging = self.lagging or "lagging", None
        return why

    def recovered(self) -> None:
        """Note that the page was told anew."""
        if not (self.lagging or self._wire.is_paused):
            self.stalled_since = None

    def end(self, code: int) -> None:
        """Close with this code; nothing that waited is written any more."""
        if self.is_closed:
            return
        self.is_closed = True
        self._drop()
        self._wire.end(code)

    def left(self) -> None:
        """Note that the browser is gone."""
        self.is_closed = True
        self._drop()
        if self._seat is not None:
            self._seat.leave()

    def _is_too_much(self) -> bool:
        waiting = len(self._out) + len(self._held)
        return waiting > self._limits.queued_frames or self._size > self._limits.queued_bytes

    def _drop(self) -> None:
        self._out.clear()
        self._held.clear()
        self._size = 0

    def _changed(self, is_paused: bool) -> None:
        if is_paused:
            if self.stalled_since is None:
                self.stalled_since = self._elapsed()
            return
        if self.lagging:
            self._on_lag(self)
            return
        self.stalled_since = None
        self.flush()
