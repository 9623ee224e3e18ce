"""Assigning without scripts, and what a script is answered: the real application on a real file."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.dialog import assignment
from dispatch.usecases.refusal import PassRequest, pass_request
from dispatch.vocabulary import RequestNumber, RequestStatus
from server.rendering import Rendering
from server.rendering.spoken_time import iso
from server.web.sheet import Sheet
from tests.builders import NOON, hours, minutes, seconds
from tests.web.board_pages import THREE, dialog, host, occupy
from tests.web.house import House, open_house
from tests.web.pages import Element, read


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        house.enter("Sam Ortiz")
        yield house


def option(house: House, page: Element, name: str) -> Element:
    return page.one("li", data_host=host(house, name))


def test_the_dialog_lists_the_host_group_of_that_clinic_only(house: House) -> None:  # S36 S37
    house.ask("Jordan Park")
    names = [e.words for e in dialog(house).all("span", class_="provider-option__name")]
    assert sorted(names) == ["Ana Ruiz", "Lee Chen", "Max Roy"]


def test_the_dialog_is_a_whole_page_without_scripts(house: House) -> None:  # S36
    house.ask("Jordan Park")
    page = read(house.get("/requests/1001/assignment").text)
    assert page.one("title").words.startswith("Assign request 1001")
    form = page.one("form", class_="sheet")
    assert (form.attrs["method"], form.attrs["action"]) == ("post", "/requests/1001/acceptance")


def test_each_provider_is_available_or_not_with_the_reason(house: House) -> None:  # S38 S39
    house.run(house.desk.toggle, "Lee Chen", True, NOON + hours(1))
    house.ask("Jordan Park")
    page = dialog(house)
    assert option(house, page, "Lee Chen").one("span", class_="provider-option__status").words == (
        "Available until 8:00am EST, not connected"
    )
    assert "Not Available right now" in option(house, page, "Max Roy").words


def test_a_calendar_clinic_says_for_how_many_of_the_times(house: House) -> None:  # S40
    house.enter("Tom Vale")
    house.ask("Jordan Park", *THREE, clinic="Eastside")
    assert "Not Available at any of these times" in option(house, dialog(house), "Eva Stone").words
    for start in THREE[:2]:
        house.run(house.desk.slot, "Eva Stone", start, start + minutes(20))
    assert "Available for 2 of 3 times" in option(house, dialog(house), "Eva Stone").words
    house.run(house.desk.toggle, "Eva Stone")
    assert "Available for 2 of 3 times" in option(house, dialog(house), "Eva Stone").words


def test_whom_the_request_asks_comes_first_and_a_pass_is_marked(house: House) -> None:
    house.run(house.desk.toggle, "Lee Chen")
    house.ask("Jordan Park", NOON + hours(3), host="Max Roy")
    page = dialog(house)
    first = page.all("li", class_="provider-option")[0]
    assert "Max Roy" in first.words
    assert "Asked for" in first.words

    number = house.ask("Mia Wells")
    house.run(house.desk.does, "Lee Chen", pass_request, PassRequest(number))
    assert "Has passed" in option(house, dialog(house, number), "Lee Chen").words


@pytest.mark.parametrize(
    ("gap", "listed"),
    [(hours(2), "120 min after"), (hours(2) + seconds(1), "")],
)
def test_sessions_up_to_two_hours_away_are_listed_with_their_gap(
    house: House, gap: Any, listed: str
) -> None:  # S42 S43
    at = NOON + hours(5)
    occupy(house, "Lee Chen", at + minutes(20) + gap)
    number = house.ask("Jordan Park", at)
    found = option(house, dialog(house, number), "Lee Chen")
    sessions = found.all("li", class_="near__session")
    assert bool(sessions) is bool(listed)
    assert listed in found.words
    assert ("Possible Conflicting Sessions" in found.words) is bool(listed)


def test_every_providers_conflicts_are_there_to_change_at_once(house: House) -> None:  # S47
    at = NOON + hours(5)
    occupy(house, "Lee Chen", at + minutes(5))
    occupy(house, "Max Roy", at - minutes(60), "Ivy Moss")
    number = house.ask("Jordan Park", at)
    page = dialog(house, number)
    assert "Overlaps" in option(house, page, "Lee Chen").one("li", class_="near__session").words
    assert "40 min before" in option(house, page, "Max Roy").one("li", class_="near__session").words
    assert "No sessions within 2 hours" in option(house, page, "Ana Ruiz").words


def test_each_session_near_a_requested_time_is_listed_with_that_time(house: House) -> None:
    # S42: all that a provider has near any of the times, the earliest time first
    at = NOON + hours(5)
    occupy(house, "Lee Chen", at - minutes(50))
    occupy(house, "Lee Chen", at + minutes(60), "Ivy Moss")
    number = house.ask("Jordan Park", at, at + hours(2))
    found = option(house, dialog(house, number), "Lee Chen")
    assert "3 possible conflicts" in found.words
    gaps = [
        each.one("span", class_="near__gap").words
        for each in found.all("li", class_="near__session")
    ]
    assert gaps == ["30 min before", "40 min after", "40 min before"]


def test_a_now_request_is_measured_from_the_moment_of_looking(house: House) -> None:  # S45
    occupy(house, "Lee Chen", NOON + hours(3))
    number = house.ask("Jordan Park")
    assert "No sessions within" in option(house, dialog(house, number), "Lee Chen").words
    house.clock.advance(hours(1))
    assert "100 min after" in option(house, dialog(house, number), "Lee Chen").words


def test_a_returned_session_is_no_conflict(house: House) -> None:  # S46
    at = NOON + hours(5)
    first = occupy(house, "Lee Chen", at)
    number = house.ask("Jordan Park", at)
    assert "Overlaps" in option(house, dialog(house, number), "Lee Chen").words
    sent = {"version": house.request(first).version, "from": "decided"}
    assert house.post(f"/requests/{first}/return", sent).status_code == 303
    assert "Overlaps" not in option(house, dialog(house, number), "Lee Chen").words


def test_the_service_of_a_foreign_clinics_session_stays_there(house: House) -> None:  # S55
    at = NOON + hours(5)
    south = house.ask("Leo Finch", at, clinic="Southside", service=1)
    ana = house.desk.people["Ana Ruiz"].person_id
    command = AcceptRequest(south, 1, ana, at, "", frozenset({"unavailable"}))
    house.run(house.desk.does, "Sam Ortiz", accept_request, command)
    number = house.ask("Jordan Park", at)
    assert "Medication review" in option(house, dialog(house, number), "Ana Ruiz").words
    house.enter("Rosa Lind")  # of Northside only
    seen = option(house, dialog(house, number), "Ana Ruiz").words
    assert "Medication review" not in seen
    assert "A session in another clinic" in seen
    assert "Overlaps" in seen
    pages = [f"/requests/{number}/assignment", "/scheduling/sessions", "/scheduling/requests"]
    for private in ("Leo Finch", "Southside", str(south)):
        assert not [path for path in pages if private in house.get(path).text], private


def test_rival_requests_are_named_and_those_of_other_clinics_counted(house: House) -> None:
    # S55 S66: Sam schedules Northside and Southside, Rosa Northside alone
    at = NOON + hours(3)
    house.ask("Jordan Park", at, host="Ana Ruiz")
    far = house.ask("Leo Finch", at, NOON + hours(9), clinic="Southside", host="Ana Ruiz")
    assert f"Ana Ruiz is also asked for at this time by request {far}" in dialog(house).words
    assert "Ana Ruiz is also asked for at one of these times by request 1001" in (
        dialog(house, far).words
    )
    house.enter("Rosa Lind")
    assert "is also asked for at this time by 1 request in another clinic" in dialog(house).words
    assert str(far) not in dialog(house).words
    house.ask("Mia Wells", at, host="Ana Ruiz")
    house.ask("Noah Brook", at, host="Ana Ruiz")
    house.ask("Zoe Hart", at, clinic="Southside", host="Ana Ruiz")
    seen = dialog(house).words
    assert "at this time by requests 1003, 1004 and by 2 requests in other clinics" in seen


def test_the_response_stands_above_the_providers(house: House) -> None:  # S48
    house.ask("Jordan Park")
    text = house.get("/requests/1001/assignment").text
    assert text.index("Response to Requester") < text.index("Choose a provider")


def test_accept_offers_exactly_the_requested_times(house: House) -> None:  # S49
    house.ask("Jordan Park", *THREE)
    menu = dialog(house).one("div", role="menu")
    assert [b.attrs["value"] for b in menu.all("button", name="time")] == [iso(t) for t in THREE]


def test_a_time_that_has_passed_is_shown_as_such_and_refused(house: House) -> None:  # S49
    house.ask("Jordan Park", *THREE)
    house.clock.set(THREE[0])
    shown = dialog(house).all("button", name="time")
    assert ["disabled" in button.attrs for button in shown] == [True, False, False]
    notes = [button.one("span", data_passed="") for button in shown]
    assert [note.is_hidden() for note in notes] == [False, True, True]
    assert notes[0].words == "(has passed)"
    form = {"version": "1", "host": host(house, "Lee Chen"), "time": THREE[0].isoformat()}
    refused = house.post("/requests/1001/acceptance", form)
    assert refused.status_code == 422
    assert "That time has passed. Choose another." in read(refused.text).words
    assert house.request(RequestNumber(1001)).status is RequestStatus.PENDING


@pytest.mark.parametrize("has_passed", [False, True])
def test_an_only_time_that_has_passed_is_not_to_be_pressed(  # S49
    house: House, has_passed: bool
) -> None:
    number, sam = house.ask("Jordan Park", THREE[0]), house.desk.people["Sam Ortiz"]
    now = THREE[0] if has_passed else THREE[0] - seconds(1)  # the sweep has not come by yet
    choice = house.read(lambda reading: assignment(reading, sam, number, now))
    sheet = Sheet(choice, now, sam.zone, "a-key")
    html = Rendering().fragment("board/sheet.html", sheet=sheet)
    button = read(html).one("button", name="time")
    assert ("disabled" in button.attrs) is has_passed
    assert button.one("span", data_passed="").is_hidden() is not has_passed


def test_a_now_request_has_a_single_accept(house: House) -> None:  # S52
    house.ask("Jordan Park")
    [button] = dialog(house).all("button", name="time")
    assert (button.words, button.attrs["value"]) == ("Accept now", "now")


def test_the_dialog_carries_the_heads_it_was_read_at(house: House) -> None:  # S41
    house.ask("Jordan Park")
    north = house.desk.clinics["Northside"].id

    def head() -> Any:
        cursor = house.read(lambda reading: reading.cursor(f"clinic:{north}"))
        return {
            "stream": f"clinic:{north}",
            "projection": "board",
            "seq": cursor.seq,
            "tag": cursor.tag,
        }

    assert json.loads(dialog(house).one("form").attrs["data-live"]) == [head()]
    house.run(house.desk.toggle, "Lee Chen")
    assert json.loads(dialog(house).one("form").attrs["data-live"]) == [head()]
