"""An account of thousands: everybody is found, no name is in an address, and a look is few queries."""

from collections.abc import Iterator
from typing import Any

import pytest

from dispatch.people import NewPerson, system_actor
from dispatch.usecases.administration import ImportPeople, import_people
from dispatch.usecases.logins import SetDisabled, set_disabled
from tests.statements import counted
from tests.web.house import House, open_house, words
from tests.web.pages import read

CROWD = 2001


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("many")) as opened:
        opened.add_with_password("Ruth Gold", "ruth@example.org", is_administrator=True)
        crowd = [NewPerson(f"Crowd {n:04}", f"c{n}") for n in range(1, CROWD + 1)]
        everybody = ImportPeople((*crowd, NewPerson("Zoë Özil", "last")), "UTC")
        system = system_actor(opened.desk.account)
        opened.run(opened.desk.store.perform, import_people, everybody, system)
        opened.enter("Ruth Gold")
        yield opened


def shown(reply: Any) -> list[str]:
    """Return the names in the table of people."""
    return [row.one("th").words for row in read(reply.text).one("tbody").all("tr")]


def test_a_name_is_posted_so_that_no_address_and_no_log_holds_it(house: House) -> None:
    form = read(house.get("/admin/people").text).one("form", role="search")
    assert form.attrs["method"] == "post"
    assert "?" not in form.attrs["action"]
    found = house.post(form.attrs["action"], {"name": "crowd 2001"})
    assert found.status_code == 200
    assert shown(found) == ["Crowd 2001"]


def test_a_name_in_an_address_is_not_looked_for(house: House) -> None:
    page = house.get("/admin/people?name=crowd+2001")
    assert len(shown(page)) == 100
    assert "crowd 2001" not in page.text


@pytest.mark.parametrize("wanted", ["CROWD 2001", "özil", "ÖZIL", "zoË"])
def test_whoever_comes_last_is_found(house: House, wanted: str) -> None:
    assert len(shown(house.post("/admin/people", {"name": wanted}))) == 1


def test_what_is_not_shown_is_counted(house: House) -> None:
    assert "The first 100 of 2001 people" in words(house.post("/admin/people", {"name": "crowd"}))
    everybody = words(house.get("/admin/people"))
    total = CROWD + 1 + len(house.desk.people)
    assert f"The first 100 of {total} people" in everybody
    few = words(house.post("/admin/people", {"name": "crowd 000"}))
    assert f"9 of {total} people" in few


def test_signs_of_a_pattern_are_letters(house: House) -> None:
    assert "Nobody's name holds “%”" in words(house.post("/admin/people", {"name": "%"}))
    assert "Nobody's name holds “_”" in words(house.post("/admin/people", {"name": "_"}))


def test_a_look_is_a_few_queries(house: House) -> None:
    with counted() as statements:
        assert house.get("/admin/people").status_code == 200
    assert 0 < len(statements) < 30


def test_an_endless_name_is_cut_and_not_an_error(house: House) -> None:
    assert house.post("/admin/people", {"name": "a" * 5000}).status_code == 200


def test_somebody_disabled_keeps_the_roles_they_had(house: House) -> None:
    kim = house.desk.people["Kim Sand"].person_id
    before = words(house.post("/admin/people", {"name": "Kim Sand"}))
    house.run(house.desk.does, "Ruth Gold", set_disabled, SetDisabled(kim, True))
    after = words(house.post("/admin/people", {"name": "Kim Sand"}))
    house.run(house.desk.does, "Ruth Gold", set_disabled, SetDisabled(kim, False))
    assert "Kim Sand None Provider · Slots of Kim Sand No sign-in name" in before
    assert "Provider Disabled" in after
