"""Accepting, declining and claiming: what is done, what is refused, and how it is said."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.vocabulary import RequestStatus
from server.rendering.spoken_time import iso
from tests.builders import NOON, hours, minutes, seconds
from tests.web.board_pages import THREE, dialog, host, occupy
from tests.web.house import House, open_house
from tests.web.pages import numbers, read

JSON = {"accept": "application/json"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        house.enter("Sam Ortiz")
        yield house


def accept(house: House, name: str = "", **fields: Any) -> Any:
    headers = fields.pop("headers", {})
    number = fields.pop("number", 1001)
    given = {"version": house.request(number).version, "from": "requests"}
    if name:
        given["host"] = host(house, name)
    return house.post(f"/requests/{number}/acceptance", given | fields, **headers)


def test_accepting_stores_the_response_and_leaves_the_board(
    house: House,
) -> None:  # S48 S49 S61 S64
    house.ask("Jordan Park", *THREE)
    house.run(house.desk.toggle, "Lee Chen")
    answer = accept(house, "Lee Chen", time=iso(THREE[1]), response=" Bring your list. ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/scheduling/requests")
    decided = house.request(1001)
    assert decided.decision is not None
    assert decided.decision.response == "Bring your list."
    assert decided.decision.chosen_at == THREE[1]
    assert decided.decision.host_id == house.desk.people["Lee Chen"].person_id
    assert numbers(read(house.get("/scheduling/requests").text)) == []


def test_accepting_without_a_provider_is_refused_with_everything_kept(house: House) -> None:  # S50
    house.ask("Jordan Park")
    assert "Choose a provider first" in dialog(house).words
    answer = accept(house, time="now", response="Be right there")
    assert answer.status_code == 422
    page = read(answer.text)
    assert page.one("div", data_summary="").words == "Choose a provider first."
    assert page.one("textarea").words == "Be right there"
    reply = accept(house, time="now", headers=JSON)
    assert reply.status_code == 422
    assert (reply.json()["code"], reply.json()["field"]) == ("invalid", "host")
    assert house.request(1001).status is RequestStatus.PENDING


def test_a_time_that_was_not_asked_for_is_refused(house: House) -> None:  # S49
    house.ask("Jordan Park", *THREE)
    house.run(house.desk.toggle, "Lee Chen")
    answer = accept(house, "Lee Chen", time=iso(NOON + hours(4)), headers=JSON)
    assert (answer.status_code, answer.json()["field"]) == (422, "time")
    assert accept(house, "Lee Chen", time="tomorrow", headers=JSON).status_code == 422
    assert accept(house, "Lee Chen", time="", headers=JSON).status_code == 422


def test_a_not_available_provider_needs_a_second_yes(house: House) -> None:  # S53
    house.ask("Jordan Park")
    answer = accept(house, "Max Roy", time="now", response="Soon")
    assert answer.status_code == 409
    page = read(answer.text)
    summary = page.one("div", data_summary="")
    assert "Max Roy is not available. Accept anyway?" in summary.words
    assert page.one("textarea").words == "Soon"
    assert page.one("input", name="host", checked="").attrs["value"] == host(house, "Max Roy")
    tokens = [i.attrs["value"] for i in summary.all("input", name="confirm")]
    again = summary.one("button")
    assert (again.words, again.attrs["value"]) == ("Accept anyway", "now")
    assert accept(house, "Max Roy", time="now", confirm=tokens).status_code == 303


def test_an_overlap_that_came_in_between_asks_again(house: House) -> None:  # S44 S66
    at = NOON + hours(3)
    house.run(house.desk.toggle, "Lee Chen")
    house.ask("Jordan Park", at)
    occupy(house, "Lee Chen", at + minutes(10))
    reply = accept(house, "Lee Chen", time=iso(at), headers=JSON)
    assert reply.status_code == 409
    asked = reply.json()
    assert asked["code"] == "needs_confirmation"
    assert "another session at that time" in asked["sentence"]
    occupy(house, "Lee Chen", at - minutes(10), "Ivy Moss")
    twice = accept(house, "Lee Chen", time=iso(at), confirm=asked["confirm"], headers=JSON)
    assert twice.status_code == 409
    assert set(twice.json()["confirm"]) > set(asked["confirm"])
    tokens = twice.json()["confirm"]
    assert accept(house, "Lee Chen", time=iso(at), confirm=tokens, headers=JSON).json()["ok"]


def test_nearby_sessions_that_do_not_overlap_ask_nothing(house: House) -> None:  # S44
    at = NOON + hours(3)
    house.run(house.desk.toggle, "Lee Chen")
    occupy(house, "Lee Chen", at + minutes(20))
    number = house.ask("Jordan Park", at)
    assert accept(house, "Lee Chen", number=number, time=iso(at)).status_code == 303


def test_decline_needs_no_provider_and_no_time(house: House) -> None:  # S36 S51
    house.ask("Jordan Park", *THREE)
    form = dialog(house).one("button", data_decline="")
    assert form.attrs["formaction"] == "/requests/1001/decline"
    answer = house.post(
        "/requests/1001/decline",
        {
            "version": 1,
            "reason": "duplicate",
            "response": "You are with Dr Lee.",
            "from": "requests",
        },
    )
    assert answer.headers["location"] == "/scheduling/requests"
    declining = house.request(1001).declining
    assert declining is not None
    assert (declining.reason, declining.response) == ("duplicate", "You are with Dr Lee.")
    assert declining.due_at == NOON + seconds(10)


@pytest.mark.parametrize("crafted", ["Kim Sand", "Jordan Park", "Sam Ortiz"])
def test_nobody_outside_the_host_group_can_be_assigned(house: House, crafted: str) -> None:  # S54
    house.ask("Jordan Park")
    reply = accept(house, crafted, time="now", confirm=["unavailable"], headers=JSON)
    assert reply.status_code == 422
    assert house.request(1001).status is RequestStatus.PENDING


def test_a_foreign_clinics_request_answers_like_one_that_does_not_exist(
    house: House,
) -> None:  # S55
    house.ask("Jordan Park", clinic="Eastside")
    posts = (
        "acceptance",
        "decline",
        "decline/undo",
        "withdrawal",
        "return",
        "claim",
        "claim/release",
    )
    fields = {"version": 1, "host": host(house, "Eva Stone"), "time": "now", "tab": "tab-of-sam"}
    for word in posts:
        answers = [
            house.post(f"/requests/{number}/{word}", fields, **JSON) for number in (1001, 9999)
        ]
        assert {a.status_code for a in answers} == {404}, word
        assert answers[0].json() == answers[1].json(), word
    pages = [house.get(f"/requests/{number}/assignment") for number in (1001, 9999)]
    assert [p.status_code for p in pages] == [404, 404]


def test_a_number_no_database_holds_is_not_found(house: House) -> None:
    assert house.get(f"/requests/{10**30}/assignment").status_code == 404
    assert house.post(f"/requests/{10**30}/claim", {"tab": "tab-of-sam"}, **JSON).status_code == 404


def test_the_second_scheduler_to_accept_is_told_who_was_first(house: House) -> None:  # S65
    house.ask("Jordan Park")
    house.run(house.desk.toggle, "Lee Chen")
    assert accept(house, "Lee Chen", time="now").status_code == 303
    house.clock.advance(minutes(2))
    house.enter("Rosa Lind")
    reply = accept(house, "Max Roy", version=1, time="now", response="Hello", headers=JSON)
    assert reply.status_code == 409
    assert reply.json()["sentence"] == "Sam Ortiz accepted this for Lee Chen at 7:00am EST."
    page = read(accept(house, "Max Roy", version=1, time="now", response="Hello").text)
    said = "Sam Ortiz accepted this for Lee Chen at 7:00am EST. Nothing was sent by you."
    assert said in page.words
    assert page.one("textarea").words == "Hello"
    assert said in dialog(house).words


def test_a_row_that_changed_meanwhile_is_looked_at_again(house: House) -> None:
    house.ask("Jordan Park")
    house.run(house.desk.toggle, "Lee Chen")
    house.post("/requests/1001/decline", {"version": 1})
    reply = accept(house, "Lee Chen", version=1, time="now", headers=JSON)
    assert (reply.status_code, reply.json()["code"]) == (409, "changed_meanwhile")
    assert "Sam Ortiz is declining this request" in dialog(house).words


def test_the_same_key_accepts_once(house: House) -> None:  # S65
    house.ask("Jordan Park")
    house.run(house.desk.toggle, "Lee Chen")
    sent = {"time": "now", "key": "k" * 20, "version": 1}
    first = accept(house, "Lee Chen", headers=JSON, **sent)
    second = accept(house, "Lee Chen", headers=JSON, **sent)
    assert (first.json()["was_there"], second.json()["was_there"]) == (False, True)
    assert first.json()["number"] == second.json()["number"] == 1001


def test_claims_are_seen_taken_over_and_released(house: House) -> None:
    house.ask("Jordan Park")
    sams = {"tab": "tab-of-sam-1"}
    assert house.post("/requests/1001/claim", sams, **JSON).json()["ok"]
    assert dialog(house).one("span", data_part="holder").attrs["data-holder-name"] == "Sam Ortiz"
    house.enter("Rosa Lind")
    rosas = {"tab": "tab-of-rosa"}
    refused = house.post("/requests/1001/claim", rosas, **JSON)
    assert refused.status_code == 409
    assert refused.json()["sentence"] == "Sam Ortiz is assigning this request."
    assert house.post("/requests/1001/claim", rosas | {"take_over": "1"}, **JSON).json()["ok"]
    assert dialog(house).one("span", data_part="holder").attrs["data-holder-name"] == "Rosa Lind"
    house.post("/requests/1001/claim/release", rosas, **JSON)
    assert dialog(house).one("span", data_part="holder").attrs["data-holder"] == ""


@pytest.mark.parametrize("tab", ["", "short", "x" * 65, "a tab with spaces"])
def test_a_claim_names_its_tab(house: House, tab: str) -> None:
    house.ask("Jordan Park")
    assert house.post("/requests/1001/claim", {"tab": tab}, **JSON).status_code == 422


def test_a_host_accepts_for_themself_and_returns_to_the_dashboard(house: House) -> None:  # S23
    house.run(house.desk.toggle, "Lee Chen")
    house.ask("Jordan Park", host="Lee Chen")
    house.enter("Lee Chen")
    answer = house.post("/requests/1001/acceptance", {"version": 1, "from": "dashboard"})
    assert answer.headers["location"] == "/dashboard"
    assert house.request(1001).status is RequestStatus.ACCEPTED


def test_where_a_form_says_it_comes_from_is_never_another_site(house: House) -> None:
    house.ask("Jordan Park")
    for crafted in ("https://evil.example", "//evil.example", "nowhere", ""):
        answer = house.post("/requests/1001/claim", {"tab": "tab-of-sam", "from": crafted})
        assert answer.headers["location"] == "/scheduling/requests"


def test_a_scheduler_withdraws_on_the_requesters_word(house: House) -> None:
    house.ask("Jordan Park")
    answer = house.post("/requests/1001/withdrawal", {"from": "requests"})
    assert answer.headers["location"] == "/scheduling/requests"
    assert house.request(1001).status is RequestStatus.WITHDRAWN
