"""One page's visit: it says hello, is brought up to date, and then mostly listens."""

import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import replace

from dispatch.stream import Projection
from server.live.answers import Want
from server.live.codes import Close
from server.live.connection import Connection
from server.live.desk import LiveDesk
from server.live.frames import pong, welcome
from server.live.messages import Asked, BrokenError, Hello, Ping, Resume, parse
from server.live.seams import Holder
from server.live.settling import settle, settle_at_once

MOST_TEXT = 16 * 1024  # where the server has no limit of its own
# Ours: the process ends. The page's own: it has moved over, maybe to another process.
_ELSEWHERE = (Close.RESTARTING, Close.TAKEN_OVER)
Begin = Callable[[Coroutine[None, None, None]], object]

log = logging.getLogger("dispatch.live")


class Visit:
    """Is told what the page says, and never waits for it.

    What has to be read for the page is an errand, a task that ``begin`` starts; one at a time.
    """

    __slots__ = ("_allowance", "_begin", "_connection", "_counted_at", "_desk", "_wants")

    def __init__(self, desk: LiveDesk, connection: Connection, begin: Begin) -> None:
        self._desk = desk
        self._connection = connection
        self._begin = begin
        self._allowance = float(desk.limits.burst)
        self._counted_at = desk.hub.elapsed()
        self._wants: list[Sequence[Want]] | None = None  # what waits while an errand is under way

    def hear(self, text: str | None) -> None:
        """Take a message; a page that breaks the protocol is sent away."""
        if self._connection.is_closed:
            return
        try:
            if text is None or len(text) > MOST_TEXT or not self._may_speak():
                raise BrokenError
            self._take(parse(text, self._desk.limits.views))
        except BrokenError as broken:
            self._connection.end(broken.code)

    def leave(self, code: int) -> None:
        """End the visit; the page's claims too, unless the page is or will be elsewhere."""
        if self._desk.hub.leave(self._connection) and code not in _ELSEWHERE:
            self._begin(self._watched(self._end_claims))

    def _take(self, message: Hello | Resume | Ping) -> None:
        match message:
            case Hello(tab, views, rights) if not self._connection.tab:
                if self._desk.is_draining:
                    raise BrokenError(Close.BUSY)  # too late to be asked to move elsewhere
                self._require_all(views, rights)
                if not self._desk.hub.greet(self._connection, tab):
                    raise BrokenError(Close.TOO_MANY)
                self._connection.answer(welcome(self._desk.clock.now()))
                wants = [self._first_want(each) for each in views]
                if not settle_at_once(self._connection, wants, self._desk.hub, self._desk.answers):
                    self._tell(wants)
            case Resume(asked) if self._connection.tab:
                if not _is_among(self._connection.visitor.may_join, asked):
                    raise BrokenError(Close.NOT_ALLOWED)
                self._tell([_want(asked)])
            case Ping(t) if self._connection.tab:
                self._connection.answer(pong(t, self._desk.clock.now()))
                self._connection.flush()
            case _:
                raise BrokenError  # hello comes first, and once

    def _may_speak(self) -> bool:
        limits, now = self._desk.limits, self._desk.hub.elapsed()
        refilled = self._allowance + (now - self._counted_at) * limits.per_second
        self._allowance = min(refilled, limits.burst) - 1
        self._counted_at = now
        return self._allowance >= 0

    def _require_all(self, views: Sequence[Asked], rights: str) -> None:
        """Have a page loaded anew whose person's memberships changed while it was away.

        So it goes on with what it may still see, and shows what it may see since; as it would have,
        had it been here. Who may see nothing any more, or never might, is sent away.
        """
        visitor = self._connection.visitor
        may_join = visitor.may_join
        allowed = [_is_among(may_join, asked) for asked in views]
        may_all = all(allowed)
        has_changed = rights != visitor.rights if rights else any(allowed) and not may_all
        if has_changed and may_join:
            raise BrokenError(Close.MEMBERSHIPS)
        if not may_all:
            raise BrokenError(Close.NOT_ALLOWED)

    def _first_want(self, asked: Asked) -> Want:
        """Return what a page is told first: what it missed, or all where no event says that."""
        visitor, want = self._connection.visitor, _want(asked)
        if isinstance(visitor, Holder) and visitor.looks_back_at(self._desk.clock.now()):
            return replace(want, cursor=None)
        return want

    def _tell(self, wants: Sequence[Want]) -> None:
        if self._wants is not None:
            self._wants.append(wants)
            return
        self._wants = [wants]
        self._begin(self._watched(self._tell_all))

    async def _tell_all(self) -> None:
        """Follow first, then read: what happens in between is held and comes after."""
        connection, desk = self._connection, self._desk
        while self._wants and not connection.is_closed:
            wants = self._wants.pop(0)
            desk.hub.follow(connection, (want.key for want in wants))
            await settle(connection, wants, desk.hub, desk.answers)
        self._wants = None

    async def _end_claims(self) -> None:
        await self._desk.rounds.end_claims(self._connection)

    async def _watched(self, errand: Callable[[], Awaitable[None]]) -> None:
        """Let an errand that fails end this page's socket, and nobody else's."""
        try:
            await errand()
        except self._desk.troubles:
            self._connection.end(Close.BUSY)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other pages are served
            log.error("live: an errand of a page failed: %s", type(error).__name__)
            self._connection.end(Close.BUSY)


def _want(asked: Asked) -> Want:
    return Want(asked.key, asked.cursor, asked.view)


def _is_among(may_join: Mapping[str, frozenset[Projection]], asked: Asked) -> bool:
    stream, projection = asked.key
    return projection in may_join.get(stream, ())
