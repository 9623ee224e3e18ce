"""``python -m server``: every command with its options, and one sentence when it cannot be done."""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dispatch.errors import DispatchError, StoreAwayError
from server.cli import importing, people, setting_up
from server.cli.cluster import cluster
from server.cli.serving import add_address, add_workers, serve
from server.cli.trial_redis import run_redis
from server.cli.trying import DATABASE, demo
from server.cli.working import do_work
from server.demo.cast import DemoError
from server.roster import RosterError
from server.settings import SettingError

Run = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked; return 0, or 2 after one sentence about what is in the way."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    asked = _parser().parse_args(arguments)
    run: Run = asked.run
    try:
        return run(asked)
    except (DispatchError, StoreAwayError) as refused:
        print(refused.sentence, file=sys.stderr)
    except (SettingError, RosterError, DemoError) as refused:
        print(refused, file=sys.stderr)
    except KeyboardInterrupt:  # how a server is stopped
        return 0
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m server",
        description="The dispatch console. Settings come from DISPATCH_... in the environment.",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="command")
    running = _command(commands, "serve", serve, "run the console as a clinic does")
    add_address(running)
    add_workers(running)
    _command(commands, "work", do_work, "do only the background work, beside `serve`")
    _command(commands, "redis", run_redis, "run a Redis for development, if one is needed")
    trying = _command(commands, "demo", demo, "run it with a made-up clinic, on this machine only")
    add_address(trying)
    add_workers(trying)
    _add_roster(trying)
    trying.add_argument("--reset", action="store_true", help=f"delete {DATABASE}, and stop")
    several = _command(
        commands, "cluster", cluster, "run the demo on a PostgreSQL, a Redis and workers of its own"
    )
    add_address(several)
    several.add_argument("--workers", type=int, default=2, help="processes (2 unless set)")
    _add_roster(several)
    _add_setting_up(commands)
    return parser


def _add_roster(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--roster", type=Path, help="folder or file of FHIR R4 NDJSON whose people join"
    )


def _add_setting_up(commands: Any) -> None:
    accounts = _group_of(commands, "account", "open an account")
    opening = _command(accounts, "create", setting_up.create_account, "open an account")
    opening.add_argument("--name", required=True, help="of the organisation")

    clinics = _group_of(commands, "clinic", "make and list virtual clinics")
    making = _command(clinics, "create", setting_up.create_a_clinic, "make a virtual clinic")
    _add_account(making)
    making.add_argument("--name", required=True, help="of the clinic")
    making.add_argument(
        "--mode",
        choices=("on-demand", "calendar"),
        default="on-demand",
        help="whether providers are available by their own toggle or by appointment slots",
    )
    making.add_argument("--zone", required=True, help="time zone, such as America/New_York")
    making.add_argument(
        "--service",
        action="append",
        required=True,
        metavar='"NAME:MINUTES[:PAYMENT]"',
        help='what is offered, such as "Urgent care visit:20"; may be given again',
    )
    making.add_argument("--host-group", default="", help="name of a new one, or a number")
    making.add_argument("--patient-group", default="", help="name of a new one, or a number")
    making.add_argument("--phone", default="", help="for patients")
    making.add_argument("--video-url", default="", help="https://video.example.org/{room}")
    listing = _command(clinics, "list", setting_up.list_clinics, "list clinics with their numbers")
    _add_account(listing)

    users = _group_of(commands, "user", "add and list people")
    adding = _command(users, "create", people.create_user, "add somebody with their roles")
    _add_account(adding)
    adding.add_argument("--name", required=True, help="as others see it")
    adding.add_argument("--email", default="", help="what they sign in with")
    adding.add_argument("--zone", default="", help="their time zone (their clinic's unless given)")
    adding.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )
    adding.add_argument("--administrator", action="store_true", help="may set up the account")
    for name, number, words in (
        ("--schedules", "CLINIC", "schedules that clinic"),
        ("--hosts", "HOST_GROUP", "answers requests to that host group"),
        ("--asks", "PATIENT_GROUP", "may ask in that patient group's clinics"),
    ):
        adding.add_argument(
            name,
            type=int,
            action="append",
            default=[],
            metavar=number,
            help=f"{words}; a number that `clinic list` prints; may be given again",
        )
    incoming = _group_of(commands, "import", "bring people in")
    roster = _command(incoming, "fhir", importing.import_fhir, "import a FHIR R4 bulk export")
    _add_account(roster)
    roster.add_argument("roster", type=Path, metavar="PLACE", help="NDJSON file, or its folder")
    roster.add_argument(
        "--clinic",
        type=int,
        action="append",
        default=[],
        metavar="CLINIC",
        help="whose groups they join; may be given again, may be left out where there is one",
    )
    roster.add_argument("--zone", default="", help="their time zone (the clinic's unless given)")
    roster.add_argument("--check", action="store_true", help="say what it would do, and do nothing")
    roster.add_argument("--report", type=Path, metavar="FILE", help="CSV of the lines left out")

    everybody = _command(users, "list", people.list_users, "list people with their roles")
    _add_account(everybody)


def _command(commands: Any, name: str, run: Run, words: str) -> argparse.ArgumentParser:
    description = f"{words[0].upper()}{words[1:]}."
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=words, description=description
    )
    command.set_defaults(run=run)
    return command


def _group_of(commands: Any, name: str, words: str) -> Any:
    group = commands.add_parser(name, help=words)
    return group.add_subparsers(title="commands", required=True, metavar="command")


def _add_account(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--account", type=int, default=1, help="its number (1, the first, unless given)"
    )


if __name__ == "__main__":
    sys.exit(main())
