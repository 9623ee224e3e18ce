"""A scheduler asks for a patient who telephoned: found by name, asked for once, in the clinic's time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.vocabulary import RequestNumber, RequestType
from tests.builders import NOON, hours
from tests.web.house import House, open_house
from tests.web.northside import Northside
from tests.web.pages import read

NEW = "/scheduling/requests/new"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        house.enter("Sam Ortiz")
        yield house


def fields(house: House, **changes: Any) -> dict[str, Any]:
    clinic = house.desk.clinics["Northside"]
    return {
        "clinic": clinic.id,
        "patient": "jordan",
        "requester": house.desk.people["Jordan Park"].person_id,
        "service": clinic.services[0].id,
        "type": "Now",
        "key": "k" * 20,
    } | changes


def test_patients_of_the_clinic_are_found_by_part_of_their_name(house: House) -> None:
    page = read(house.post(NEW, fields(house, do="find", patient="or")).text)
    assert [
        c.words for c in page.all("span", class_="choice__title") if c.words[-4:] == "Park"
    ] == ["Jordan Park"]
    assert "Sam Ortiz" not in [c.words for c in page.all("span", class_="choice__title")]
    nobody = read(house.post(NEW, fields(house, do="find", patient="zzz")).text)
    assert "No patient of Northside has that in their name" in nobody.words


def test_looking_without_a_name_says_what_to_enter(house: House) -> None:
    page = read(house.post(NEW, fields(house, do="find", patient="")).text)
    assert "Enter part of the patient’s name." in page.one("div", class_="error-summary").words


def test_a_request_on_behalf_stands_on_the_board_with_who_asked(house: House) -> None:
    answer = house.post(NEW, fields(house, note="Telephoned: dizzy."))
    assert (answer.status_code, answer.headers["location"]) == (303, "/scheduling/requests")
    asked = house.request(1001)
    assert asked.requester_id == house.desk.people["Jordan Park"].person_id
    assert asked.submitted_by_id == house.desk.people["Sam Ortiz"].person_id
    assert "asked for by Sam Ortiz" in read(house.get("/scheduling/requests").text).words


def test_times_are_in_the_clinics_zone(house: House) -> None:  # S92
    sent = fields(house, type="Scheduled", time1="2026-11-24T14:30", time3="2026-11-25T09:00")
    assert house.post(NEW, sent).status_code == 303
    asked = house.request(1001)
    assert asked.type is RequestType.SCHEDULED
    assert [t.isoformat() for t in asked.times] == [
        "2026-11-24T19:30:00+00:00",
        "2026-11-25T14:00:00+00:00",
    ]


def test_everything_that_is_wrong_is_said_at_once_and_nothing_typed_is_lost(
    house: House,
) -> None:  # S6
    sent = fields(house, requester="", service="", type="Scheduled", note="Dizzy", time2="")
    answer = house.post(NEW, sent)
    assert answer.status_code == 422
    page = read(answer.text)
    said = page.one("div", class_="error-summary").words
    for sentence in (
        "Find the patient and choose them.",
        "Choose a service.",
        "Choose at least one time.",
    ):
        assert sentence in said
    assert page.one("textarea", name="note").words == "Dizzy"
    assert page.one("input", id="patient").attrs["value"] == "jordan"


def test_a_time_that_has_passed_is_refused_beside_its_field(house: House) -> None:
    sent = fields(house, type="Scheduled", time1="2026-11-24T14:30", time2="2026-11-22T14:30")
    answer = house.post(NEW, sent)
    assert answer.status_code == 422
    assert "still to come" in read(answer.text).one("p", id="time2-error").words


def test_an_open_request_of_that_patient_is_the_answer(house: House) -> None:
    house.ask("Jordan Park", NOON + hours(5))
    answer = house.post(NEW, fields(house))
    assert answer.headers["location"] == "/requests/1001/assignment"


def test_pressing_twice_asks_once(house: House) -> None:
    first, second = house.post(NEW, fields(house)), house.post(NEW, fields(house))
    assert first.headers["location"] == "/scheduling/requests"
    assert second.status_code == 303
    reply = house.post(
        NEW,
        fields(house, requester=house.desk.people["Mia Wells"].person_id, key="m" * 20),
        accept="application/json",
    )
    assert reply.json()["number"] == 1002


def test_nobody_asks_in_a_clinic_they_do_not_schedule(house: House) -> None:  # S3 S55
    east = house.desk.clinics["Eastside"]
    sent = fields(house, clinic=east.id, service=east.services[0].id)
    assert house.post(NEW, sent).status_code == 404
    assert house.get(f"{NEW}?clinic={east.id}").status_code == 404
    assert (
        house.post(
            NEW, fields(house, requester=house.desk.people["Lee Chen"].person_id)
        ).status_code
        == 422
    )
    assert house.post(NEW, fields(house, service=east.services[0].id)).status_code == 422


def test_another_accounts_clinic_and_patients_are_not_there(house: House) -> None:  # S3 S55
    other = house.run(Northside.build, house.desk.store)
    theirs, stranger = other.clinics["Northside"], other.people["Jordan Park"].person_id
    sent = fields(house, clinic=theirs.id, service=theirs.services[0].id, requester=stranger)
    assert house.post(NEW, sent).status_code == 404
    assert house.get(f"{NEW}?clinic={theirs.id}").status_code == 404
    refused = house.post(NEW, fields(house, requester=stranger))
    assert refused.status_code == 422
    assert "Choose a patient of this clinic." in read(refused.text).words
    found = read(house.post(NEW, fields(house, do="find", patient="jordan park")).text)
    assert len(found.all("input", name="requester")) == 1
    first = RequestNumber(1001)
    assert house.read(lambda r: r.request(house.desk.account, first)) is None
    assert house.read(lambda r: r.request(other.account, first)) is None
