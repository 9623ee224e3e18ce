"""Setting an empty console up: accounts, clinics, and the people who work in them."""

import argparse
import asyncio
import getpass
import re
import sys
from collections.abc import Sequence
from typing import TypeVar

from argon2 import PasswordHasher

from dispatch.clinic import Clinic, Group, Service
from dispatch.errors import InvalidError
from dispatch.local_time import zone_named
from dispatch.people import Actor, Person, system_actor
from dispatch.ports import Store, UseCase
from dispatch.usecases.administration import (
    CreateClinic,
    CreatePerson,
    create_clinic,
    create_person,
)
from dispatch.vocabulary import AccountId, ClinicId, ClinicMode, GroupId, PersonId, ServiceId
from server.clock import SystemClock
from server.settings import from_environment
from server.web.password import LONGEST
from server.wiring import OpenStore, opened

C = TypeVar("C")

SHORTEST = 12  # characters of a password
_LONGEST_EMAIL = 254
_LONGEST_SESSION = 8 * 60  # minutes
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_PROGRAM = "python -m server"


def create_account(asked: argparse.Namespace) -> int:
    """Open an account: what every clinic and person belongs to."""
    name = _named(asked.name)

    async def work() -> AccountId:
        async with opened(from_environment(), SystemClock()) as store:
            return await store.create_account(name)

    account = asyncio.run(work())
    print(f"Account {account}, {name}, is open.")
    print(f'Next, make a clinic: {_PROGRAM} clinic create --account {account} --name "..." ...')
    return 0


def create_a_clinic(asked: argparse.Namespace) -> int:
    """Make a virtual clinic with its two groups and its services."""
    account = AccountId(asked.account)
    zone_named(asked.zone)
    name = _named(asked.name)
    services = tuple(_service(account, spoken) for spoken in asked.service)

    async def work() -> Clinic:
        async with opened(from_environment(), SystemClock()) as store:
            there = await _clinics(store, account)
            patients = {clinic.patient_group.id: clinic.patient_group for clinic in there}
            hosts = {clinic.host_group.id: clinic.host_group for clinic in there}
            draft = Clinic(
                id=ClinicId(0),
                account_id=account,
                name=name,
                patient_group=_group(account, asked.patient_group or f"{name} patients", patients),
                host_group=_group(account, asked.host_group or f"{name} providers", hosts),
                mode=ClinicMode(asked.mode.replace("-", "_")),
                zone=asked.zone,
                services=services,
                phone=asked.phone,
                video_url=asked.video_url,
            )
            await _perform(store, create_clinic, CreateClinic(draft), account)
            known = {clinic.id for clinic in there}
            return next(one for one in await _clinics(store, account) if one.id not in known)

    clinic = asyncio.run(work())
    print(_spoken(clinic))
    print(
        f"Next, add who works there: {_PROGRAM} user create --account {account} "
        f'--name "..." --email ... --administrator --schedules {clinic.id}'
    )
    return 0


def list_clinics(asked: argparse.Namespace) -> int:
    """Print the clinics of an account, with the numbers that other commands want."""

    async def work() -> Sequence[Clinic]:
        async with opened(from_environment(), SystemClock()) as store:
            return await _clinics(store, AccountId(asked.account))

    clinics = asyncio.run(work())
    for clinic in clinics:
        print(_spoken(clinic))
    if not clinics:
        print(f"Account {asked.account} has no clinic yet.")
    return 0


