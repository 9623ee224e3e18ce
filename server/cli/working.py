"""Doing only the background work, in a process without a port; as many may run as one likes."""

import argparse
import asyncio
import signal

from server.cli.serving import check_database
from server.cli.waiting import wait_for_the_end
from server.settings import SettingError, from_environment
from server.wiring import is_postgres, work


def do_work(_asked: argparse.Namespace) -> int:
    """Do the background work until asked to end; on SQLite wait, for the web process does it.

    Raises:
        SettingError: a setting or the database cannot be used.
    """
    settings = from_environment()
    if settings.is_demo:
        raise SettingError("DISPATCH_IS_DEMO is for the demo: python -m server demo.")
    if not is_postgres(settings):
        wait_for_the_end("SQLite: the web process does the background work; this one waits.")
        return 0

    asyncio.run(check_database(settings))

    async def until_asked() -> None:
        ends = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, ends.set)
        await work(settings, ends, lambda: print("The background work is done here.", flush=True))

    asyncio.run(until_asked())
    return 0
