"""Whichever form an e-mail address is typed into, the same ones are refused, and nothing is kept."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dispatch.people import Person
from tests.web.house import House, words
from tests.web.office import form_of, open_office

NEW = "/admin/people/new"
SENTENCE = "Enter an e-mail address, like name@example.com."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_office(tmp_path) as opened:
        yield opened


def door(house: House, name: str) -> str:
    match name:
        case "somebody new":
            return NEW
        case "who they are":
            return f"/admin/people/{house.desk.people['Jordan Park'].person_id}"
        case "whom to alert":
            return f"/admin/clinics/{house.desk.clinics['Northside'].id}/alerts"
        case _:
            return "/r"


def person(house: House, name: str) -> Person:
    account, key = house.desk.account, house.desk.people[name].person_id
    found = house.read(lambda reading: reading.person(account, key))
    assert found
    return found


@pytest.mark.parametrize("name", ["somebody new", "who they are", "whom to alert", "a new link"])
@pytest.mark.parametrize(
    "email", ["nora@clinic", "nora@exam_ple.org", "no..ra@example.org", "<nora@example.org>"]
)
def test_every_form_refuses_what_is_no_address_in_the_same_words(
    house: House, name: str, email: str
) -> None:
    path = door(house, name)
    sent = form_of(house, path, path) | {"email": email}
    if name == "somebody new":
        sent |= {"name": "Nora New"}
    before = list(house.read(lambda reading: reading.people(house.desk.account, "", 100)))
    clinic = house.desk.clinics["Northside"]
    reply = house.post(path, sent)
    assert reply.status_code == 422
    assert SENTENCE in words(reply)
    assert house.read(lambda reading: reading.people(house.desk.account, "", 100)) == before
    assert house.read(lambda reading: reading.clinic(house.desk.account, clinic.id)) == clinic


def test_all_that_is_wrong_with_somebody_new_is_said_at_once(house: House) -> None:
    sent = form_of(house, NEW, NEW) | {"name": "n" * 201, "email": "nora@clinic"}
    said = words(house.post(NEW, sent))
    assert SENTENCE in said
    assert "Keep this under 200 characters." in said


def test_who_has_an_address_from_before_can_still_be_corrected(house: House) -> None:
    jordan = house.desk.people["Jordan Park"].person_id
    with closing(sqlite3.connect(house.settings.database_url.removeprefix("sqlite:///"))) as file:
        file.execute("UPDATE person SET email = 'jordan@clinic' WHERE id = ?", [jordan])
        file.commit()
    path = door(house, "who they are")
    assert house.post(path, form_of(house, path, path) | {"name": "Jordan Oak"}).status_code == 303
    assert (person(house, "Jordan Park").name, person(house, "Jordan Park").email) == (
        "Jordan Oak",
        "jordan@clinic",
    )
