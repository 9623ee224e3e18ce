"""Running the demo, and deleting its database; what a visitor reads first."""

import argparse
import asyncio
import fcntl
import os
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dispatch.people import Actor
from dispatch.ports import Store
from dispatch.usecases.logins import BeginLogin, EndLogin, begin_login, end_login
from server.app import create_app
from server.cli.serving import address_of, listen, own_ports, run, with_address
from server.clock import Clock, SystemClock
from server.demo.life import Life
from server.demo.links import Doors, is_loopback
from server.demo.mailbox import Mailbox
from server.demo.newcomers import Arrived
from server.demo.opening import Opened, open_demo
from server.demo.shifted_clock import ShiftedClock
from server.rendering.letters import Letters
from server.roster import Roster, read_roster
from server.settings import PREFIX, SettingError, Settings, from_environment
from server.web.login import hash_of, maybe_signed_in, new_token, set_cookie
from server.web.replies import page, see_other
from server.wiring import opened

DATABASE = Path("var/demo.db")
_BESIDE = ("", "-wal", "-shm", "-journal", ".lock")
_SHOWN_LINES = 10  # of a roster that cannot be read


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

    address = settings.origin or address_of(settings, listener)
    words = _welcome(address, opened, settings)
    with listener, own_ports(settings, 1) as own:
        routes = [*doors().routes, *mailbox(address).routes]
        app = create_app(settings, [living], own_port=own[0], routes=routes)
        run(app, listener, lambda: print(words, flush=True))
    return 0


def doors() -> Doors:
    """Return the demo's pages, with what they need of the web kit."""
    return Doors(_sign_in_as, _show_page)


def mailbox(address: str) -> Mailbox:
    """Return the demo's mailbox; links in messages lead to that address."""
    return Mailbox(_show_page, Letters(address).words)


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


def _welcome(address: str, opened: Opened, settings: Settings) -> str:
    state = "new" if opened.is_new else "as it was left, with fresh requests"
    links = [
        f"  {role.capitalize():<15}{name:<18}{address}/demo/sign-in/{role}"
        for role, name in opened.visitors.items()
    ]
    return "\n".join(
        [
            f"The demo is ready ({state}): {address}",
            "Everybody in it is made up, and nothing is sent to anybody.",
            *(_arrivals(opened.arrived) if opened.arrived else []),
            "",
            "Sign in without a password, on this machine only:",
            *links,
            "",
            "Try this:",
            "  As the scheduler, assign the oldest request. One turns red within a minute.",
            "  As the patient, in a private window, ask to be seen now, then watch the status.",
            "  As the provider, say that you are available, and accept what is addressed to you.",
            "",
            f"Ctrl-C stops it. What happened stays in {settings.database_url}.",
        ]
    )


def _arrivals(arrived: Arrived) -> list[str]:
    lines = [
        f"Your roster: {arrived.patients} patients and {arrived.practitioners} providers came in, "
        f"{arrived.already_here} were here already."
    ]
    lines += [f"  Left out: {count} ({reason})." for reason, count in arrived.skipped.items()]
    lines += [
        f"  Not readable: {file}, line {line}."
        for file, line in arrived.broken_lines[:_SHOWN_LINES]
    ]
    if arrived.shared_emails:
        lines.append(
            f"  {arrived.shared_emails} people share an e-mail address, so it signs nobody in."
        )
    return lines
