"""The demo on a cluster of its own: PostgreSQL, Redis and workers, of which nothing is left behind.

What the settings name is used as it is; only what they do not name is brought up.
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from types import FrameType

from server.cli.serving import with_address
from server.cli.trying import play
from server.cli.workers import check
from server.settings import PREFIX, Settings, from_environment
from server.trial.postgres import made_postgres
from server.trial.redis import Redis, made_redis

_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # the last: the terminal was closed
_AWAY_SECONDS = 15.0  # of a Redis that somebody killed to see what happens


def cluster(asked: argparse.Namespace) -> int:
    """Bring up what is missing, play the demo on it, and take everything down again.

    Raises:
        SettingError: this machine has no PostgreSQL or Redis to start, or a setting is wrong.
        RosterError, DemoError: as for ``demo``.
    """
    settings = replace(with_address(from_environment(), asked), is_demo=True)
    with ExitStack() as brought:
        with _unhurried():
            settings, words = _complete(settings, brought)
        check(settings, asked.workers)
        play(settings, asked, words)
        print("Stopped.", flush=True)
    return 0


def _complete(settings: Settings, brought: ExitStack) -> tuple[Settings, list[str]]:
    """Return the settings with what was brought up in them, and what to say of it."""
    words = ["Ctrl-C stops it."]
    if f"{PREFIX}DATABASE_URL" not in os.environ:
        print("Starting PostgreSQL ...", file=sys.stderr, flush=True)
        postgres = brought.enter_context(made_postgres())
        settings = replace(settings, database_url=postgres.url("demo"))
        words[0] += " Its database is made for this run, and goes with it."
    if f"{PREFIX}BUS_URL" not in os.environ:
        redis = brought.enter_context(made_redis())
        brought.enter_context(revived(redis))
        settings = replace(settings, bus_url=redis.url)
        if redis.process is not None:
            words += [
                "",
                "Try this too:",
                f"  kill -9 {redis.process.pid} (Redis), and boards say “Live (slower)”; nothing",
                f"  is missed. After {_AWAY_SECONDS:.0f} seconds it is back, and they notice.",
                "  kill -9 a worker (pgrep -f -- --listener), and its pages go on elsewhere.",
            ]
    return settings, words


@contextmanager
def _unhurried() -> Iterator[None]:
    """Let what is being made be made before it is taken down; then any wish to end unwinds it."""
    is_asked = threading.Event()
    for number in _ENDS:
        signal.signal(number, lambda _number, _frame: is_asked.set())
    yield
    for number in _ENDS:
        signal.signal(number, _unwind)
    if is_asked.is_set():
        _unwind(signal.SIGINT, None)


def _unwind(_number: int, _frame: FrameType | None) -> None:
    for number in _ENDS:
        signal.signal(number, signal.SIG_IGN)  # a second one would end the ending
    raise KeyboardInterrupt


@contextmanager
def revived(redis: Redis, away_seconds: float = _AWAY_SECONDS) -> Iterator[None]:
    """Start a Redis that has died again after a while, until this is over."""
    is_over = threading.Event()

    def look_after() -> None:
        while not is_over.wait(0.5):
            if redis.process is None or redis.process.poll() is None:
                continue
            print(f"Redis is gone; it is back in {away_seconds:.0f} seconds.", flush=True)
            if is_over.wait(away_seconds):
                return
            redis.kill()
            redis.start()
            print(f"Redis is back (process {redis.process.pid}).", flush=True)

    watching = threading.Thread(target=look_after, name="redis", daemon=True)
    watching.start()
    try:
        yield
    finally:
        is_over.set()
        watching.join()
