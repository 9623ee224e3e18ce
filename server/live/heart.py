"""The heartbeat: what time it is, how far the log is, and how fresh that knowledge is."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dispatch.attendance import Attendance
from dispatch.claim import Claim
from dispatch.events import EntityRef
from dispatch.ports import Reading
from dispatch.vocabulary import PersonId
from server.live.connection import Connection
from server.live.frames import heartbeat
from server.live.hub import Hub
from server.live.lag import Lag
from server.live.seams import Outside

log = logging.getLogger("dispatch.live")


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the database last said."""

    read_at: datetime | None = None
    heads: Mapping[str, int] = field(default_factory=dict)
    leases: Mapping[str, Mapping[EntityRef, datetime]] = field(default_factory=dict)
    holders: frozenset[tuple[PersonId, str]] = frozenset()  # a page is a person's tab

    def may_hold_claims(self, connection: Connection) -> bool:
        """Return whether the page may hold a claim or a place, as far as is known."""
        return (connection.whose, connection.tab) in self.holders or any(
            stream not in self.leases for stream in connection.streams
        )


def pulse_of(
    read_at: datetime,
    heads: Mapping[str, int],
    claims: Mapping[str, Mapping[EntityRef, Claim | Attendance]],
) -> Pulse:
    """Return what the database said; of a claim, pages are told until when it runs."""
    leases = {
        stream: {about: claim.lease_until for about, claim in held.items()}
        for stream, held in claims.items()
    }
    holders = {(claim.person_id, claim.tab) for held in claims.values() for claim in held.values()}
    return Pulse(read_at, heads, leases, frozenset(holders))


class Heart:
    """Reads the heads by itself, not from the tailer: so a tailer that stands still shows."""

    def __init__(self, outside: Outside, hub: Hub) -> None:
        self._outside = outside
        self._pace = outside.pace
        self._hub = hub
        self.pulse = Pulse()
        self.lag = Lag(hub.places, outside.elapsed)
        self._mode_said = ""  # in the last beat

    async def look_for_ever(self) -> None:
        """Keep the pulse fresh; a database that is away, or hangs, leaves it as old as it is."""
        while True:
            try:
                await self.look()
            except self._outside.troubles as trouble:
                log.warning("live: the heads cannot be read: %s", type(trouble).__name__)
            await self._outside.sleep(self._pace.look)

    async def beat_for_ever(self) -> None:
        """Beat, whatever the database does; when the bell turns, at once: it shows on the page."""
        forget = self._outside.bell.subscribe(self._note_mode)
        try:
            while True:
                await self._outside.sleep(self._pace.heartbeat)
                self.beat()
        finally:
            forget()

    async def look(self) -> None:
        """Read heads and leases of every stream that is followed."""
        streams, read_at = self._hub.streams, self._outside.clock.now()

        def query(reading: Reading) -> Pulse:
            return pulse_of(read_at, reading.heads(streams), reading.leases(streams))

        self.pulse = await self._outside.store.read(query)
        self.lag.note(self.pulse.heads)

    def beat(self) -> None:
        """Send every page its heartbeat: one frame for all pages that follow the same streams."""
        said: dict[frozenset[str], bytes] = {}
        self._mode_said = self._outside.bell.mode
        for connection in self._hub.connections:
            if not connection.tab:
                continue  # it has not said hello, or left before it did
            if connection.streams not in said:
                said[connection.streams] = self._frame(connection.streams)
            connection.offer(said[connection.streams])
            connection.flush()

    def _note_mode(self, _heads: Mapping[str, int]) -> None:
        # Before the first reading a beat would tell pages that they are not live.
        if self.pulse.read_at is not None and self._outside.bell.mode != self._mode_said:
            self.beat()

    def _frame(self, streams: frozenset[str]) -> bytes:
        pulse = self.pulse
        heads = {stream: pulse.heads[stream] for stream in streams if stream in pulse.heads}
        leases = {stream: pulse.leases[stream] for stream in streams if stream in pulse.leases}
        return heartbeat(
            self._outside.clock.now(), pulse.read_at, heads, leases, self._outside.bell.mode
        )
