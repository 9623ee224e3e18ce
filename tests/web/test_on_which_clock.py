"""What was typed on one clock is never read on another: whoever sends it is asked to look again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.vocabulary import RequestType
from tests.web.house import House, open_house
from tests.web.pages import Element, read
from tests.web.sittings import AT, planned
from tests.web.slot_pages import SLOTS, TUESDAY, rules

SAID = "The clock of this page was America/New York and is Europe/Berlin now."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


def clocks(page: str) -> set[str]:
    return {field.attrs["value"] for field in read(page).all("input", name="on_clock")}


def in_berlin(house: House, zone: str = "Europe/Berlin") -> None:
    assert house.post("/me/settings", {"zone": zone}).status_code == 303


def refused(answer: Any, status: int = 422) -> Element:
    assert answer.status_code == status
    page: Element = read(answer.text)
    assert SAID in page.words
    return page


def test_a_patient_whose_clock_was_changed_in_another_tab_is_asked_to_look_again(
    house: House,
) -> None:
    # S6 S91 S92: the same figures are six hours earlier by now
    house.enter("Jordan Park")
    clinic = house.desk.clinics["Northside"]
    opened = house.get(f"/requests/new?clinic={clinic.id}").text
    assert clocks(opened) == {"America/New_York"}
    sent = {
        "clinic": clinic.id,
        "service": clinic.services[0].id,
        "type": "Scheduled",
        "on_clock": "America/New_York",
        "time1_date": "2026-11-25",
        "time1_time": "14:30",
        "key": "k" * 20,
    }
    in_berlin(house)
    page = refused(house.post("/requests/new", sent))
    assert page.one("p", id="time1-error").words.endswith("Check the time and send it again.")
    assert clocks(house.post("/requests/new", sent).text) == {"Europe/Berlin"}
    assert house.post("/requests/new", sent | {"on_clock": "Europe/Berlin"}).status_code == 303
    assert [at.hour for at in house.request(1001).times] == [13]


def test_a_session_is_not_moved_by_what_was_typed_on_another_clock(house: House) -> None:
    # V11 S91
    session = planned(house, AT)
    house.enter("Rosa Lind")
    assert clocks(house.get(f"/sessions/{session}/manage").text) == {"America/New_York"}
    typed = {"time_date": "2026-11-24", "time_time": "14:30", "on_clock": "America/New_York"}
    in_berlin(house)
    for part in ("time", "next"):
        answer = house.post(f"/sessions/{session}/{part}", typed | {"revision": "1"})
        refused(answer)
        assert clocks(answer.text) == {"Europe/Berlin"}
    in_berlin(house, "America/New_York")
    moved = house.post(f"/sessions/{session}/time", typed | {"revision": "1"})
    assert moved.status_code == 303


def test_a_request_for_a_patient_is_not_made_on_a_clock_that_the_clinic_no_longer_has(
    house: House,
) -> None:
    house.enter("Sam Ortiz")
    clinic, new = house.desk.clinics["Northside"], "/scheduling/requests/new"
    assert clocks(house.get(f"{new}?clinic={clinic.id}").text) == {clinic.zone}
    sent = {
        "clinic": clinic.id,
        "requester": house.desk.people["Jordan Park"].person_id,
        "service": clinic.services[0].id,
        "type": RequestType.SCHEDULED.value,
        "time1": "2026-11-25T14:30",
        "key": "k" * 20,
    }
    answer = house.post(new, sent | {"on_clock": "Europe/Berlin"})
    assert answer.status_code == 422
    assert "was Europe/Berlin and is America/New York now" in read(answer.text).words
    assert house.post(new, sent | {"on_clock": clinic.zone}).status_code == 303


def test_slots_are_not_kept_on_another_clock_than_they_were_typed_on(house: House) -> None:
    # S40 S91
    house.enter("Lee Chen")
    assert clocks(house.get(f"{SLOTS}/new").text) == {"America/New_York"}
    in_berlin(house)
    sent = TUESDAY | {"on_clock": "America/New_York"}
    refused(house.post(f"{SLOTS}/new", sent))
    assert not rules(house, "Lee Chen")
    assert house.post(f"{SLOTS}/new", sent | {"on_clock": "Europe/Berlin"}).status_code == 303
    (rule,) = rules(house, "Lee Chen")
    in_berlin(house, "America/New_York")
    changed = house.get(f"{SLOTS}/{rule.id}").text
    assert clocks(changed) == {"Europe/Berlin"}, "hours that are there stay on their own clock"
