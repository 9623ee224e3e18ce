"""The bell of a single process: no wire, so nothing is ever missing."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from server.bus.bell import Heads, Listener, Mode


class MemoryBell:
    """Rings within this process."""

    def __init__(self) -> None:
        self._listeners: dict[object, tuple[asyncio.AbstractEventLoop, Listener]] = {}

    @property
    def mode(self) -> Mode:
        """Return ``live``: there is no wire that could be cut."""
        return "live"

    @property
    def slower_seconds(self) -> float:
        """Return 0."""
        return 0.0

    def ring(self, heads: Heads) -> None:
        """Wake every listener on its own loop; storage may ring from the writer's thread."""
        for subscription in tuple(self._listeners):
            self._tell(subscription, heads)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have ``listener`` called on the running loop, first of all without heads."""
        subscription = object()
        self._listeners[subscription] = asyncio.get_running_loop(), listener
        self._tell(subscription, {})
        return lambda: self._forget(subscription)

    async def run(self) -> None:
        """Return: there is nothing to keep alive."""

    def _tell(self, subscription: object, heads: Heads) -> None:
        def arrive() -> None:  # looked up on arrival: who has left meanwhile hears nothing
            if entry := self._listeners.get(subscription):
                entry[1](heads)

        if entry := self._listeners.get(subscription):
            loop = entry[0]
            with suppress(RuntimeError):  # that loop is closed: the process is going
                if _is_here(loop):
                    loop.call_soon(arrive)
                else:
                    loop.call_soon_threadsafe(arrive)  # wakes it by writing to itself

    def _forget(self, subscription: object) -> None:
        self._listeners.pop(subscription, None)


def _is_here(loop: asyncio.AbstractEventLoop) -> bool:
    """Return whether this very thread runs the loop."""
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False
