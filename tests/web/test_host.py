"""A provider's dashboard: what is theirs to answer, in one press, and what the requester hears of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from dispatch.usecases.claims import ClaimRequest, claim_request
from dispatch.vocabulary import RequestStatus
from tests.builders import NOON, hours, minutes, seconds
from tests.web.house import House, open_house
from tests.web.pages import read

TUESDAY = datetime(2026, 11, 24, 19, 30, tzinfo=UTC)  # 2:30pm in New York
WEDNESDAY = TUESDAY + timedelta(days=1)
JSON = {"accept": "application/json"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        opened.enter("Lee Chen")
        yield opened


class Buttons(HTMLParser):
    """Every button of a page with what it would send, and the words on it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, Any]] = []
        self._form: dict[str, Any] = {}
        self._is_open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = {"action": given.get("action", ""), "fields": {}}
        if tag == "input" and given.get("type") == "hidden":
            self._form["fields"][given["name"]] = given["value"]
        if tag == "button":
            own = {given["name"]: given["value"]} if given.get("name") else {}
            self.found.append(
                {
                    "words": "",
                    "path": given.get("formaction") or self._form.get("action", ""),
                    "fields": {**self._form.get("fields", {}), **own},
                }
            )
            self._is_open = True

    def handle_endtag(self, tag: str) -> None:
        self._is_open = self._is_open and tag != "button"

    def handle_data(self, data: str) -> None:
        if self._is_open:
            self.found[-1]["words"] += data


def buttons(house: House, words: str) -> list[dict[str, Any]]:
    every = Buttons(house.get("/dashboard").text).found
    named = [{**button, "words": " ".join(button["words"].split())} for button in every]
    return [button for button in named if button["words"].startswith(words)]


def press(house: House, words: str, index: int = 0, **typed: str) -> Any:
    button = buttons(house, words)[index]
    return house.post(button["path"], {**button["fields"], **typed})


def test_a_provider_lands_on_the_dashboard_and_what_waits_for_them_is_there(house: House) -> None:
    # S21
    number = house.ask("Jordan Park", TUESDAY, host="Lee Chen", note="It itches.")
    home = house.get("/")
    assert (home.status_code, home.headers["location"]) == (303, "/dashboard")
    page = house.get("/dashboard").text
    for words in ("Jordan Park", "(Urgent care visit)", f"Request {number}", "It itches."):
        assert words in page


def test_one_accept_for_each_requested_time_and_one_for_now(house: House) -> None:
    # S22
    house.ask("Jordan Park", TUESDAY, WEDNESDAY, host="Lee Chen")
    assert [button["words"] for button in buttons(house, "Accept")] == [
        "Accept Tue 24 Nov 2026, 2:30pm EST",
        "Accept Wed 25 Nov 2026, 2:30pm EST",
    ]
    house.ask("Noah Brook")
    now = [button["words"] for button in buttons(house, "Accept")][2:]
    assert now == ["Accept", "Accept and enter"]  # V6


def test_one_press_accepts_and_makes_the_session_at_that_time(house: House) -> None:
    # S23 S26 S60 S61
    number = house.ask("Jordan Park", TUESDAY, WEDNESDAY, host="Lee Chen")
    reply = press(house, "Accept", index=1, response="See you then.")
    assert (reply.status_code, reply.headers["location"]) == (303, "/dashboard")
    accepted = house.request(number)
    assert accepted.status is RequestStatus.ACCEPTED
    decision = accepted.decision
    assert decision
    assert (decision.chosen_at, decision.response) == (WEDNESDAY, "See you then.")
    assert decision.host_id == house.desk.people["Lee Chen"].person_id
    page = house.get("/dashboard").text
    assert "Wed 25 Nov 2026, 2:30pm EST" in page
    assert "Start without waiting" in page  # V10: nobody is in the waiting room
    assert not buttons(house, "Accept")


def test_a_request_for_now_starts_when_it_is_accepted(house: House) -> None:
    # S22 S60
    house.ask("Jordan Park")
    house.clock.advance(minutes(3))
    press(house, "Accept")
    assert "Ready now" in house.get("/dashboard").text


def test_a_note_is_optional_and_an_empty_one_says_nothing(house: House) -> None:
    # S27
    number = house.ask("Jordan Park", TUESDAY, host="Lee Chen")
    press(house, "Accept", response="   ")
    decision = house.request(number).decision
    assert decision
    assert decision.response == ""
    house.enter("Jordan Park")
    assert "bubble" not in house.get(f"/requests/{number}").text


def test_the_note_reaches_the_requester(house: House) -> None:
    # S26
    number = house.ask("Jordan Park", TUESDAY, host="Lee Chen")
    press(house, "Accept", response="Bring your list of medicines.")
    house.enter("Jordan Park")
    assert "Bring your list of medicines." in house.get(f"/requests/{number}").text


def test_a_decline_of_what_is_theirs_can_be_undone_for_ten_seconds(house: House) -> None:
    # S25
    number = house.ask("Jordan Park", TUESDAY, host="Lee Chen")
    press(house, "Decline", response="I am away.")
    assert "Lee Chen is declining</span> this" in house.get("/dashboard").text
    assert house.request(number).status is RequestStatus.PENDING
    press(house, "Undo decline")
    assert house.request(number).declining is None
    assert buttons(house, "Accept Tue")
    press(house, "Decline", response="I am away.")
    house.clock.advance(seconds(11))
    declining = house.request(number).declining
    assert declining
    assert declining.due_at < house.clock.now()


