"""Running the console: a port of one's own first, then the server, then one line that says so."""

import argparse
import asyncio
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import uvicorn
from starlette.applications import Starlette

from dispatch.errors import StoreAwayError
from server.app import create_app
from server.cli.server import ALONE, Place, Server, allow_many_files, no_alarm_left
from server.cli.worker import READY
from server.cli.workers import Workers, check, environment_of
from server.clock import SystemClock
from server.live.serving import uvicorn_options
from server.settings import PREFIX, SettingError, Settings, from_environment
from server.wiring import opened


def add_address(command: argparse.ArgumentParser) -> None:
    """Let a command be told where to listen."""
    command.add_argument("--host", help="address to listen on (127.0.0.1 unless set)")
    command.add_argument("--port", type=int, help="port to listen on; 0 takes a free one")


def add_workers(command: argparse.ArgumentParser) -> None:
    """Let a command be run by several processes."""
    command.add_argument(
        "--workers", type=int, default=1, help="processes on this port (needs PostgreSQL and Redis)"
    )
    for name in ("--listener", "--own-port", "--ready"):  # said by our own parent
        command.add_argument(name, type=int, help=argparse.SUPPRESS)


def serve(asked: argparse.Namespace) -> int:
    """Run the real thing: empty at first, configured by its environment.

    Raises:
        SettingError: a setting, the database or the port cannot be used.
    """
    settings = with_address(from_environment(), asked)
    if settings.is_demo:
        raise SettingError(f"{PREFIX}IS_DEMO is for the demo: python -m server demo.")
    if asked.listener is not None:  # one of several: the parent has the port, and said so
        own_port = None if asked.own_port is None else socket.socket(fileno=asked.own_port)
        app = create_app(settings, own_port=own_port)
        place = Place(has_others=True, shares_port=True)
        listener = socket.socket(fileno=asked.listener)
        run(app, settings, listener, lambda: say_ready(asked.ready), place)
        return 0
    check(settings, asked.workers)
    asyncio.run(check_database(settings))
    listener = listen(settings)
    address = settings.origin or address_of(settings, listener)
    ready = f"The console is ready: {address}/sign-in"
    with listener, own_ports(settings, asked.workers) as own:
        if asked.workers == 1:
            app = create_app(settings, own_port=own[0])
            # With a bell that others can hear, there may be others to whom its pages can move.
            place = Place(has_others=settings.bus_url != "memory://")
            run(app, settings, listener, lambda: print(ready, flush=True), place)
            return 0
        workers = Workers(listener, own, environment_of(settings))
        workers.run(lambda: print(f"{ready} ({asked.workers} workers)", flush=True))
    return 0


async def check_database(settings: Settings) -> None:
    """Open the database once and close it: what is wrong is one sentence, not a server's many.

    Raises:
        SettingError: it cannot be opened.
    """
    try:
        async with opened(settings, SystemClock()):
            return
    except StoreAwayError as trouble:
        raise SettingError(
            f"The database of {PREFIX}DATABASE_URL cannot be reached ({trouble})."
        ) from trouble


def with_address(settings: Settings, asked: argparse.Namespace) -> Settings:
    """Return the settings with the address of the command line, which is stronger."""
    host = settings.host if asked.host is None else asked.host
    port = settings.port if asked.port is None else asked.port
    return replace(settings, host=host, port=port)


def listen(settings: Settings) -> socket.socket:
    """Take the port.

    Raises:
        SettingError: it is taken, or the address is not of this machine.
    """
    return _take(settings.host, settings.port, "--port")


@contextmanager
def own_ports(settings: Settings, count: int) -> Iterator[list[socket.socket | None]]:
    """Take a port for each worker to tell how it is, one after the other; None where none is set.

    Raises:
        SettingError: one is taken, or the address is not of this machine.
    """
    with ExitStack() as taken:
        first, name = settings.metrics_port, f"{PREFIX}METRICS_PORT"
        numbers = range(first, first + count)
        yield [
            taken.enter_context(_take(settings.metrics_host, number, name)) if first else None
            for number in numbers
        ]


def _take(host: str, port: int, choice: str) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, _, _, _, address = found[0]
        listener = socket.create_server((str(address[0]), port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or "there is no such port"
        raise SettingError(
            f"Port {port} on {host} cannot be used ({why}). Choose another with {choice}."
        ) from error
    # Every connection inherits it. asyncio sets it by itself, but not where the listener was made
    # like this; and then an answer in two pieces waits 40 ms for the browser's acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def address_of(settings: Settings, listener: socket.socket) -> str:
    """Return where a browser on this machine finds it."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listener.getsockname()[1]}"


def run(
    app: Starlette,
    settings: Settings,
    listener: socket.socket,
    announce: Callable[[], None],
    place: Place = ALONE,
) -> None:
    """Serve until a signal; ``announce`` is called once, when the first page can be asked for."""
    allow_many_files()
    config = uvicorn.Config(app, log_level="warning", **uvicorn_options(settings))
    with listener, no_alarm_left():
        Server(config, announce, place).run(sockets=[listener])


def say_ready(pipe: int | None) -> None:
    """Tell the parent, if there is one, that this process serves."""
    if pipe is not None:
        with os.fdopen(pipe, "wb") as parent:
            parent.write(READY)
