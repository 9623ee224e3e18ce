"""Signing in tells nobody who exists, lasts as long as it says, and ends when it is ended."""

from collections.abc import Iterator
from datetime import timedelta
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
from dispatch.usecases.tries import CountTry, count_try
from dispatch.vocabulary import AccountId
from server.peers.address import network_of
from server.web.password import Passwords
from server.web.sign_in import WRONG
from server.web.tries import OF_ACCOUNT
from tests.builders import minutes, seconds
from tests.web.house import PASSWORD, House, open_house

SAM = "sam@example.org"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        opened.add_with_password("Sam Porter", SAM)
        yield opened


def sign_in(house: House, email: str = SAM, password: str = PASSWORD, after: str = "/admin") -> Any:
    return house.post("/sign-in", {"email": email, "password": password, "next": after})


def test_the_right_password_opens_the_page_that_was_wanted(house: House) -> None:
    reply = sign_in(house, email=" SAM@example.org ", after="/scheduling/requests?clinic=3")
    assert (reply.status_code, reply.headers["location"]) == (303, "/scheduling/requests?clinic=3")
    cookie = reply.headers["set-cookie"]
    assert "dispatch_login=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert house.get("/").status_code == 200  # signed in, and belongs to no clinic yet
    assert "belong to no clinic yet" in house.get("/").text


def test_behind_https_the_cookie_is_secure_and_bound_to_the_host(tmp_path: Path) -> None:
    with open_house(tmp_path, secure_cookies=True) as house:
        house.add_with_password("Sam Porter", SAM)
        cookie = sign_in(house).headers["set-cookie"]
    assert cookie.startswith("__Host-dispatch_login=")
    assert "Secure" in cookie
    assert "Path=/;" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("email", "password"),
    [(SAM, "wrong"), ("nobody@example.org", PASSWORD), (SAM, ""), ("", ""), (SAM, PASSWORD + " ")],
)
def test_a_wrong_password_and_an_unknown_address_read_the_same(
    house: House, email: str, password: str
) -> None:
    reply = sign_in(house, email, password)
    assert reply.status_code == 422
    assert WRONG in reply.text
    assert "set-cookie" not in reply.headers


def test_a_disabled_person_reads_the_same_too(house: House) -> None:
    root = house.add_with_password("Ruth Gold", "ruth@example.org", is_administrator=True)
    sam = house.desk.people["Sam Porter"].person_id
    assert root != sam
    house.run(house.desk.does, "Ruth Gold", set_disabled, SetDisabled(sam, True))
    reply = sign_in(house)
    assert reply.status_code == 422
    assert WRONG in reply.text


def test_a_password_that_was_changed_while_it_was_looked_at_lets_nobody_in(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever has the old one may keep one guess waiting at all times, and would be let in after
    # everybody was signed out.
    matches, sam = Passwords.matches, house.desk.people["Sam Porter"].person_id
    system = system_actor(house.desk.account)

    async def slow(self: Passwords, password: str, password_hash: str | None) -> bool:
        found = await matches(self, password, password_hash)
        await house.desk.store.perform(invite_person, InvitePerson(sam), system)
        invited_at = house.clock.now().replace(microsecond=0)
        chosen = ChoosePassword(sam, invited_at, "another hash")
        await house.desk.store.perform(choose_password, chosen, system)
        return found

    monkeypatch.setattr(Passwords, "matches", slow)
    reply = sign_in(house)
    assert reply.status_code == 422
    assert WRONG in reply.text
    assert "set-cookie" not in reply.headers


def test_whoever_is_disabled_while_their_password_is_looked_at_reads_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches, sam = Passwords.matches, house.desk.people["Sam Porter"].person_id
    house.add_with_password("Ruth Gold", "ruth@example.org", is_administrator=True)
    root, disable = house.desk.people["Ruth Gold"], SetDisabled(sam, True)

    async def slow(self: Passwords, password: str, password_hash: str | None) -> bool:
        found = await matches(self, password, password_hash)
        await house.desk.store.perform(set_disabled, disable, root)
        return found

    monkeypatch.setattr(Passwords, "matches", slow)
    reply = sign_in(house)
    assert (reply.status_code, WRONG in reply.text) == (422, True)


def test_every_sign_in_has_a_token_of_its_own_and_ends_the_one_before(house: House) -> None:
    sign_in(house)
    planted = house.client.cookies["dispatch_login"]
    sign_in(house)
    assert house.client.cookies["dispatch_login"] != planted
    house.leave()
    house.client.cookies.set("dispatch_login", planted)
    assert house.get("/").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "evil", ""],
)
def test_next_never_leads_to_another_site(house: House, elsewhere: str) -> None:
    assert sign_in(house, after=elsewhere).headers["location"] == "/"


