"""What the endpoints need from the lifespan; ``server.wiring`` provides it."""

from typing import TypedDict

from dispatch.ports import Rooms, Store
from server.clock import Clock
from server.rendering import Rendering
from server.settings import Settings


class WebState(TypedDict):
    """The lifespan state as HTTP endpoints see it."""

    store: Store
    clock: Clock
    rendering: Rendering
    settings: Settings
    rooms: Rooms
