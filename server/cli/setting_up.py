"""Setting an empty console up: accounts and clinics, while no server holds the file."""

import argparse
import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TypeVar

from dispatch.clinic import Clinic, Group, Service
from dispatch.errors import InvalidError
from dispatch.local_time import zone_named
from dispatch.people import Actor, system_actor
from dispatch.ports import Store, UseCase
from dispatch.usecases.administration import CreateClinic, create_clinic
from dispatch.vocabulary import AccountId, ClinicId, ClinicMode, GroupId, PersonId, ServiceId
from server.clock import SystemClock
from server.settings import SettingError, from_environment
from server.wiring import OpenStore, opened

C = TypeVar("C")

_LONGEST_SESSION = 8 * 60  # minutes


def _python() -> str:
    """Return what starts this Python again: by its name alone only where that finds it."""
    here, running = Path.cwd(), Path(sys.executable)
    if shutil.which("python") == str(running):
        return "python"
    return str(running.relative_to(here) if running.is_relative_to(here) else running)


PROGRAM = f"{_python()} -m server"


def create_account(asked: argparse.Namespace) -> int:
    """Open an account: what every clinic and person belongs to."""
    name = named(asked.name)

    async def work() -> AccountId:
        async with held() as store:
            return await store.create_account(name)

    account = asyncio.run(work())
    print(f"Account {account}, {name}, is open.")
    print(
        "Next, somebody who does the rest in the browser: "
        f'{PROGRAM} user create --account {account} --name "..." --email ... --administrator'
    )
    print(f"Clinics can be made here too: {PROGRAM} clinic create --account {account} --help")
    return 0


def create_a_clinic(asked: argparse.Namespace) -> int:
    """Make a virtual clinic with its two groups and its services."""
    account = AccountId(asked.account)
    check_zone(asked.zone)
    name = named(asked.name)
    services = tuple(_service(account, spoken) for spoken in asked.service)

    async def work() -> Clinic:
        async with held() as store:
            there = await clinics_in(store, account)
            for clinic in there:
                if clinic.name.casefold() == name.casefold():
                    raise InvalidError(
                        f"Clinic {clinic.id} is called {clinic.name} already: give another --name."
                    )
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
            await perform(store, create_clinic, CreateClinic(draft), account)
            known = {clinic.id for clinic in there}
            return next(one for one in await clinics_in(store, account) if one.id not in known)

    clinic = asyncio.run(work())
    print(_spoken(clinic))
    print(
        f"Next, add who works there: {PROGRAM} user create --account {account} "
        f'--name "..." --email ... --administrator --schedules {clinic.id}'
    )
    return 0


def list_clinics(asked: argparse.Namespace) -> int:
    """Print the clinics of an account, with the numbers that other commands want."""

    async def work() -> Sequence[Clinic]:
        async with looked_at() as store:
            return await clinics_in(store, AccountId(asked.account))

    clinics = asyncio.run(work())
    for clinic in clinics:
        print(_spoken(clinic))
    if not clinics:
        print(f"Account {asked.account} has no clinic yet.")
    return 0


@asynccontextmanager
async def held() -> AsyncIterator[OpenStore]:
    """Hold the database of the settings, to add to it.

    Raises:
        SettingError: a server holds it, or it cannot be used.
    """
    async with AsyncExitStack() as stack:
        try:
            store = await stack.enter_async_context(looked_at())
        except SettingError as error:
            if isinstance(error.__cause__, BlockingIOError):
                raise SettingError(
                    "Stop the console first: people and clinics are added while it is stopped."
                ) from error
            raise
        yield store


def looked_at() -> AbstractAsyncContextManager[OpenStore]:
    """Open the database of the settings."""
    return opened(from_environment(), SystemClock())


def check_zone(name: str) -> None:
    """Refuse a time zone that there is not.

    Raises:
        InvalidError: there is none of that name.
    """
    try:
        zone_named(name)
    except InvalidError as error:
        raise InvalidError(
            f'There is no time zone "{name}". Give one such as America/New_York.'
        ) from error


def named(name: str) -> str:
    """Return the trimmed name; there must be one."""
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
        return Group(GroupId(0), account, named(spoken))
    group = known.get(GroupId(int(spoken)))
    if group is None:
        raise InvalidError(f"Account {account} has no such group: {spoken}.")
    return group


async def perform(store: OpenStore, usecase: UseCase[C], command: C, account: AccountId) -> None:
    """Do it as the system, in an account that there is."""
    if account not in await store.accounts():
        raise InvalidError(
            f'There is no account {account}. Open one: {PROGRAM} account create --name "..."'
        )
    await store.perform(usecase, command, system_actor(account))


async def clinics_in(store: Store, account: AccountId) -> Sequence[Clinic]:
    """Return all clinics of an account."""
    everything = Actor(PersonId(0), account, "", is_administrator=True)
    return await store.read(lambda reading: reading.clinics_of(everything))


def _spoken(clinic: Clinic) -> str:
    services = ", ".join(f"{one.name} ({one.duration_minutes} min)" for one in clinic.services)
    return (
        f"Clinic {clinic.id}: {clinic.name}, {clinic.mode.replace('_', '-')}, {clinic.zone}\n"
        f"  host group {clinic.host_group.id}: {clinic.host_group.name}\n"
        f"  patient group {clinic.patient_group.id}: {clinic.patient_group.name}\n"
        f"  services: {services}"
    )
