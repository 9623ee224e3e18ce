"""The log as one read transaction knows it: asked once, however many projections want to know."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from dispatch.stream import Cursor, LoggedEvent
from server.storage.event_log import cursors_of, events_after, events_ahead, heads_of, tag_at


class SqlLog:
    """A part of ``dispatch.ports.Reading``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # One transaction gives one answer, and every projection of a stream asks for the same.
        self._cursors: dict[str, Cursor] = {}
        self._events: dict[tuple[str, int, int], Sequence[LoggedEvent]] = {}

    def cursor(self, stream: str) -> Cursor:
        return self.cursors([stream])[stream]

    def cursors(self, streams: Collection[str]) -> Mapping[str, Cursor]:
        if unknown := [stream for stream in streams if stream not in self._cursors]:
            self._cursors |= cursors_of(self._connection, unknown)
        return {stream: self._cursors[stream] for stream in streams}

    def heads(self, streams: Collection[str]) -> Mapping[str, int]:
        return heads_of(self._connection, streams)

    def tag_at(self, stream: str, seq: int) -> str | None:
        return tag_at(self._connection, stream, seq)

    def events(self, stream: str, after: int, limit: int) -> Sequence[LoggedEvent]:
        asked = (stream, after, limit)
        if asked not in self._events:
            self._events[asked] = events_after(self._connection, *asked)
        return self._events[asked]

    def read_ahead(self, places: Mapping[str, int], limit: int) -> None:
        if self._connection.dialect.name != "postgresql":
            return  # nothing is sent anywhere: each statement when it is needed is cheaper
        for stream, head, events in events_ahead(self._connection, places, limit):
            self._cursors[stream] = head
            self._events[stream, places[stream], limit] = events