def test_who_is_signed_in_is_not_asked_again(house: House) -> None:
    sign_in(house)
    assert house.get("/sign-in?next=/admin").headers["location"] == "/admin"


def test_signing_out_ends_the_sign_in_itself_not_only_the_cookie(house: House) -> None:
    sign_in(house)
    token = house.client.cookies["dispatch_login"]
    assert house.post("/sign-out").headers["location"] == "/sign-in"
    house.client.cookies.set("dispatch_login", token)
    assert house.get("/admin").headers["location"] == "/sign-in?next=%2Fadmin"


def test_a_sign_in_lasts_twelve_hours(house: House) -> None:
    sign_in(house)
    house.clock.advance(timedelta(hours=12) - seconds(1))
    assert house.get("/").status_code == 200
    house.clock.advance(seconds(1))
    assert house.get("/").status_code == 303


def test_a_page_for_nobody_asks_to_sign_in_and_a_script_is_told(house: House) -> None:
    page = house.get("/scheduling/requests?clinic=3")
    assert page.status_code == 303
    assert page.headers["location"] == "/sign-in?next=%2Fscheduling%2Frequests%3Fclinic%3D3"
    told = house.get("/scheduling/requests", accept="application/json")
    assert told.status_code == 401
    assert told.json()["code"] == "signed_out"


def test_the_sixth_try_in_a_minute_waits_even_with_the_right_password(house: House) -> None:
    for _ in range(5):
        assert sign_in(house, password="wrong").status_code == 422
    refused = sign_in(house)
    assert refused.status_code == 429
    assert "Wait a minute" in refused.text
    assert 0 < int(refused.headers["retry-after"]) <= 60
    house.clock.advance(minutes(1))
    assert sign_in(house).status_code == 303


def test_signing_in_rightly_many_times_never_waits(house: House) -> None:
    assert [sign_in(house).status_code for _ in range(7)] == [303] * 7


def test_a_try_elsewhere_on_the_same_database_counts_here(house: House) -> None:
    limits = {"as sam@example.org": OF_ACCOUNT}
    for _ in range(5):
        house.run(house.desk.store.perform, count_try, CountTry(limits), system_actor(AccountId(0)))
    assert sign_in(house).status_code == 429


def test_one_ipv6_household_is_one_place() -> None:
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::1")
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")


def test_demo_doors_are_shown_in_the_demo_only(house: House, tmp_path: Path) -> None:
    assert "/demo/sign-in/" not in house.get("/sign-in").text
    (tmp_path / "demo").mkdir()
    with open_house(tmp_path / "demo", is_demo=True) as demo:
        text = demo.get("/sign-in").text
    for role in ("scheduler", "host", "requester", "administrator"):
        assert f'href="/demo/sign-in/{role}"' in text


@pytest.mark.parametrize(
    ("name", "start"),
    [  # S21, S29
        ("Lee Chen", "/dashboard"),
        ("Sam Ortiz", "/scheduling/requests"),
        ("Jordan Park", "/requests"),
    ],
)
def test_everybody_starts_where_they_work(house: House, name: str, start: str) -> None:
    house.enter(name)
    assert house.get("/").headers["location"] == start
