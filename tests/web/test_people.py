"""Somebody is added in the browser, invited, chooses a password, and is in; V9."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import minutes
from tests.web.house import PASSWORD, House, title, words
from tests.web.office import form_of, open_office

NEW = "/admin/people/new"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_office(tmp_path) as opened:
        yield opened


def add(house: House, **fields: str) -> str:
    """Add somebody; return the path of their page."""
    sent = form_of(house, NEW, NEW) | {"name": "Nora New", "email": "nora@example.org"} | fields
    reply = house.post(NEW, sent)
    assert reply.status_code == 303, words(reply)
    return str(reply.headers["location"]).partition("?")[0]


def link_on(house: House, path: str) -> str:
    found = re.search(r'value="http[^"]*(/welcome/[^"]+)"', house.get(path).text)
    assert found
    return found[1]


def test_who_is_added_chooses_a_password_and_is_in(house: House) -> None:
    clinic = house.desk.clinics["Northside"]
    path = add(house, schedules=str(clinic.id), asks_in=str(clinic.patient_group.id))
    page = words(house.get(path))
    assert "Patient of Northside patients" in page
    assert "Scheduler of Northside" in page
    assert "no password chosen yet" in page
    link = link_on(house, path)
    house.leave()
    opened = house.get(link)
    assert "Welcome, Nora New" in words(opened)
    assert "nora" not in title(opened).lower()
    assert house.get(link).status_code == 200, "opening it does nothing"
    reply = house.post(link, {"password": PASSWORD, "again": PASSWORD})
    assert reply.status_code == 303
    assert "Requests" in title(house.client.get("/"))
    house.leave()
    assert house.get(link).status_code == 404
    assert house.post(link, {"password": PASSWORD, "again": PASSWORD}).status_code == 404
    signed = house.post("/sign-in", {"email": "nora@example.org", "password": PASSWORD})
    assert signed.status_code == 303


def test_a_password_is_long_and_typed_twice(house: House) -> None:
    link = link_on(house, add(house))
    house.leave()
    short = house.post(link, {"password": "short", "again": "short"})
    assert short.status_code == 422
    assert "at least 12" in words(short)
    assert "short" not in words(short).replace("Choose at least", "")
    other = house.post(link, {"password": PASSWORD, "again": PASSWORD + "x"})
    assert other.status_code == 422
    assert "not the same" in words(other)
    assert house.post(link, {"password": PASSWORD, "again": PASSWORD}).status_code == 303


def test_another_link_is_sent_and_the_first_works_no_longer(house: House) -> None:
    path = add(house)
    first = link_on(house, path)
    house.clock.advance(minutes(1))
    house.post(f"{path}/invitation")
    house.leave()
    for dead in (first, "/welcome/x", f"/welcome/{'A' * 40}"):
        assert house.get(dead).status_code == 404
    house.enter("Ruth Gold")
    second = link_on(house, path)
    assert second != first
    assert house.get(second).status_code == 200


def test_what_is_wrong_is_said_beside_what_was_typed(house: House) -> None:
    sent = form_of(house, NEW, NEW)
    clinic = house.desk.clinics["Northside"]
    wrong = house.post(
        NEW,
        sent | {"name": "", "email": "no address", "zone": "x", "schedules": str(clinic.id)},
    )
    assert wrong.status_code == 422
    assert 'value="no address"' in wrong.text
    assert f'name="schedules" value="{clinic.id}" checked' in wrong.text
    taken = house.post(NEW, sent | {"name": "Twin", "email": "RUTH@example.org"})
    assert taken.status_code == 422
    assert "already signs somebody in" in words(taken)
    none = house.post(NEW, sent | {"name": "Boss", "is_administrator": "1"})
    assert none.status_code == 422
    assert "administrator needs an e-mail" in words(none)


def test_details_are_corrected_and_boards_show_the_new_name(house: House) -> None:
    number = house.ask("Jordan Park")
    jordan = house.desk.people["Jordan Park"].person_id
    path = f"/admin/people/{jordan}"
    changed = form_of(house, path, path) | {"name": "Jordan Oak", "zone": "Europe/Berlin"}
    assert house.post(path, changed).headers["location"] == f"{path}?saved"
    assert "Jordan Oak" in words(house.get(path))
    assert house.post(path, changed | {"zone": "Mars"}).status_code == 422
    house.enter("Rosa Lind")
    board = house.get("/scheduling/requests")
    assert str(number) in board.text
    assert "Jordan Oak" in board.text


def test_somebody_is_signed_out_everywhere(house: House) -> None:
    house.enter("Rosa Lind")
    token = dict(house.client.cookies)
    house.enter("Ruth Gold")
    rosa = house.desk.people["Rosa Lind"].person_id
    house.post(f"/admin/people/{rosa}/sign-out")
    house.leave()
    house.client.cookies.update(token)
    assert house.get("/scheduling/requests").headers["location"].startswith("/sign-in")


def test_other_accounts_people_are_not_there(house: House) -> None:
    for path in ("/admin/people/999999", "/admin/people/999999/invitation"):
        reply = house.get(path) if path[-1] == "9" else house.post(path)
        assert reply.status_code == 404
    house.enter("Rosa Lind")
    for path in (NEW, "/admin/people/1"):
        assert house.get(path).status_code == 403
        assert house.post(path, {"name": "x"}).status_code == 403
