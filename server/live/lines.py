"""Places in line: worked out once for all pages of this process, told beside the log, and repeated.

They have no numbers and gate nothing. Whoever comes is told at once, everybody after a change of
the line, at most once a second, and all again with each heartbeat: so a lost one does no harm.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import orjson

from dispatch.errors import DispatchError
from dispatch.line import Estimate, Told, calmed
from dispatch.people import system_actor
from dispatch.stream import Projection
from dispatch.usecases.lines import KeepEstimate, keep_estimate, lines
from dispatch.views import LineView
from dispatch.vocabulary import AccountId, RequestId
from server.live.connection import Connection
from server.live.hub import Hub
from server.live.seams import Outside, Renderer
from server.live.websocket_frame import text_frame

_OF_PATIENTS = frozenset({Projection.PATIENT, Projection.LINK})
log = logging.getLogger("dispatch.live")


class Lines:
    """Tells those who wait where they stand."""

    def __init__(self, outside: Outside, hub: Hub, renderer: Renderer) -> None:
        self._outside = outside
        self._hub = hub
        self._renderer = renderer
        self._is_stale = True
        self._read_at = 0.0  # seconds as the outside counts them
        self._beat_at = 0.0
        self._streams: frozenset[str] = frozenset()
        self._frames: Mapping[str, bytes] = {}
        self._told: dict[RequestId, Told] = {}
        self._sent: dict[Connection, dict[str, bytes]] = {}

    async def tell_for_ever(self) -> None:
        """Look once a second; a database that is away leaves the last word standing."""
        forget = self._outside.bell.subscribe(self.note)
        try:
            while True:
                await self._outside.sleep(self._outside.pace.sweep)
                try:
                    await self.tell()
                except self._outside.troubles as trouble:
                    log.warning("live: the line cannot be read: %s", type(trouble).__name__)
        finally:
            forget()

    async def tell(self) -> None:
        """Tell whoever does not know it yet; and everybody, when a heartbeat is due."""
        now, pace = self._outside.elapsed(), self._outside.pace
        streams = frozenset(
            stream for stream, projection in self._hub.places if projection in _OF_PATIENTS
        )
        is_old = now - self._read_at >= pace.heartbeat
        if self._is_stale or is_old or not streams <= self._streams:
            await self._read(streams)
            self._read_at = now
        is_beat = now - self._beat_at >= pace.heartbeat
        if is_beat:
            self._beat_at = now
        self._send(is_beat=is_beat)

    def _send(self, *, is_beat: bool) -> None:
        sent: dict[Connection, dict[str, bytes]] = {}
        for connection in [*self._hub.connections]:
            due = {s: self._frames[s] for s in connection.streams if s in self._frames}
            if not due or not connection.tab:
                continue
            known = self._sent.get(connection, {})
            for stream, frame in due.items():
                if is_beat or known.get(stream) != frame:
                    connection.send(frame)
            sent[connection] = due
        self._sent = sent

    async def _read(self, streams: frozenset[str]) -> None:
        self._streams, self._is_stale = streams, False
        if not streams:
            self._frames, self._told = {}, {}
            return
        now = self._outside.clock.now()
        found = await self._outside.store.read(lambda reading: lines(reading, streams, now))
        calm: dict[RequestId, Told] = {}
        for view in (each for views in found.values() for each in views):
            waited = timedelta(minutes=view.waited_minutes)
            calm[view.id] = calmed(self._told.get(view.id), view.estimate, waited, now)
        first = [v for views in found.values() for v in views if v.told is None]
        self._told = calm
        self._frames = {
            stream: _frame(stream, {v: self._shown(v) for v in views})
            for stream, views in found.items()
        }
        for view in {view.id: view for view in first}.values():
            shown = calm[view.id].estimate
            if shown is not None:
                await self._keep(view.account_id, view.id, shown)

    def _shown(self, view: LineView) -> str:
        return self._renderer.line(replace(view, estimate=self._told[view.id].estimate))

    async def _keep(self, account: AccountId, request_id: RequestId, shown: Estimate) -> None:
        command, system = KeepEstimate(request_id, shown), system_actor(account)
        try:
            await self._outside.store.perform(keep_estimate, command, system)
        except DispatchError:
            log.info("live: a range was shown for a request that is gone")

    def note(self, _heads: Mapping[str, int]) -> None:
        """Take the bell's word that something changed; what, is read at most once a second."""
        self._is_stale = True


def _frame(stream: str, shown: Mapping[LineView, str]) -> bytes:
    html = {str(view.entity): words for view, words in shown.items()}
    return text_frame(orjson.dumps({"type": "line", "stream": stream, "html": html}))
