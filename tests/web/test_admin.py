"""An administrator sees the account at a glance and decides who may sign in; nobody else does."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.web.house import PASSWORD, House, words
from tests.web.office import open_office


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_office(tmp_path) as opened:
        yield opened


def row_of(reply: Any, name: str) -> str:
    rows = [row for row in reply.text.split("<tr") if f">{name}</a></th>" in row]
    assert len(rows) == 1
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", rows[0].partition("</tr>")[0])).split())


def test_each_clinic_shows_its_groups_and_its_people(house: House) -> None:  # S1
    cards = house.get("/admin/clinics").text.split('<li class="card">')[1:]
    assert len(cards) == 3
    north = next(card for card in cards if ">Northside<" in card)
    for expected in (
        "Northside patients",
        "Northside nurses",
        "Lee Chen",
        "Sam Ortiz",
        "Urgent care visit",
        "5:00 minutes",
        "On demand",
    ):
        assert expected in north
    assert "Kim Sand" not in north
    assert any("Calendar" in card for card in cards)


def test_each_person_shows_their_roles(house: House) -> None:
    page = house.get("/admin/people")
    assert "Scheduler" in row_of(page, "Sam Ortiz")
    assert "Provider" in row_of(page, "Lee Chen")
    assert "Patient" in row_of(page, "Jordan Park")
    assert "Administrator" in row_of(page, "Ruth Gold")
    assert "ruth@example.org" in row_of(page, "Ruth Gold")
    assert row_of(page, "Ruth Gold").endswith("You")


def test_a_search_finds_names_and_says_when_there_is_none(house: House) -> None:
    found = house.post("/admin/people", {"name": "ORTI"})
    assert "Sam Ortiz" in row_of(found, "Sam Ortiz")
    assert "Lee Chen</a></th>" not in found.text
    none = house.post("/admin/people", {"name": "<b>"})
    assert "Nobody's name holds “<b>”" in words(none)
    assert "<b>" not in none.text


def test_disabling_ends_sign_ins_at_once_and_enabling_gives_them_back(house: House) -> None:
    sam = house.add_with_password("Sally Hill", "sally@example.org")
    token = house.run(house.desk.sign_in, "Sally Hill")
    reply = house.post(f"/admin/people/{sam}/disabled", {"disabled": "1"})
    assert (reply.status_code, reply.headers["location"]) == (303, "/admin/people")
    assert "Disabled" in row_of(house.get("/admin/people"), "Sally Hill")
    house.leave()
    house.client.cookies.set("dispatch_login", token)
    assert house.get("/").headers["location"].startswith("/sign-in")
    house.enter("Ruth Gold")
    house.post(f"/admin/people/{sam}/disabled", {"disabled": "0"})
    house.leave()
    again = {"email": "sally@example.org", "password": PASSWORD, "next": "/"}
    assert house.post("/sign-in", again).status_code == 303


def test_nobody_locks_themself_out(house: House) -> None:
    me = house.desk.people["Ruth Gold"].person_id
    assert f"/admin/people/{me}/disabled" not in house.get("/admin/people").text
    reply = house.post(f"/admin/people/{me}/disabled", {"disabled": "1"})
    assert reply.status_code == 422
    assert "You can't disable yourself" in words(reply)


@pytest.mark.parametrize("name", ["Sam Ortiz", "Lee Chen", "Jordan Park"])
def test_others_may_neither_look_nor_change(house: House, name: str) -> None:
    house.enter(name)
    refused = house.get("/admin")
    assert refused.status_code == 403
    assert "Try again" not in words(refused)  # it would be refused again
    ruth = house.desk.people["Ruth Gold"].person_id
    assert house.post(f"/admin/people/{ruth}/disabled", {"disabled": "1"}).status_code == 403
    house.enter("Ruth Gold")
    assert house.get("/admin").status_code == 200


@pytest.mark.parametrize("person", [999_999, 10**30])
def test_somebody_unknown_is_not_found(house: House, person: int) -> None:
    assert house.post(f"/admin/people/{person}/disabled", {"disabled": "1"}).status_code == 404
