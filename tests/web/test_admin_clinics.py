"""An administrator sets clinics up in the browser: settings, groups, and what they offer."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.vocabulary import ClinicId
from tests.web.house import House, words
from tests.web.office import form_of, held_by, north, open_office


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_office(tmp_path) as opened:
        yield opened


def test_the_account_gets_another_name_and_zone(house: House) -> None:
    sent = form_of(house, "/admin", "/admin") | {"name": "Lakeside", "zone": "America/New York"}
    assert house.post("/admin", sent).headers["location"] == "/admin?saved"
    page = words(house.get("/admin?saved"))
    assert "Saved. Lakeside" in page
    account = house.read(lambda reading: reading.account(house.desk.account))
    assert (account.name, account.zone) == ("Lakeside", "America/New_York")
    for wrong in ({"name": " "}, {"zone": "America/Nowhere"}, {"name": "n" * 201}):
        refused = house.post("/admin", sent | wrong)
        assert refused.status_code == 422
        assert "There is a problem" in words(refused)
    assert house.read(lambda reading: reading.account(house.desk.account)) == account


def test_every_setting_of_a_clinic_is_changed_on_its_page(house: House) -> None:
    clinic = north(house)
    path = f"/admin/clinics/{clinic.id}"
    sent = form_of(house, path, path)
    assert house.post(path, sent).status_code == 303
    assert north(house) == clinic, "the form holds what is so"
    changed = sent | {
        "name": "Northside  by night",
        "zone": "Europe/Paris",
        "mode": "calendar",
        "target": "2:30",
        "nearly": "2",
        "now_limit": "60",
        "phone": "555-0199",
        "emergency_text": "Call 112.",
        "declined_text": "Not today.",
        "unavailable_text": "Not here.",
        "host_group": str(house.desk.clinics["Southside"].host_group.id),
    }
    del changed["accepts_now"]
    assert house.post(path, changed).headers["location"] == f"{path}?saved"
    now_is = north(house)
    assert (now_is.name, now_is.zone, now_is.mode) == (
        "Northside by night",
        "Europe/Paris",
        "calendar",
    )
    assert (now_is.target_seconds, now_is.nearly_seconds, now_is.now_limit_seconds) == (
        150,
        120,
        3600,
    )
    assert (now_is.accepts_now, now_is.accepts_scheduled, now_is.phone) == (False, True, "555-0199")
    assert (now_is.emergency_text, now_is.declined_text) == ("Call 112.", "Not today.")
    assert now_is.host_group == house.desk.clinics["Southside"].host_group
    assert now_is.services == clinic.services


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "Give the clinic a name."),
        ("name", "Southside", "Another clinic is called that already."),
        ("name", "n" * 201, "Keep this under 200 characters."),
        ("zone", "Mars/Olympus", "Choose a time zone from the list."),
        ("mode", "sometimes", "Choose on demand or calendar."),
        ("target", "soon", "Enter minutes, like 5 or 5:00."),
        ("target", "", "Enter minutes, like 5 or 5:00."),
        ("target", "0", "Give a target between 10 seconds and 24 hours."),
        ("nearly", "6", "The amber step comes before the target."),
        ("now_limit", "1", "Give a limit between 5 minutes and 24 hours."),
        ("now_limit", "5", "Requests end after the target wait, not before."),
        ("emergency_text", " ", "Give the words that patients read."),
        ("declined_text", "d" * 501, "Keep this under 500 characters."),
        ("phone", "5\u202e5", "Use letters, digits and ordinary signs only."),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_everything_kept(
    house: House, field: str, value: str, sentence: str
) -> None:
    clinic = north(house)
    path = f"/admin/clinics/{clinic.id}"
    sent = form_of(house, path, path) | {"phone": "555-0111", field: value}
    refused = house.post(path, sent)
    assert refused.status_code == 422
    assert sentence in words(refused)
    assert field == "phone" or 'value="555-0111"' in refused.text
    assert north(house) == clinic


def test_who_can_see_a_clinic_is_written_out(house: House) -> None:
    page = words(house.get(f"/admin/clinics/{north(house).id}"))
    assert "6 people in Northside patients can ask here." in page
    assert "Rosa Lind, Sam Ortiz, Tom Vale schedule here and see every request" in page
    assert "3 providers in Northside nurses : Ana Ruiz, Lee Chen, Max Roy." in page


def test_a_new_clinic_makes_its_groups_and_its_service_once(house: House) -> None:
    path = "/admin/clinics/new"
    sent = form_of(house, path, path) | {"name": "Westside", "new_service": "Advice"}
    reply = house.post(path, sent)
    again = house.post(path, sent)
    assert reply.status_code == again.status_code == 303
    assert reply.headers["location"] == again.headers["location"]
    key = int(re.findall(r"\d+", reply.headers["location"])[0])
    clinic = house.read(lambda reading: reading.clinic(house.desk.account, ClinicId(key)))
    assert clinic
    assert (clinic.name, clinic.patient_group.name, clinic.host_group.name) == (
        "Westside",
        "Westside patients",
        "Westside providers",
    )
    assert [service.name for service in clinic.services] == ["Advice"]
    assert len(house.get("/admin/clinics").text.split('<li class="card">')) == 5
    other = house.post(path, sent | {"name": "Highside"})
    assert other.status_code == 409
    assert "already sent" in words(other)


def test_a_new_clinic_shares_groups_and_services_that_are_there(house: House) -> None:
    path, clinic = "/admin/clinics/new", north(house)
    sent = form_of(house, path, path) | {
        "name": "Westside",
        "patient_group": str(clinic.patient_group.id),
        "host_group": str(clinic.host_group.id),
        "services": str(clinic.services[0].id),
    }
    reply = house.post(path, sent)
    key = int(re.findall(r"\d+", reply.headers["location"])[0])
    made = house.read(lambda reading: reading.clinic(house.desk.account, ClinicId(key)))
    assert made
    assert made.patient_group == clinic.patient_group
    assert made.services == clinic.services[:1]
    for wrong in (
        {"services": ""},
        {"services": "999999"},
        {"patient_group": "999999"},
        {"name": ""},
        {"name": "Northside"},
        {"services": "", "new_service": "Advice", "minutes": "0"},
        {"services": "", "new_service": "Advice", "minutes": "soon"},
    ):
        fresh = form_of(house, path, path)["key"]
        refused = house.post(path, sent | {"name": "Other", "key": fresh} | wrong)
        assert refused.status_code == 422, wrong


def test_services_move_go_and_come(house: House) -> None:
    clinic = north(house)
    first, second = (service.id for service in clinic.services)
    path = f"/admin/clinics/{clinic.id}/services"

    def press(do: str, service: int) -> Any:
        was = " ".join(str(each.id) for each in north(house).services)
        return house.post(path, {"do": do, "service": str(service), "was": was})

    def order() -> list[int]:
        return [service.id for service in north(house).services]

    assert press("down", first).status_code == 303
    assert order() == [second, first]
    press("up", first)
    assert order() == [first, second]
    press("up", first)
    assert order() == [first, second], "the first one stays"
    press("remove", first)
    assert order() == [second]
    assert "A clinic offers at least one service." in words(press("remove", second))
    press("add", first)
    assert order() == [second, first]
    assert "offers that service already" in words(press("add", first))
    stale = house.post(path, {"do": "remove", "service": str(first), "was": f"{first} {second}"})
    assert "The services changed since you looked." in words(stale)
    assert press("add", 999_999).status_code == 404
    assert press("shuffle", first).status_code == 422
    assert order() == [second, first]


@pytest.mark.parametrize("said", [{}, {"was": ""}, {"was": "what"}])
@pytest.mark.parametrize("do", ["up", "down", "remove", "add"])
def test_a_page_that_does_not_say_which_services_it_showed_moves_none(
    house: House, do: str, said: dict[str, str]
) -> None:
    # S65: as every form of administration, so that nobody overwrites what they have not seen
    clinic = north(house)
    path = f"/admin/clinics/{clinic.id}/services"
    kept = [service.id for service in clinic.services]
    reply = house.post(path, {"do": do, "service": str(kept[-1])} | said)
    assert reply.status_code == 409
    assert "This page is from before an update, or did not come whole." in words(reply)
    assert [service.id for service in north(house).services] == kept
    again = held_by(reply.text, path, service=str(kept[-1]))
    assert house.post(path, again | {"do": "up"}).status_code == 303
    assert [service.id for service in north(house).services] == [kept[-1], kept[0]]
