"""Running the demo, and deleting its database; what a visitor reads first."""

import argparse
import asyncio
import fcntl
import os
import socket
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.people import Actor
from dispatch.ports import Store
from dispatch.usecases.logins import BeginLogin, EndLogin, begin_login, end_login
from server.app import create_app
from server.cli.beside import beside
from server.cli.server import Place
from server.cli.serving import address_of, listen, own_ports, run, say_ready, with_address
from server.cli.welcome import place_of, welcome
from server.cli.workers import Workers, check, environment_of
from server.clock import Clock, SystemClock
from server.demo.life import Life
from server.demo.links import Doors, is_loopback
from server.demo.mailbox import Mailbox
from server.demo.opening import Opened, open_demo
from server.demo.shifted_clock import ShiftedClock
from server.rendering.letters import Letters
from server.roster import Roster, read_roster
from server.settings import PREFIX, SettingError, Settings, from_environment
from server.web.login import hash_of, maybe_signed_in, new_token, set_cookie
from server.web.replies import page, see_other
from server.wiring import Companion, opened
from server.worker.post import with_link

DATABASE = Path("var/demo.db")
_BESIDE = ("", "-wal", "-shm", "-journal", ".lock")


def demo(asked: argparse.Namespace) -> int:
    """Run the product with life in it, or delete the demo's database.

    Raises:
        SettingError: a setting, the database or the port cannot be used.
        RosterError: there is no such roster.
        DemoError: the database is not the demo's.
    """
    settings = replace(with_address(from_environment(), asked), is_demo=True)
    has_own_database = f"{PREFIX}DATABASE_URL" not in os.environ
    if has_own_database:
        settings = replace(settings, database_url=f"sqlite:///{DATABASE}")
    if asked.reset:
        return _reset(has_own_database=has_own_database)
    if asked.listener is not None:  # one of several: the parent has made and plays the demo
        _serve_beside_others(settings, asked)
        return 0
    check(settings, asked.workers)
    play(settings, asked, [f"Ctrl-C stops it. What happened stays in {place_of(settings)}."])
    return 0


def play(settings: Settings, asked: argparse.Namespace, last_words: Sequence[str]) -> None:
    """Make the demo or find it again, and serve it until a signal.

    Raises:
        SettingError, RosterError, DemoError: as for ``demo``.
    """
    if not is_loopback(settings.host):
        raise SettingError(
            "The demo answers on this machine only, because its sign-in links need no password. "
            "Use --host 127.0.0.1."
        )
    roster = read_roster(asked.roster) if asked.roster is not None else None
    opened = asyncio.run(_open(settings, roster))
    listener = listen(settings)

    def living(store: Store, clock: Clock) -> Coroutine[None, None, None]:
        chance = Random()  # noqa: S311  # chance makes the demo's patients; it guards nothing
        return Life(store, clock, opened.cast, chance).go_on()

    def announce() -> None:
        print("\n".join([*welcome(address, opened), "", *last_words]), flush=True)

    address = settings.origin or address_of(settings, listener)
    with listener, own_ports(settings, asked.workers) as own:
        if asked.workers == 1:
            app = _app(settings, address, own[0], [living])
            run(app, settings, listener, announce)
            return
        with beside(settings, living):
            Workers(listener, own, environment_of(settings), "demo").run(announce)


def _serve_beside_others(settings: Settings, asked: argparse.Namespace) -> None:
    own_port = None if asked.own_port is None else socket.socket(fileno=asked.own_port)
    listener = socket.socket(fileno=asked.listener)
    app = _app(settings, settings.origin or address_of(settings, listener), own_port, [])
    place = Place(has_others=True, shares_port=True)
    run(app, settings, listener, lambda: say_ready(asked.ready), place)


def _app(
    settings: Settings,
    address: str,
    own_port: socket.socket | None,
    companions: Sequence[Companion],
) -> Starlette:
    return create_app(settings, companions, own_port=own_port, routes=routes(settings, address))


def routes(settings: Settings, address: str) -> list[Route]:
    """Return what the demo has beside the product; with a mail server, messages are in no mailbox
    here but in their own.
    """
    return [*doors().routes, *(() if settings.smtp_url else mailbox(address).routes)]


def doors() -> Doors:
    """Return the demo's pages, with what they need of the web kit."""
    return Doors(_sign_in_as, _show_page)


def mailbox(address: str) -> Mailbox:
    """Return the demo's mailbox; links in messages lead to that address."""
    return Mailbox(_show_page, Letters(address).words, with_link)


async def _open(settings: Settings, roster: Roster | None) -> Opened:
    clock = ShiftedClock(SystemClock())
    async with opened(settings, clock) as store:
        return await open_demo(store, clock, roster)


def _reset(*, has_own_database: bool) -> int:
    if not has_own_database:
        raise SettingError(
            f"{PREFIX}DATABASE_URL is set, and --reset deletes only {DATABASE}. "
            "Unset it, or delete that database yourself."
        )
    if not DATABASE.exists():
        print(f"There is no {DATABASE}, so there was nothing to delete.")
        return 0
    with Path(f"{DATABASE}.lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # a running server holds it
        except OSError as error:
            raise SettingError(
                f"{DATABASE} is in use by a running demo. Stop that first."
            ) from error
        for beside in _BESIDE:
            Path(f"{DATABASE}{beside}").unlink(missing_ok=True)
    print(f"Deleted {DATABASE}. The next start makes a new demo.")
    return 0


async def _sign_in_as(request: Request[Any], actor: Actor) -> Response:
    """Begin a sign-in as any other, and end the one that this browser had."""
    store: Store = request.state["store"]
    before = await maybe_signed_in(request)
    token = new_token()
    await store.perform(begin_login, BeginLogin(hash_of(token)), actor)
    if before is not None:
        await store.perform(end_login, EndLogin(before.login_id), before.actor)
    reply = see_other("/")
    set_cookie(reply, token, request.state["settings"])
    return reply


async def _show_page(request: Request[Any], template: str, **shown: Any) -> Response:
    await maybe_signed_in(request)
    return page(request, template, **shown)
