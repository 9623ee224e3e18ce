"""Pages behind old links are given their cards anew when the office has changed a word of them.

Nothing is rung for them (``Holder.looks_back_at``), so all of them are read again, and together:
beside what boards wait for, and at most once a second however much is changed.
"""

import asyncio
from collections.abc import Sequence

from server.live.answers import Answer, Answers, Want
from server.live.connection import Connection
from server.live.hub import Hub
from server.live.outage import Outage
from server.live.rounds import Rounds
from server.live.seams import Holder, Outside

_MOST_AT_ONCE = 100  # pages in one read: what shares the database with it waits no longer


class OldLinks:
    """Tells them once it is noted that words may have changed."""

    def __init__(self, outside: Outside, hub: Hub, answers: Answers, rounds: Rounds) -> None:
        self._outside = outside
        self._hub = hub
        self._answers = answers
        self._rounds = rounds
        self._due = asyncio.Event()
        self._outage = Outage("the pages of old links")

    @property
    def is_due(self) -> bool:
        """Return whether words may have changed since the pages were last read."""
        return self._due.is_set()

    def note(self) -> None:
        """Take the word of the log that a card may be another one now."""
        self._due.set()

    async def refresh_for_ever(self) -> None:
        """Wait for the next change, and a little for those that come with it."""
        while True:
            await self._due.wait()
            await self._outside.sleep(self._outside.pace.sweep)
            await self.refresh()

    async def refresh(self) -> None:
        """Give them their cards; who cannot be told rightly now is told in the next round."""
        self._due.clear()
        if not self._pages():
            return
        if not await self._rounds.check_due():  # nothing is told to who may have lost the right
            self._due.set()
            return
        pages = self._pages()
        for start in range(0, len(pages), _MOST_AT_ONCE):
            await self._tell(pages[start : start + _MOST_AT_ONCE])

    def _pages(self) -> list[Connection]:
        now = self._outside.clock.now()
        found = []
        for page in self._hub.connections:
            visitor = page.visitor
            if not isinstance(visitor, Holder) or not visitor.looks_back_at(now) or not page.keys:
                continue
            if page.is_closed or page.lagging:
                continue  # what it is to get is read later than this
            if page.is_held:
                self._due.set()  # what is being read for it may have begun before the change
            elif not page.is_ready:
                page.lag("new")  # once it can read again
            else:
                found.append(page)
        return found

    async def _tell(self, pages: Sequence[Connection]) -> None:
        """Answer as if they had asked: what is told meanwhile is held, and comes after."""
        wants = [[Want(key) for key in sorted(page.keys)] for page in pages]
        since = {want.key: self._hub.places.get(want.key) for each in wants for want in each}
        for page in pages:
            page.hold()
        try:
            for page, told in zip(pages, await self._answers.read_aside(wants), strict=True):
                is_whole = all(
                    self._hub.is_told(each.want.key, each.cursor, since[each.want.key])
                    for each in told
                )
                self._give(page, told, is_whole=is_whole)
            self._outage.over()
        except self._outside.troubles as trouble:
            self._outage.met("old links are not told of other words", trouble)
            self._due.set()
        finally:
            for page in pages:
                page.release()

    def _give(self, page: Connection, told: Sequence[Answer], *, is_whole: bool) -> None:
        if page.is_closed or page.lagging:
            return
        if not is_whole or page.revalidate_at <= self._hub.elapsed():  # doubted while we read
            self._due.set()
            return
        self._answers.count(told)
        for answer in told:
            page.answer(answer.frame)
