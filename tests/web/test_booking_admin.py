"""The administrator's page of public calendars: switches, addresses, and what each of them comes to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.people import system_actor
from dispatch.usecases.administration import CreatePerson, create_person
from tests.builders import a_person
from tests.web.house import House, title, words
from tests.web.office import open_office, seen_on
from tests.web.pages import Element, read

PATH = "/admin/booking"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_office(tmp_path) as opened:
        yield opened


def turn_on(house: House, *services: int) -> Any:
    named = [str(service) for service in services or (service_of(house),)]
    return house.post(PATH, {"is_on": "1", "services": named} | seen_on(house, PATH, PATH))


def service_of(house: House, clinic: str = "Eastside") -> int:
    return house.desk.clinics[clinic].services[0].id


def calendar(house: House, slug: str, host: str = "", clinic: str = "Eastside", **more: str) -> Any:
    fields = {"clinic": str(house.desk.clinics[clinic].id), "slug": slug, "is_on": "1"} | more
    if host:
        fields["host"] = str(house.desk.people[host].person_id)
    path, held = f"{PATH}/calendar", {"clinic": fields["clinic"], "host": fields.get("host", "")}
    return house.post(path, fields | seen_on(house, PATH, path, **held))


def card(house: House, clinic: str = "Eastside") -> Element:
    page = read(house.get(PATH).text)
    return page.one("section", id=f"clinic-{house.desk.clinics[clinic].id}")


def test_everything_is_off_at_first_and_only_administrators_come_here(house: House) -> None:
    # S14
    page = read(house.get(PATH).text)
    assert not [box for box in page.all("input", type="checkbox") if "checked" in box.attrs]
    assert page.one("main").words.count("Not shown") == 3
    for name in ("Tom Vale", "Eva Stone", "Jordan Park"):
        house.enter(name)
        assert house.get(PATH).status_code == 403
        for path in (PATH, f"{PATH}/calendar", f"{PATH}/providers"):
            fields = {
                "clinic": str(house.desk.clinics["Eastside"].id),
                "slug": "east",
                "is_on": "1",
            }
            assert house.post(path, fields).status_code == 403
    house.leave()
    assert house.get(PATH).status_code == 303


def test_three_switches_make_a_calendar_and_the_page_says_which_is_missing(house: House) -> None:
    # S13 S14
    assert calendar(house, "east").status_code == 303
    assert "public calendars are off in this account" in card(house).words
    assert house.get("/book/east").status_code == 200  # a preview, for administrators
    turn_on(house, service_of(house, "Northside"))
    assert "none of this clinic’s services can be booked" in card(house).words
    turn_on(house)
    assert "turn on at least one provider" in card(house).words
    assert calendar(house, "eva", host="Eva Stone").status_code == 303
    shown = card(house)
    assert "Shown" in shown.words
    assert "Providers: 1 of 1 on" in shown.words
    assert not shown.all(class_="notice--warn")
    house.leave()
    assert house.get("/book/eva").headers["location"].startswith("/sign-in")


def test_each_calendar_has_a_link_to_share_and_to_open(house: House) -> None:
    turn_on(house)
    calendar(house, "east")
    shown = card(house)
    assert shown.one("code").words == "http://testserver/book/east"
    assert shown.one("a", href="/book/east").words.startswith("Open")
    button = shown.all("button", type="button")[0]
    assert "Copy link" in button.words
    assert button.is_hidden()  # until a script can copy
    calendar(house, "east", is_on="")
    assert card(house).one("a", href="/book/east").words.startswith("Preview")


def test_an_address_that_is_taken_or_no_address_is_said_at_its_field(house: House) -> None:
    calendar(house, "east")
    for slug, sentence in (
        ("east", "That address is another calendar's. Choose another."),
        ("<b>", "small letters, digits and single hyphens"),
        ("a\r\nX-Evil: 1", "small letters"),
        ("", "small letters"),
    ):
        reply = calendar(house, slug, host="Eva Stone")
        assert reply.status_code == 422
        assert title(reply).startswith("Error:")
        page = read(reply.text)
        wrong = page.one("input", aria_invalid="true")
        assert wrong.attrs["id"].endswith(f"-{house.desk.people['Eva Stone'].person_id}")
        assert sentence in page.one(id=wrong.attrs["aria-describedby"]).words
        assert "x-evil" not in reply.headers
    assert (
        "open"
        in page.one("section", id=f"clinic-{house.desk.clinics['Eastside'].id}")
        .one("details")
        .attrs
    )


def test_on_without_a_service_is_refused_and_off_needs_none(house: House) -> None:
    reply = house.post(PATH, {"is_on": "1"})
    assert reply.status_code == 422
    assert "Choose at least one service that can be booked." in words(reply)
    assert house.post(PATH, {}).status_code == 303


def test_all_providers_of_a_clinic_are_turned_on_and_off_at_once(house: House) -> None:
    north = str(house.desk.clinics["Northside"].id)
    assert house.post(f"{PATH}/providers", {"clinic": north, "is_on": "1"}).status_code == 303
    assert "Providers: 3 of 3 on" in card(house, "Northside").words
    assert house.post(f"{PATH}/providers", {"clinic": north, "is_on": "0"}).status_code == 303
    assert "Providers: 0 of 3 on" in card(house, "Northside").words


def test_names_that_are_markup_stay_text(house: House) -> None:
    async def add() -> None:
        group = frozenset({house.desk.clinics["Eastside"].host_group.id})
        person = a_person("<i>Dr X</i>", account_id=house.desk.account)
        command = CreatePerson(person, hosts_in=group)
        await house.desk.store.perform(create_person, command, system_actor(house.desk.account))

    house.run(add)
    assert "&lt;i&gt;Dr X&lt;/i&gt;" in house.get(PATH).text


def test_another_accounts_clinic_is_not_there(house: House) -> None:
    for path in (f"{PATH}/calendar", f"{PATH}/providers"):
        reply = house.post(path, {"clinic": "999", "slug": "east", "is_on": "1"})
        assert reply.status_code == 404
