"""The people of an account on the command line: adding one, and listing them."""

import argparse
import asyncio
import getpass
import sys
import warnings
from collections.abc import Mapping, Sequence

from argon2 import PasswordHasher

from dispatch.clinic import Clinic
from dispatch.contact import newly_typed_email
from dispatch.errors import InvalidError
from dispatch.people import Person
from dispatch.ports import Reading
from dispatch.usecases.administration import CreatePerson, create_person
from dispatch.vocabulary import AccountId, ClinicId, GroupId, PersonId, Role
from server.cli.setting_up import PROGRAM, check_zone, clinics_in, held, looked_at, named, perform
from server.settings import from_environment
from server.web.password import LONGEST, SHORTEST

_MOST_LISTED = 10_000
_ROLES = {
    Role.ADMINISTRATOR: "administrator",
    Role.SCHEDULER: "scheduler",
    Role.HOST: "provider",
    Role.REQUESTER: "patient",
}


def create_user(asked: argparse.Namespace) -> int:
    """Add somebody with their roles; with an e-mail address and a password they can sign in."""
    account = AccountId(asked.account)
    if asked.zone:
        check_zone(asked.zone)
    name, email = named(asked.name), newly_typed_email(asked.email, "")
    if asked.administrator and not email:
        raise InvalidError("An administrator needs an e-mail address to sign in with: --email.")
    password_hash = PasswordHasher().hash(_password(asked, email)) if email else ""

    async def work() -> None:
        async with held() as store:
            clinics = await clinics_in(store, account)
            zone = asked.zone or _zone_of_work(asked, clinics)
            is_administrator = asked.administrator
            command = CreatePerson(
                Person(
                    PersonId(0),
                    account,
                    name,
                    zone,
                    email or None,
                    is_administrator=is_administrator,
                ),
                password_hash,
                schedules=frozenset(map(ClinicId, asked.schedules)),
                hosts_in=frozenset(map(GroupId, asked.hosts)),
                asks_in=frozenset(map(GroupId, asked.asks)),
            )
            _check_places(command, clinics, account)
            await perform(store, create_person, command, account)

    asyncio.run(work())
    print(f"{name} is in.")
    settings = from_environment()
    if email:
        print(f"Start the console if it is not running: {PROGRAM} serve")
        address = settings.origin or f"http://{settings.host}:{settings.port}"
        print(f"Now sign in at {address}/sign-in as {email}.")
    return 0


def list_users(asked: argparse.Namespace) -> int:
    """Print the people of an account with their roles."""
    account = AccountId(asked.account)

    def look(reading: Reading) -> tuple[Sequence[Person], Mapping[PersonId, frozenset[Role]]]:
        people = reading.people(account, "", _MOST_LISTED)
        return people, reading.roles(account, [person.id for person in people])

    async def work() -> tuple[Sequence[Person], Mapping[PersonId, frozenset[Role]]]:
        async with looked_at() as store:
            return await store.read(look)

    people, roles = asyncio.run(work())
    for person in people:
        words = [words for role, words in _ROLES.items() if role in roles.get(person.id, ())]
        state = ", disabled" if person.is_disabled else ""
        print(
            f"{person.name}, {person.email or 'no e-mail'}: {', '.join(words) or 'no role'}{state}"
        )
    if not people:
        print(f"Account {account} has nobody yet.")
    return 0


def _zone_of_work(asked: argparse.Namespace, clinics: Sequence[Clinic]) -> str:
    """Return the zone of the first clinic that somebody belongs to; UTC for nobody's."""
    for clinic in clinics:
        is_theirs = (
            clinic.id in asked.schedules
            or clinic.host_group.id in asked.hosts
            or clinic.patient_group.id in asked.asks
        )
        if is_theirs:
            return clinic.zone
    return "UTC"


def _password(asked: argparse.Namespace, email: str) -> str:
    piped = asked.password_stdin
    password = sys.stdin.readline().rstrip("\r\n") if piped else _typed_twice(email)
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidError(f"Choose a password of {SHORTEST} to {LONGEST} characters.")
    return password


def _typed_twice(email: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would show the password
            password = getpass.getpass(f"Password for {email}: ")
            again = getpass.getpass("The same again: ")
    except (EOFError, getpass.GetPassWarning) as error:
        raise InvalidError(
            "There is no terminal to ask for a password on: pipe it in with --password-stdin."
        ) from error
    if again != password:
        raise InvalidError("The two passwords differ. Run the command again.")
    return password


def _check_places(command: CreatePerson, clinics: Sequence[Clinic], account: AccountId) -> None:
    for wanted, known, what in (
        (command.schedules, {clinic.id for clinic in clinics}, "clinic"),
        (command.hosts_in, {clinic.host_group.id for clinic in clinics}, "host group"),
        (command.asks_in, {clinic.patient_group.id for clinic in clinics}, "patient group"),
    ):
        for missing in sorted(set(wanted) - set(known)):
            raise InvalidError(
                f"Account {account} has no {what} {missing}. "
                f"See {PROGRAM} clinic list --account {account}"
            )
