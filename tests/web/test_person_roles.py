"""What somebody does is given and taken on their own page, under the rules of groups and clinics."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.people import Actor
from tests.web.house import House, words
from tests.web.office import open_office
from tests.web.pages import read


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_office(tmp_path) as opened:
        yield opened


def page_of(house: House, name: str) -> str:
    return f"/admin/people/{house.desk.people[name].person_id}"


def actor(house: House, name: str) -> Actor:
    found = house.read(lambda reading: reading.actor(house.desk.people[name].person_id))
    assert found
    return found


def test_every_role_is_given_and_taken_on_the_persons_page(house: House) -> None:  # V9
    path = page_of(house, "Ruth Gold")
    north = house.desk.clinics["Northside"]
    assert "Ruth Gold has no role yet beside administrator." in words(house.get(path))
    roles = {
        f"patients:{north.patient_group.id}": "Patient of Northside patients Remove",
        f"hosts:{north.host_group.id}": "Provider in Northside nurses Remove",
        f"schedulers:{north.id}": "Scheduler of Northside Remove",
    }
    for role, said in roles.items():
        given = house.post(f"{path}/roles", {"do": "add", "role": role})
        assert given.headers["location"] == f"{path}#roles"
        assert said in words(house.get(path))
    held = actor(house, "Ruth Gold")
    assert held.schedules == {north.id}
    assert held.hosts_in == {north.host_group.id}
    assert held.asks_in == {north.patient_group.id}
    offered = read(house.get(path).text).one("select", id="role")
    assert not set(roles) & {option.attrs["value"] for option in offered.all("option")}
    for role in roles:
        assert house.post(f"{path}/roles", {"do": "remove", "role": role}).status_code == 303
    held = actor(house, "Ruth Gold")
    assert not held.schedules | held.hosts_in | held.asks_in


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"do": "add"}, "Choose what they do."),
        ({"do": "add", "role": "hosts:x"}, "Choose what they do."),
        ({"do": "add", "role": "kings:1"}, "Choose what they do."),
        ({"do": "give", "role": "hosts:1"}, "Choose whether to give this role or to take it."),
    ],
)
def test_what_is_no_role_is_said_beside_the_field_and_changes_nothing(
    house: House, fields: dict[str, str], sentence: str
) -> None:
    path = page_of(house, "Lee Chen")
    before = actor(house, "Lee Chen")
    refused = house.post(f"{path}/roles", fields)
    assert refused.status_code == 422
    assert sentence in read(refused.text).one("p", id="role-error").words
    assert "Lee Chen" in words(refused), "with who they are, as it was"
    script = house.post(f"{path}/roles", fields, accept="application/json")
    assert (script.status_code, script.json()["sentence"]) == (422, sentence)
    assert actor(house, "Lee Chen") == before


def test_roles_are_those_of_the_account_and_an_administrators_to_give(house: House) -> None:
    # S55
    path = page_of(house, "Lee Chen")
    for role in ("hosts:999999", "schedulers:999999", "patients:999999999999999"):
        assert house.post(f"{path}/roles", {"do": "add", "role": role}).status_code == 404
    before = actor(house, "Lee Chen")
    sent = {"do": "add", "role": f"schedulers:{house.desk.clinics['Northside'].id}"}
    for name in ("Lee Chen", "Rosa Lind", "Jordan Park"):
        house.enter(name)
        assert house.post(f"{path}/roles", sent).status_code == 403
    assert actor(house, "Lee Chen") == before


def test_who_is_disabled_still_shows_where_they_were_scheduler(house: House) -> None:
    path = page_of(house, "Rosa Lind")
    held = "Scheduler of Northside"
    assert held in words(house.get(path))
    assert house.post(f"{path}/disabled", {"disabled": "1"}).status_code == 303
    assert held in words(house.get(path))