def test_a_pass_leaves_it_to_the_others_and_goes_behind_one_line(house: House) -> None:
    number = house.ask("Jordan Park")
    assert not buttons(house, "Decline")
    assert (
        "If you pass, it stays with the others of Northside nurses" in house.get("/dashboard").text
    )
    press(house, "Pass")
    page = house.get("/dashboard").text
    assert "Accept and enter" not in page
    assert f"Request {number} (Urgent care visit), left to the others" in page
    house.enter("Ana Ruiz")
    assert buttons(house, "Accept")


def test_only_what_is_addressed_to_them_or_their_group_is_there(house: House) -> None:
    # S28
    for patient, words in (
        ("Jordan Park", {"host": "Ana Ruiz"}),
        ("Mia Wells", {"clinic": "Southside"}),
        ("Noah Brook", {"host": "Lee Chen"}),
        ("Zoe Hart", {}),
    ):
        house.ask(patient, TUESDAY, **words)
    page = house.get("/dashboard").text
    assert "Jordan Park" not in page
    assert "Mia Wells" not in page
    assert page.index("Noah Brook") < page.index("Zoe Hart")  # oldest first


def test_another_providers_request_cannot_be_answered_by_its_number(house: House) -> None:
    # S28 S54
    number = house.ask("Jordan Park", TUESDAY, host="Ana Ruiz")
    fields = {"version": "1", "from": "dashboard", "time": TUESDAY.isoformat()}
    assert house.post(f"/dashboard/requests/{number}/acceptance", fields, **JSON).status_code == 404
    assert house.post(f"/requests/{number}/pass", fields, **JSON).status_code == 404
    assert house.request(number).status is RequestStatus.PENDING


def test_the_second_provider_to_accept_is_told_who_was_first(house: House) -> None:
    # S65
    number = house.ask("Jordan Park")
    waiting = buttons(house, "Accept")[0]
    house.enter("Ana Ruiz")
    press(house, "Accept")
    house.enter("Lee Chen")
    reply = house.post(waiting["path"], waiting["fields"], **JSON)
    assert reply.status_code == 409
    assert "Ana Ruiz accepted this at 7:00am EST" in reply.json()["sentence"]
    assert number == house.request(number).number


def test_who_is_assigning_is_shown_and_blocks_nobody(house: House) -> None:
    number = house.ask("Jordan Park")
    sam = house.desk.people["Sam Ortiz"]
    claim = ClaimRequest(number, tab="a-tab-of-sams")
    house.run(house.desk.store.perform, claim_request, claim, sam)
    assert "Sam Ortiz is assigning" in house.get("/dashboard").text
    press(house, "Accept")
    assert house.request(number).status is RequestStatus.ACCEPTED


def test_available_for_an_hour_until_a_time_or_until_turned_off(house: House) -> None:
    # S39 V5
    page = house.get("/dashboard").text
    assert "not available" in page
    for wish, until in (
        ({"until": "hour"}, NOON + hours(1)),
        ({"until": "time", "until_time": "17:00"}, NOON + hours(10)),  # it is 7am in New York
        ({"until": "open"}, NOON + hours(12)),
        ({"until": "time", "until_time": "07:00"}, None),  # in 24 hours: too long
    ):
        reply = house.post("/availability", {"state": "on", **wish})
        if until is None:
            assert reply.status_code == 422
            assert "You can be available for 12 hours at most." in reply.text
        else:
            assert reply.status_code == 303
            shown = house.get("/dashboard").text
            assert f'at="{until:%Y-%m-%dT%H:%M}' in shown
    press(house, "Turn off")
    assert "<until-time" not in house.get("/dashboard").text.partition("Requests for you")[0]


def test_the_end_of_being_available_may_lie_past_midnight(house: House) -> None:
    house.clock.set(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))  # 10pm in New York
    house.enter("Lee Chen")
    house.post("/availability", {"state": "on", "until": "time", "until_time": "02:00"})
    assert 'at="2026-11-24T07:00' in house.get("/dashboard").text


@pytest.mark.parametrize(
    "wish", [{}, {"until": "later"}, {"until": "time"}, {"until": "time", "until_time": "5"}]
)
def test_an_end_that_cannot_be_read_is_said(house: House, wish: dict[str, str]) -> None:
    reply = house.post("/availability", {"state": "on", **wish})
    assert reply.status_code == 422
    assert "There is a problem" in reply.text
    spoken = house.post("/availability", {"state": "on", **wish}, **JSON).json()
    assert spoken["field"] in {"until", "until_time"}


def test_a_session_goes_back_to_the_queue(house: House) -> None:
    number = house.ask("Jordan Park", TUESDAY, host="Lee Chen")
    press(house, "Accept Tue")
    press(house, f"Return request {number}")
    assert house.request(number).status is RequestStatus.PENDING
    assert buttons(house, "Accept Tue")


def test_whoever_is_no_provider_cannot_know_of_the_page(house: House) -> None:
    for name in ("Sam Ortiz", "Jordan Park"):
        house.enter(name)
        assert house.get("/dashboard").status_code == 404
        assert house.post("/availability", {"state": "off"}).status_code == 404


def test_a_page_without_anything_says_what_will_come(house: House) -> None:
    page = house.get("/dashboard").text
    assert "No requests for you" in page
    assert "No sessions yet" in page


def test_names_and_notes_are_text(house: House) -> None:
    house.ask("Jordan Park", note="<script>alert(1)</script>")
    page = house.get("/dashboard").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_groups_that_a_provider_answers_for_stand_by_the_switch(house: House) -> None:
    # S39 S40 V5
    house.enter("Ana Ruiz")
    page = read(house.get("/dashboard").text)
    names = [row.words for row in page.one("ul", data_place="host_group").all("li")]
    assert names == ["Northside nurses", "Southside nurses"]
    house.enter("Eva Stone")
    [row] = read(house.get("/dashboard").text).one("ul", data_place="host_group").all("li")
    assert row.words == "Eastside nurses: your slots, not this switch"
