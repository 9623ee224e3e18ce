"""People on the command line: where no terminal asks for a password, and who is there."""

import asyncio
from contextlib import closing

import pytest

from dispatch.vocabulary import AccountId
from server.settings import Settings
from server.storage.sqlite_store import SqliteStore
from tests.builders import FrozenClock
from tests.server.shell import PASSWORD, USER, Shell


def test_without_a_terminal_a_password_is_piped_in(
    clinic: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", closed)
    assert "--password-stdin" in clinic.refused(*USER[:-1])


@pytest.mark.parametrize("email", ["ada@clinic", "ada@exam_ple.org", "ada"])
def test_what_is_no_address_adds_nobody(clinic: Shell, email: str) -> None:
    said = clinic.refused("user", "create", "--name", "Ada Fell", "--email", email)
    assert "Enter an e-mail address, like name@example.com." in said
    assert "has nobody yet" in clinic.run("user", "list")[1]


def test_people_are_listed_and_live_in_their_clinics_zone(clinic: Shell) -> None:
    assert "has nobody yet" in clinic.run("user", "list")[1]
    clinic.run(*USER, "--administrator", "--schedules", "1", typed=PASSWORD)
    clinic.run("user", "create", "--name", "Sam Osei", "--asks", "1")
    code, out, _ = clinic.run("user", "list", "--account", "1")
    assert (code, out.splitlines()) == (
        0,
        ["Ada Fell, ada@example.com: administrator, scheduler", "Sam Osei, no e-mail: patient"],
    )
    with closing(SqliteStore(Settings(), FrozenClock())) as store:
        everybody = asyncio.run(store.read(lambda reading: reading.people(AccountId(1), "", 10)))
    assert {person.zone for person in everybody} == {"America/New_York"}
