"""What time it is at the database, which all machines of a console share."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from server.clock import Clock

_LOOKS = 5  # the quickest of them is believed
_NOW = text("SELECT clock_timestamp()")


async def ahead_of(
    edge: Clock, connection: AsyncConnection, elapsed: Callable[[], float] = time.perf_counter
) -> timedelta:
    """Return how far the database's clock is ahead of this machine's.

    The answer was given somewhere on its way there and back. A difference that this could explain
    is none: on one machine nothing is corrected.
    """
    await connection.execution_options(isolation_level="AUTOCOMMIT")
    looks = [await _look(edge, connection, elapsed) for _ in range(_LOOKS)]
    journey, ahead = min(looks)
    return ahead if abs(ahead) > journey / 2 else timedelta(0)


async def _look(
    edge: Clock, connection: AsyncConnection, elapsed: Callable[[], float]
) -> tuple[timedelta, timedelta]:
    sent, began = edge.now(), elapsed()
    there: datetime = (await connection.execute(_NOW)).scalar_one()
    journey = timedelta(seconds=elapsed() - began)
    return journey, there - (sent + journey / 2)
