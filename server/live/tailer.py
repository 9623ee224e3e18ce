"""One per process: reads what the log says after what was told, and has it told once.

The bell wakes it; a look at the heads now and then makes up for a bell that did not ring.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace

from dispatch.events import CONTROL
from dispatch.stream import Break, Cursor
from server.live.frames import Frames
from server.live.hub import Hub
from server.live.look import Look, Revoked, actors_of, look
from server.live.revocation import revoke
from server.live.seams import Outside

log = logging.getLogger("dispatch.live")


class Tailer:
    """Follows ``control`` and every stream that some page follows."""

    def __init__(
        self, outside: Outside, hub: Hub, frames: Frames, note_words: Callable[[], None]
    ) -> None:
        self._outside = outside
        self._note_words = note_words  # a card that nothing is rung for may be another one now
        self._pace = outside.pace
        self._hub = hub
        self._frames = frames
        self._woken = asyncio.Event()
        self._hinted: dict[str, int] = {}
        self._look_at_all = True
        self._looked_at_all_at = 0.0  # seconds as the outside counts them
        self.control: Cursor | None = None  # None: not started
        self.started = asyncio.Event()
        self._caught_up_at: float | None = None  # seconds as the outside counts them
        self.holes = 0  # must stay 0
        self.restores = 0  # streams that turned out to be of another history
        self.failures = 0  # of the database, in a row
        self.found_by_poll = 0  # changes for which no bell rang

    @property
    def age_seconds(self) -> float:
        """Return how long ago the log was last read; endless before the first time."""
        since = self._caught_up_at
        return float("inf") if since is None else self._outside.elapsed() - since

    def wake(self, heads: Mapping[str, int]) -> None:
        """Look soon at these streams; at everything, if none is named."""
        for stream, seq in heads.items():
            self._hinted[stream] = max(seq, self._hinted.get(stream, 0))
        self._look_at_all = self._look_at_all or not heads
        self._woken.set()

    async def run(self) -> None:
        """Follow until cancelled; survives the database being away, and nothing else."""
        forget = self._outside.bell.subscribe(self.wake)
        try:
            while True:
                await self.step()
                if self.failures:
                    doubled = self._pace.poll_slower * 2 ** min(self.failures - 1, 10)
                    await self._outside.sleep(min(doubled, self._pace.retry_most))
                else:
                    await self._rest()
        finally:
            forget()

    async def catch_up(self) -> None:
        """Read and tell everything new, once."""
        is_poll = self._look_at_all
        hinted, self._hinted, self._look_at_all = self._hinted, {}, False
        self._woken.clear()
        places = self._hub.places
        if not is_poll:
            places = {
                key: place for key, place in places.items() if hinted.get(key[0], 0) > place.seq
            }
        places, control, now = dict(places), self.control, self._outside.clock.now()
        people = self._hub.people
        found = await self._outside.store.read(
            lambda reading: look(
                reading, self._frames, places, control, people, now, have_moved=not is_poll
            )
        )
        if is_poll:
            self._looked_at_all_at = self._outside.elapsed()
            self.found_by_poll += sum(
                1 for key, cursor, _ in found.changes if hinted.get(key[0], 0) < cursor.seq
            )
        self._tell(replace(found, revoked=await self._with_newcomers(found.revoked)))

    async def _with_newcomers(self, revoked: Revoked) -> Revoked:
        """Read also who is named and has come while we looked, until nobody more has.

        They were let in by a reading from before the change, and saw ``control`` unmoved.
        """
        while late := frozenset(p for p in revoked.unread if self._hub.of_person(p)):
            revoked = revoked.with_read(await self._outside.store.read(actors_of(late)))
        return revoked

    async def step(self) -> None:
        """Catch up once, or note that it cannot be done now."""
        try:
            await self.catch_up()
        except self._outside.troubles as trouble:
            self._look_at_all = True
            self.failures += 1
            log.warning("live: the log cannot be read: %s", type(trouble).__name__)
        else:
            self.failures = 0
            self._caught_up_at = self._outside.elapsed()
            self.started.set()

    async def _rest(self) -> None:
        """Wait for the bell, or until everything is due; hints of some never put off the rest."""
        poll = self._pace.poll if self._outside.bell.mode == "live" else self._pace.poll_slower
        due = self._looked_at_all_at + poll - self._outside.elapsed()
        try:
            async with asyncio.timeout(max(due, 0.0)):
                await self._woken.wait()
        except TimeoutError:
            self._look_at_all = True
        else:
            self._look_at_all = self._look_at_all or due <= 0
            await self._outside.sleep(self._pace.coalesce)

    def _tell(self, found: Look) -> None:
        """Take rights away first; only then may anything be written."""
        revoke(found.revoked, self._hub)
        self.control = found.control
        if found.control_break:
            self._note(CONTROL, found.control_break)
            self._hub.doubt_everybody(found.control_break.value)
        elif any(why is Break.HISTORY for _, _, why in found.lost):
            self._hub.doubt_everybody()  # a sign-in that began meanwhile rang nothing
        if found.may_ask_otherwise:
            self._hub.doubt_patients()
        if found.may_be_reworded:
            self._note_words()
        for key, head, why in found.lost:
            self._note(key[0], why)
            self._hub.lose(key, head, why.value)
        self._hub.publish(found.changes)
        if found.changes:  # once for each frame, however many sockets it went to
            now = self._outside.clock.now()
            for at in found.oldest_at:
                self._outside.note_told(max((now - at).total_seconds(), 0.0))

    def _note(self, stream: str, why: Break) -> None:
        match why:
            case Break.HOLE:
                self.holes += 1
                log.error("live: the log of %s misses a number after the place it was read", stream)
            case Break.HISTORY:
                self.restores += 1
                log.error("live: the log of %s is not the one that was read: restored?", stream)
            case Break.BEHIND:
                log.warning("live: %s has gone too far to be told on", stream)
