"""What the live endpoint needs from the lifespan; ``server.wiring`` provides it."""

from typing import TypedDict

from server.live.desk import LiveDesk


class LiveState(TypedDict):
    """The lifespan state as the live endpoint sees it."""

    live: LiveDesk
