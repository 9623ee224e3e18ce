"""A service that opens a room for whoever knows its address: what cannot be guessed is the key."""

from urllib.parse import quote

from dispatch.clinic import ROOM
from dispatch.video import Entrance


def link(entrance: Entrance) -> str:
    """Return the clinic's template with the session's room in it."""
    return entrance.setting.address.replace(ROOM, quote(entrance.room, safe=""))
