"""Who takes part: how their workers are started, how a page greets them, how they are told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to tell many sockets the same; what it costs decides how long it is told."""

    name: str
    title: str
    server: str  # a module of bench.peers.servers; empty: the console's own command
    greeting: str  # a kind of bench.peers.pages
    told_by: str  # a kind of bench.peers.publisher; empty: it tells by itself
    paced: int  # changes of a window, one after the other
    ticks: int  # of a burst, each of several changes
    idle_seconds: float = 1.0
    packages: tuple[str, ...] = ()
    asks_who: bool = False


OURS = Contestant(
    "ours", "this server", "", "console", "console", paced=100, ticks=100, idle_seconds=5.0
)
STARLETTE = Contestant(
    "starlette",
    "(c) Starlette, send_text",
    "starlette_text",
    "text",
    "redis",
    paced=60,
    ticks=10,
    packages=("starlette", "uvicorn"),
)
BROADCAST = Contestant(
    "broadcast",
    "(d) websockets.broadcast",
    "websockets_broadcast",
    "text",
    "redis",
    paced=60,
    ticks=10,
    packages=("websockets",),
)
SOCKETIO = Contestant(
    "socketio",
    "(b) python-socketio",
    "socketio_redis",
    "engine",
    "socketio",
    paced=30,
    ticks=6,
    packages=("python-socketio",),
)
CHANNELS = Contestant(
    "channels",
    "(a) Django Channels",
    "channels_redis_layer",
    "text",
    "channels",
    paced=12,
    ticks=2,
    packages=("channels", "channels_redis"),
)
FLOOR = Contestant("floor", "floor: bare sockets", "floor", "plain", "", paced=60, ticks=10)
SIGNED = Contestant(
    "signed",
    "(c) with the same sign-in",
    "starlette_text",
    "text",
    "",
    paced=0,
    ticks=0,
    asks_who=True,
)
ALL = (OURS, STARLETTE, SIGNED, BROADCAST, FLOOR, SOCKETIO, CHANNELS)
