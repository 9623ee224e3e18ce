"""The link of an invitation is in one person's hands; one that leads nowhere does not say why."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dispatch.people import system_actor
from dispatch.usecases.logins import SetDisabled, set_disabled
from dispatch.usecases.people import (
    ChoosePassword,
    InvitePerson,
    choose_password,
    invite_person,
)
from dispatch.vocabulary import PersonId
from dispatch.welcome import write_token
from server.web.password import Passwords
from tests.builders import hours, minutes
from tests.web.house import FROM_US, PASSWORD, House, words
from tests.web.office import ADMINISTRATOR, open_office

CHOSEN = "another horse and battery"
PAIR = {"password": CHOSEN, "again": CHOSEN}
_CLOCK = re.compile(r'data-now="\d+"')


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_office(tmp_path) as opened:
        for name in ("Nora New", "Otto Old"):
            opened.add_with_password(name, f"{name[:4].lower()}@example.org")
        opened.leave()
        yield opened


def key_of(house: House, name: str) -> PersonId:
    return house.desk.people[name].person_id


def link(house: House, name: str, *, of: str = "") -> str:
    """Return the path for one person, with the time at which another (or they) was invited."""
    invited = house.read(lambda reading: reading.invitee(key_of(house, of or name)))
    assert invited
    assert invited.invited_at
    secret = house.read(lambda reading: reading.link_secret())
    return f"/welcome/{write_token(key_of(house, name), invited.invited_at, secret)}"


def invite(house: House, name: str) -> str:
    command = InvitePerson(key_of(house, name))
    house.run(house.desk.does, ADMINISTRATOR, invite_person, command)
    return link(house, name)


def signs_in(house: House, password: str) -> bool:
    house.leave()
    reply = house.post("/sign-in", {"email": "nora@example.org", "password": password})
    house.leave()
    return bool(reply.status_code == 303)


def test_its_word_goes_to_no_other_site_and_stays_in_no_cache(house: House) -> None:
    # V9
    path = invite(house, "Nora New")
    from_mail = {"sec-fetch-site": "none"}
    dead = f"/welcome/{'A' * 40}"
    for answer in (
        house.get(path, **from_mail),
        house.get(dead, **from_mail),
        house.post(path, {"password": "short"}),
    ):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers
        asked = re.findall(r'\b(?:src|href|action|data-socket)="([^"]*)"', answer.text)
        assert asked
        assert [one for one in asked if not re.match(r"/(?!/)|#", one)] == []
    page = house.get(path, **from_mail).text
    token = path.rpartition("/")[2]
    assert page.count(token) == page.count(f'action="{path}"') == 1


def test_every_link_that_leads_nowhere_is_answered_alike(house: House) -> None:
    # V9: used, sent again, bent, of another person, too old, of somebody disabled, or none
    used = invite(house, "Otto Old")
    assert house.post(used, PAIR).status_code == 303
    house.leave()
    sent_again = invite(house, "Nora New")
    house.clock.advance(minutes(1))
    good = invite(house, "Nora New")
    last = "A" if good[-1] != "A" else "B"
    of_another = link(house, "Otto Old", of="Nora New")
    dead = [used, sent_again, good[:-1] + last, of_another, good[:-1], "/welcome/x"]
    assert house.get(good).status_code == 200
    answers = {answer for path in dead for answer in told(house, path)}
    assert len(answers) == 1
    assert house.get(good).status_code == 200
    house.clock.advance(hours(7 * 24))
    answers |= told(house, good)
    again = invite(house, "Nora New")
    command = SetDisabled(key_of(house, "Nora New"), is_disabled=True)
    house.run(house.desk.does, ADMINISTRATOR, set_disabled, command)
    answers |= told(house, again)
    assert len(answers) == 1
    assert "This link works no longer" in words(house.get(again))
    assert signs_in(house, PASSWORD) is False
    house.run(house.desk.does, ADMINISTRATOR, set_disabled, SetDisabled(command.person_id, False))
    assert house.get(again).status_code == 200, "enabled again, they may still choose"


def told(house: House, path: str) -> set[tuple[int, str, str]]:
    """Return what whoever tries the link is answered, however they try it."""
    replies: list[Any] = [
        house.get(path, **FROM_US),
        house.post(path, PAIR),
        house.post(path, {"password": "short", "again": "other"}),
    ]
    found = set()
    for reply in replies:
        headers = {name: value for name, value in reply.headers.items() if name != "date"}
        found.add((reply.status_code, str(sorted(headers.items())), _CLOCK.sub("", reply.text)))
        assert "set-cookie" not in reply.headers
    return found


def test_of_two_who_hold_a_link_the_later_one_is_told_what_anybody_is(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    # V9: also where both were shown the form, and one was first by a moment
    path, store = invite(house, "Nora New"), house.desk.store
    invited = house.read(lambda reading: reading.invitee(key_of(house, "Nora New")))
    assert invited
    assert invited.invited_at
    first = ChoosePassword(invited.id, invited.invited_at, "the hash of who was first")

    async def hash_late(_: Passwords, password: str) -> str:
        await store.perform(choose_password, first, system_actor(house.desk.account))
        return f"too late: {len(password)}"

    monkeypatch.setattr(Passwords, "hash", hash_late)
    late = house.post(path, PAIR)
    assert {(late.status_code, _CLOCK.sub("", late.text))} == {
        (status, text) for status, _, text in told(house, path)
    }
    assert late.status_code == 404
    assert "set-cookie" not in late.headers
    kept = house.read(lambda reading: reading.credentials("nora@example.org"))
    assert kept == (invited.id, first.password_hash)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"password": CHOSEN, "again": CHOSEN + "x"}, "again"),
        ({"password": CHOSEN, "again": ""}, "again"),
        ({"password": CHOSEN}, "again"),
        ({"password": f" {CHOSEN}", "again": CHOSEN}, "again"),
        ({"password": "short", "again": "short"}, "password"),
        ({}, "password"),
        ({"password": "x" * 1025, "again": "x" * 1025}, "password"),
    ],
)
def test_what_is_no_password_is_said_beside_its_field_and_changes_nothing(
    house: House, typed: dict[str, str], field: str
) -> None:
    # V9
    path = invite(house, "Nora New")
    file = house.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as database:
        before = database.execute("PRAGMA data_version").fetchone()
        reply = house.post(path, typed)
        assert database.execute("PRAGMA data_version").fetchone() == before
    assert reply.status_code == 422
    assert f'id="{field}-error"' in reply.text
    assert CHOSEN not in reply.text
    assert signs_in(house, PASSWORD)
    assert house.get(path).status_code == 200


def test_a_password_that_is_chosen_ends_every_link_before_it_and_every_sign_in(
    house: House,
) -> None:
    # V9
    first = invite(house, "Nora New")
    house.enter("Nora New")
    signed_in = dict(house.client.cookies)
    house.leave()
    house.clock.advance(minutes(1))
    second = invite(house, "Nora New")
    assert house.post(second, PAIR).status_code == 303
    house.leave()
    assert signs_in(house, CHOSEN)
    assert not signs_in(house, PASSWORD)
    house.client.cookies.update(signed_in)
    assert house.get("/me/settings").headers["location"].startswith("/sign-in")
    house.clock.advance(minutes(1))
    third = invite(house, "Nora New")
    assert [house.get(path).status_code for path in (first, second, third)] == [404, 404, 200]
