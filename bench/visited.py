"""The console with a crowd of schedulers' pages before it, each signed in and showing the board."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.child import Child, child
from bench.crowd import Crowd, scheduler_of
from bench.greetings import of_console


@asynccontextmanager
async def visited_console(most_pages: int, pending: int) -> AsyncIterator[tuple[Child, Crowd]]:
    """Start it with so many rows on the board, and room for so many pages."""
    async with child("bench.console") as (process, port):
        town = await process.ask(
            "open", schedulers=scheduler_of(most_pages - 1) + 1, pending=pending
        )
        crowd = Crowd([port], lambda number: of_console(port, number, town["stream"]))
        yield process, crowd
        crowd.leave()