def create_user(asked: argparse.Namespace) -> int:
    """Add somebody with their roles; with an e-mail address and a password they can sign in."""
    account = AccountId(asked.account)
    zone_named(asked.zone)
    name, email = _named(asked.name), asked.email.strip()
    if email and (not _EMAIL.fullmatch(email) or len(email) > _LONGEST_EMAIL):
        raise InvalidError("Give an e-mail address such as name@example.org.", field="email")
    if asked.administrator and not email:
        raise InvalidError("An administrator needs an e-mail address to sign in with: --email.")
    password_hash = PasswordHasher().hash(_password(asked, email)) if email else ""
    person = Person(
        PersonId(0), account, name, asked.zone, email or None, is_administrator=asked.administrator
    )
    command = CreatePerson(
        person,
        password_hash,
        schedules=frozenset(map(ClinicId, asked.schedules)),
        hosts_in=frozenset(map(GroupId, asked.hosts)),
        asks_in=frozenset(map(GroupId, asked.asks)),
    )

    async def work() -> None:
        async with opened(from_environment(), SystemClock()) as store:
            _check_places(command, await _clinics(store, account), account)
            await _perform(store, create_person, command, account)

    asyncio.run(work())
    print(f"{name} is in.")
    settings = from_environment()
    if email:
        print(f"Start the console if it is not running: {_PROGRAM} serve")
        address = settings.origin or f"http://{settings.host}:{settings.port}"
        print(f"Now sign in at {address}/sign-in as {email}.")
    return 0


def _named(name: str) -> str:
    if not name.strip():
        raise InvalidError("Give a name: --name.", field="name")
    return name.strip()


def _service(account: AccountId, spoken: str) -> Service:
    """Return the service of ``Name:20`` or ``Name:20:payment in words``."""
    name, _, rest = spoken.partition(":")
    minutes, _, payment = rest.partition(":")
    if not name.strip() or not minutes.strip().isdecimal():
        raise InvalidError(f'Write a service as "Name:20", with its minutes, not "{spoken}".')
    duration = int(minutes)
    if not 1 <= duration <= _LONGEST_SESSION:
        raise InvalidError(f"A service lasts 1 to {_LONGEST_SESSION} minutes, not {duration}.")
    return Service(ServiceId(0), account, name.strip(), "", duration, payment.strip())


def _group(account: AccountId, spoken: str, known: dict[GroupId, Group]) -> Group:
    """Return the group of a number that is known, or a new one of that name."""
    if not spoken.strip().isdecimal():
        return Group(GroupId(0), account, _named(spoken))
    group = known.get(GroupId(int(spoken)))
    if group is None:
        raise InvalidError(f"Account {account} has no such group: {spoken}.")
    return group


def _password(asked: argparse.Namespace, email: str) -> str:
    if asked.password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass.getpass(f"Password for {email}: ")
        if getpass.getpass("The same again: ") != password:
            raise InvalidError("The two passwords differ. Run the command again.")
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidError(f"Choose a password of {SHORTEST} to {LONGEST} characters.")
    return password


async def _perform(store: OpenStore, usecase: UseCase[C], command: C, account: AccountId) -> None:
    if account not in await store.accounts():
        raise InvalidError(
            f'There is no account {account}. Open one: {_PROGRAM} account create --name "..."'
        )
    await store.perform(usecase, command, system_actor(account))


async def _clinics(store: Store, account: AccountId) -> Sequence[Clinic]:
    everything = Actor(PersonId(0), account, "", is_administrator=True)
    return await store.read(lambda reading: reading.clinics_of(everything))


def _check_places(command: CreatePerson, clinics: Sequence[Clinic], account: AccountId) -> None:
    for wanted, known, what in (
        (command.schedules, {clinic.id for clinic in clinics}, "clinic"),
        (command.hosts_in, {clinic.host_group.id for clinic in clinics}, "host group"),
        (command.asks_in, {clinic.patient_group.id for clinic in clinics}, "patient group"),
    ):
        for missing in sorted(set(wanted) - set(known)):
            raise InvalidError(
                f"Account {account} has no {what} {missing}. "
                f"See {_PROGRAM} clinic list --account {account}"
            )


def _spoken(clinic: Clinic) -> str:
    services = ", ".join(f"{one.name} ({one.duration_minutes} min)" for one in clinic.services)
    return (
        f"Clinic {clinic.id}: {clinic.name}, {clinic.mode.replace('_', '-')}, {clinic.zone}\n"
        f"  host group {clinic.host_group.id}: {clinic.host_group.name}\n"
        f"  patient group {clinic.patient_group.id}: {clinic.patient_group.name}\n"
        f"  services: {services}"
    )
