"""Sending the pages of a process that ends to others, a few at a time, while it still serves."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Iterator, Sequence

from server.live.codes import Close
from server.live.connection import Connection
from server.live.desk import LiveDesk
from server.live.frames import move

PAGES_A_SECOND = 50  # each costs whoever takes it a sign-in and a look at the log
MOST_SECONDS = 10.0  # however many they are
PATIENCE_SECONDS = 3.0  # for the last of them to be somewhere else
_STEP_SECONDS = 0.05
_MOVE = move()

log = logging.getLogger("dispatch.live")


async def drain(
    desk: LiveDesk,
    is_hurried: Callable[[], bool],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> int:
    """Ask every page to move over, wait until they have, and close what is left with 1012.

    The server sets the pace, not the page: a tab in the background may sleep through a timer of its
    own, and never through a message. Ends early once ``is_hurried``, or when nothing live runs.

    Returns:
        How many pages had not moved.
    """
    desk.is_draining = True
    hub = desk.hub
    waves = _waves([connection for connection in hub.connections if connection.tab])
    last_moment = hub.elapsed() + MOST_SECONDS + PATIENCE_SECONDS
    patience = hub.elapsed() + PATIENCE_SECONDS
    while hub.connections and desk.is_running and not is_hurried():
        if (wave := next(waves, None)) is not None:
            for page in wave:
                page.answer(_MOVE)
                page.flush()
            patience = min(hub.elapsed() + PATIENCE_SECONDS, last_moment)
        elif hub.elapsed() >= patience:
            break
        await sleep(_STEP_SECONDS)
    left = list(hub.connections)
    for connection in left:
        connection.end(Close.RESTARTING)
    if left:
        log.info("live: %d pages had not moved when the process ended", len(left))
    return len(left)


def spread_seconds(pages: int) -> float:
    """Return over how long so many pages are asked to move."""
    return min(MOST_SECONDS, pages / PAGES_A_SECOND)


def _waves(pages: Sequence[Connection]) -> Iterator[Sequence[Connection]]:
    """Yield who is asked at each step."""
    count, steps = len(pages), math.ceil(spread_seconds(len(pages)) / _STEP_SECONDS)
    for step in range(steps):
        yield pages[count * step // steps : count * (step + 1) // steps]
