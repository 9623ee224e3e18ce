"""Everything live of one process, built in one place; ``server.wiring`` runs it."""

import asyncio
import logging
from collections.abc import Coroutine

from server.live.answers import Answers
from server.live.frames import Frames
from server.live.heart import Heart
from server.live.hub import Hub
from server.live.limits import Limits
from server.live.lines import Lines
from server.live.link_holders import LinkHolders
from server.live.old_links import OldLinks
from server.live.presence import Presence
from server.live.rounds import Rounds
from server.live.seams import Authenticate, Outside, Renderer
from server.live.tailer import Tailer
from server.peers.door import Door

log = logging.getLogger("dispatch.live")


class LiveDesk:
    """The hub and whoever serves it.

    ``origin`` is the only page origin that may connect, as a browser writes it; empty: the one that
    the handshake's own Host names, which is right unless a proxy stands before us. ``proxies`` is
    how many of ours do, and so whose word counts for where a page is (decision 7).
    """

    def __init__(
        self,
        outside: Outside,
        renderer: Renderer,
        authenticate: Authenticate,
        *,
        origin: str = "",
        proxies: int = 0,
        limits: Limits | None = None,
    ) -> None:
        frames = Frames(renderer)
        self._errands: asyncio.TaskGroup | None = None
        self._wire_kind = ""
        self.is_running = False
        self.is_draining = False  # True: asked to end; /readyz says so, and no page is to come
        self.origin = origin
        self.proxies = proxies
        self.authenticate = authenticate
        self.links = LinkHolders(outside)
        self.limits = limits or Limits()
        self.door = Door(self.limits.pages_of_place)
        self.clock = outside.clock
        self.troubles = outside.troubles
        self.hub = Hub(self.limits, outside.elapsed)
        self.lines = Lines(outside, self.hub, renderer)
        self.answers = Answers(outside, frames)
        self.heart = Heart(outside, self.hub)
        self.presence = Presence(outside, self.hub)
        self.rounds = Rounds(outside, self.hub, self.heart, self.answers)
        self.old_links = OldLinks(outside, self.hub, self.answers, self.rounds)
        self.tailer = Tailer(outside, self.hub, frames, self.old_links.note)

    @property
    def has_room(self) -> bool:
        """Return whether another page may come in; if not, another process may have room."""
        return not self.is_draining and len(self.hub.connections) < self.limits.sockets

    def note_wire(self, kind: str) -> None:
        """Say once how sockets are written: ``direct``, or ``send_text`` (thrice the cost)."""
        if kind != self._wire_kind:
            self._wire_kind = kind
            log.info("live: sockets are written by %s", kind)

    def begin(self, errand: Coroutine[None, None, None]) -> None:
        """Have something done for a page, in a task of ours; it must not fail, or all ends.

        When we do not run any more it is not begun: leases and cursors make up for that.
        """
        try:
            if self._errands is None:
                raise RuntimeError
            self._errands.create_task(errand)
        except RuntimeError:  # also how a group says that it is ending
            errand.close()

    async def run(self) -> None:
        """Serve until cancelled; one task that dies ends them all."""
        self.is_running = True
        try:
            await self._run()
        finally:
            self.is_running = False

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            self._errands = tasks
            tasks.create_task(self.tailer.run(), name="live-tailer")
            tasks.create_task(self.heart.look_for_ever(), name="live-look")
            tasks.create_task(self.heart.beat_for_ever(), name="live-beat")
            tasks.create_task(self.rounds.sweep_for_ever(), name="live-sweep")
            tasks.create_task(self.rounds.go_for_ever(), name="live-rounds")
            tasks.create_task(self.rounds.recover_for_ever(), name="live-recovery")
            tasks.create_task(self.old_links.refresh_for_ever(), name="live-old-links")
            tasks.create_task(self.lines.tell_for_ever(), name="live-lines")
            tasks.create_task(self.presence.look_for_ever(), name="live-presence")
