"""The console with a crowd of schedulers' pages before it, each signed in and showing the board."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.child import Child, child
from bench.crowd import Crowd, Greeting, hello, scheduler_of, upgrade
from bench.town import token_of

_GREETED = 2  # the welcome, then the board as it is


@asynccontextmanager
async def visited_console(most_pages: int, pending: int) -> AsyncIterator[tuple[Child, Crowd]]:
    """Start it with so many rows on the board, and room for so many pages."""
    async with child("bench.console") as (process, port):
        town = await process.ask(
            "open", schedulers=scheduler_of(most_pages - 1) + 1, pending=pending
        )

        def greeting(number: int) -> Greeting:
            handshake = upgrade(port, token_of(scheduler_of(number)))
            return handshake, hello(number, town["stream"])

        crowd = Crowd(port, greeting, _GREETED)
        yield process, crowd
        crowd.leave()
