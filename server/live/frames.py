"""What the server says on a socket, as bytes that suit every browser that follows the same."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import orjson

from dispatch.events import EntityRef
from dispatch.stream import Cursor, Delta, Projection, Snapshot
from dispatch.views import Outcome, View
from server.live.seams import Key, Renderer, Why
from server.live.websocket_frame import text_frame

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REMEMBERED = 4096  # rendered elements; a row is about 2 kB
# Who was first, and with whom it ended, is for staff; a requester reads their own card.
_TOLD_OUTCOMES = frozenset({Projection.BOARD, Projection.HOST})


def milliseconds(at: datetime) -> int:
    """Return an instant as the wire writes it."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


class Frames:
    """Renders an element once, however many snapshots and deltas it stands in.

    A partial takes its view and nothing else, so equal views look the same. Safe in threads.
    """

    def __init__(self, renderer: Renderer) -> None:
        self._view = lru_cache(_REMEMBERED)(renderer.view)
        self._outcome = lru_cache(_REMEMBERED // 4)(renderer.outcome)

    def ops_of(self, found: Delta | Snapshot) -> bytes:
        """Return the ops as JSON: what a frame says apart from its range."""
        ops = [_put(view, self._view(found.projection, view)) for view in found.views]
        if isinstance(found, Delta):
            ops += [self._gone(found.projection, *left) for left in found.gone]
        return orjson.dumps(ops)

    def _gone(
        self, projection: Projection, entity: EntityRef, outcome: Outcome | None
    ) -> dict[str, object]:
        op: dict[str, object] = {"op": "gone", "entity": str(entity)}
        if outcome is not None:
            op["version"] = outcome.version
            if projection in _TOLD_OUTCOMES:
                op["html"] = self._outcome(outcome)
        return op


def _put(view: View, html: str) -> dict[str, object]:
    return {"op": "put", "entity": str(view.entity), "version": view.version, "html": html}


def change_frame(
    key: Key, after: int, cursor: Cursor, ops: bytes, view: str | None = None
) -> bytes:
    """Return the frame of the range ``after..cursor``; ``view`` when only that one asked."""
    return _frame(key, after, cursor, ops, {"view": view} if view else {})


def snapshot_frame(
    key: Key, cursor: Cursor, ops: bytes, why: Why, view: str | None = None
) -> bytes:
    """Return the frame that replaces everything the stream put into the view."""
    return _frame(key, None, cursor, ops, {"why": why} | ({"view": view} if view else {}))


def _frame(
    key: Key, after: int | None, cursor: Cursor, ops: bytes, more: Mapping[str, str]
) -> bytes:
    stream, projection = key
    said: dict[str, object] = {"type": "frame", "stream": stream, "projection": projection}
    said |= {
        "after": after,
        "seq": cursor.seq,
        "tag": cursor.tag,
        **more,
        "ops": orjson.Fragment(ops),
    }
    return text_frame(orjson.dumps(said))


def welcome(now: datetime) -> bytes:
    """Return the first word to a page that may stay."""
    return text_frame(orjson.dumps({"type": "welcome", "now": milliseconds(now)}))


def pong(t: float, now: datetime) -> bytes:
    """Return the answer to a ping."""
    return text_frame(orjson.dumps({"type": "pong", "t": t, "now": milliseconds(now)}))


def move() -> bytes:
    """Return what asks a page to open another socket, and then to leave this one."""
    return text_frame(orjson.dumps({"type": "move"}))


def heartbeat(
    now: datetime,
    read_at: datetime | None,
    heads: Mapping[str, int],
    leases: Mapping[str, Mapping[EntityRef, datetime]],
    mode: str,
) -> bytes:
    """Return the heartbeat; ``read_at`` None: the database was never read, so it says 1970."""
    said = {
        "type": "heartbeat",
        "now": milliseconds(now),
        "read_at": milliseconds(read_at or _EPOCH),
        "heads": heads,
        "leases": {stream: _spoken(held.items()) for stream, held in leases.items()},
        "mode": mode,
    }
    return text_frame(orjson.dumps(said))


def _spoken(held: Iterable[tuple[EntityRef, datetime]]) -> dict[str, int]:
    return {str(entity): milliseconds(until) for entity, until in held}
