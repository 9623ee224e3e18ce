"""A Redis for development, where the settings ask for one; or one line why there is none.

It never ends by itself: a process manager that starts it beside the others would end them all.
"""

import argparse
import os
import socket
from urllib.parse import SplitResult, urlsplit

from server.cli.waiting import wait_for_the_end
from server.settings import PREFIX, SettingError, from_environment
from server.trial.redis import HOW_TO_GET_ONE, LOOPBACK, find_program, words

_HERE = frozenset({"localhost", LOOPBACK})
_USUAL_PORT = 6379


def run_redis(_asked: argparse.Namespace) -> int:
    """Become a Redis that keeps nothing, or say why not and wait.

    Raises:
        SettingError: the address of the bell cannot be read.
    """
    address = urlsplit(from_environment().bus_url)
    try:
        port = address.port or _USUAL_PORT
    except ValueError as error:
        raise SettingError(f"{PREFIX}BUS_URL has a port that is no number.") from error
    program = find_program()
    reason = _reason_against(address, port) or (None if program else HOW_TO_GET_ONE)
    if program is not None and reason is None:
        print(
            f"A Redis for development: redis://{LOOPBACK}:{port}, which keeps nothing.", flush=True
        )
        command = [*words(program, port), "--loglevel", "warning"]
        os.execv(program, command)  # noqa: S606 - our own words; whoever ends us ends it
    wait_for_the_end(f"{reason} This process waits.")
    return 0


def _reason_against(address: SplitResult, port: int) -> str | None:
    if address.scheme == "memory":
        return f"No Redis is needed: {PREFIX}BUS_URL is memory://, for one web process."
    if address.scheme != "redis" or address.hostname not in _HERE or address.password:
        return f"The Redis of {PREFIX}BUS_URL is not one for development, so none is started."
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((LOOPBACK, port)) == 0:
            return f"There is a server on port {port} already."
    return None
