"""Who follows what: one frame goes to every socket that follows, as the same bytes."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping

from dispatch.stream import Cursor
from dispatch.vocabulary import LoginId, PersonId
from server.live.codes import Close
from server.live.connection import Connection
from server.live.limits import Limits
from server.live.seams import Holder, Key, Visitor, Whose, Why, Wire
from server.peers.door import Seat

_UNGREETED = 2  # times the pages that a person may have: sockets that have not said hello yet


class Hub:
    """Every socket of this process. Lives on the event loop and never waits for a browser."""

    def __init__(
        self, limits: Limits | None = None, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self.limits = limits or Limits()
        self.elapsed = elapsed
        self.connections: dict[Connection, None] = {}
        self.lagging: asyncio.Queue[Connection] = asyncio.Queue()  # that can read again
        self._following: dict[Key, dict[Connection, None]] = {}
        self._places: dict[Key, Cursor] = {}
        self._people: dict[Whose, dict[Connection, None]] = {}
        self._tabs: dict[tuple[Whose, str], Connection] = {}

    # Coming and going -------------------------------------------------------------------------

    def admit(
        self, wire: Wire, visitor: Visitor | Holder, seat: Seat | None = None
    ) -> Connection | None:
        """Return a connection that revocations reach from now on; None: too many of this person.

        The seat is the connection's from then on.
        """
        theirs = self._people.setdefault(visitor.whose, {})
        if len(theirs) >= self.limits.pages * _UNGREETED:
            return None
        same = (other.visitor for other in theirs if other.visitor == visitor)
        visitor = next(same, visitor)  # pages of one sign-in share what is known of its person
        connection = Connection(
            wire, visitor, self.limits, self.elapsed, self.lagging.put_nowait, seat
        )
        theirs[connection] = None
        self.connections[connection] = None
        return connection

    def greet(self, connection: Connection, tab: str) -> bool:
        """Give it its tab, from an older socket if need be; False: too many pages."""
        mine = (connection.whose, tab)
        before = self._tabs.get(mine)
        if before is not None:
            before.end(Close.TAKEN_OVER)
        pages = sum(1 for other in self._people[connection.whose] if _is_page(other))
        if pages >= self.limits.pages:
            return False
        connection.tab = tab
        self._tabs[mine] = connection
        return True

    def follow(self, connection: Connection, keys: Iterable[Key]) -> None:
        """Have the frames of these reach it."""
        for key in keys:
            self._following.setdefault(key, {})[connection] = None
            connection.keys.add(key)
        connection.streams = frozenset(stream for stream, _ in connection.keys)

    def leave(self, connection: Connection) -> bool:
        """Forget it; return whether its page is gone too, and has not come back by another."""
        connection.left()
        self.connections.pop(connection, None)
        theirs = self._people.get(connection.whose, {})
        theirs.pop(connection, None)
        if not theirs:
            self._people.pop(connection.whose, None)
        for key in connection.keys:
            followers = self._following[key]
            del followers[connection]
            if not followers:
                del self._following[key]
                self._places.pop(key, None)
        mine = (connection.whose, connection.tab)
        if self._tabs.get(mine) is not connection:
            return False
        del self._tabs[mine]
        return True

    # What is followed -------------------------------------------------------------------------

    @property
    def places(self) -> Mapping[Key, Cursor]:
        """Return how far each followed key has been told."""
        return self._places

    @property
    def streams(self) -> frozenset[str]:
        """Return every stream that some page follows."""
        return frozenset(stream for stream, _ in self._following)

    def is_told(self, key: Key, cursor: Cursor, since: Cursor | None) -> bool:
        """Return whether a page gets everything after the cursor.

        It has been given what was told after ``since``; None: nothing was told yet when it came,
        and the first to have read sets where telling begins.
        """
        place = self._places.setdefault(key, cursor)
        return (since or place).seq <= cursor.seq

    @property
    def people(self) -> frozenset[Whose]:
        """Return whose sockets they are, as ``Visitor`` and ``Holder`` say it."""
        return frozenset(self._people)

    def of_login(self, login_id: LoginId) -> list[Connection]:
        """Return the sockets of one sign-in."""
        return [each for each in self.connections if each.login_id == login_id]

    def of_person(self, person_id: PersonId) -> list[Connection]:
        """Return the sockets of one person."""
        return list(self._people.get(person_id, ()))

    # Telling ----------------------------------------------------------------------------------

    def publish(self, changes: Iterable[tuple[Key, Cursor, bytes]]) -> int:
        """Give each frame to its followers, then send: one write for each socket.

        Returns:
            How many sockets were written to.
        """
        followed = [change for change in changes if change[0] in self._places]  # not left meanwhile
        for key, cursor, _ in followed:
            self._places[key] = cursor
        if len(followed) == 1:  # nearly always; what this loop does is what a delivery costs
            key, _, frame = followed[0]
            for connection in self._following[key]:
                connection.send(frame)
            return len(self._following[key])
        touched: dict[Connection, None] = {}
        for key, _, frame in followed:
            for connection in self._following[key]:
                connection.offer(frame)
            touched |= self._following[key]
        for connection in touched:
            connection.flush()
        return len(touched)

    def lose(self, key: Key, head: Cursor, why: Why) -> None:
        """Go on from the head, and have every follower take fresh snapshots."""
        if key in self._places:
            self._places[key] = head
            for connection in list(self._following[key]):
                connection.lag(why)

    def doubt_patients(self) -> None:
        """Have everybody read again at once who may ask somewhere, or could if a clinic were open:
        their pages offer it, and are loaded anew where that has changed.
        """
        for connection in self.connections:
            if isinstance(connection.visitor, Visitor) and connection.visitor.actor.asks_in:
                connection.revalidate_at = 0.0

    def doubt_everybody(self, why: Why | None = None) -> None:
        """Have every sign-in checked again at once; with a reason, nothing is told before that."""
        for connection in self.connections:
            connection.revalidate_at = 0.0
            if why and connection.keys:
                connection.lag(why)

    def sweep(self) -> int:
        """Cut the sockets that have read nothing for too long; return how many.

        Those that have not said hello in time are sent away as well, and not counted.
        """
        now = self.elapsed()
        came_before = now - self.limits.hello_seconds
        mute = [each for each in self.connections if not each.tab and each.came_at < came_before]
        for connection in mute:
            connection.end(Close.TOO_SLOW)  # a poor line, or a hidden tab: it may come back
        limit = now - self.limits.stalled_seconds
        stalled = [
            connection
            for connection in self.connections
            if connection.stalled_since is not None and connection.stalled_since < limit
        ]
        for connection in stalled:
            connection.end(Close.TOO_SLOW)
        return len(stalled)


def _is_page(connection: Connection) -> bool:
    return bool(connection.tab) and not connection.is_closed
