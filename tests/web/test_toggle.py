"""The toggle on a provider's dashboard and on the board: its end, one hour more, and breaks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.people import system_actor
from dispatch.usecases.connectedness import KeepConnected, keep_connected
from server.rendering.spoken_time import iso
from tests.builders import NOON, hours, minutes
from tests.web.house import House, open_house, words
from tests.web.pages import Element, read

JSON = {"accept": "application/json"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        opened.enter("Lee Chen")
        yield opened


def toggle(house: House) -> Element:
    return read(house.get("/dashboard").text).one("div", class_="toggle")


def until(house: House) -> Any:
    lee = house.desk.people["Lee Chen"].person_id
    return house.read(lambda reading: reading.availabilities([lee]))[lee]


def on_the_board(house: House, name: str) -> str:
    house.enter("Rosa Lind")
    page = read(house.get("/scheduling/requests").text)
    house.enter("Lee Chen")
    [line] = [one for one in page.all("li", class_="provider-line") if name in one.words]
    return line.words


def test_five_minutes_before_its_end_the_page_offers_one_hour_more(house: House) -> None:
    # S39: the question waits on the page, and shows itself by server time
    house.post("/availability", {"state": "on", "until": "hour"})
    [question] = [form for form in toggle(house).all("form") if "data-ending" in form.attrs]
    assert "Stay available? Yes, 1 more hour" in question.words
    waits = [e for e in toggle(house).all("until-time") if e.attrs.get("minutes-before") == "5"]
    assert [each.attrs["at"] for each in waits] == [iso(NOON + hours(1))]
    sent = {e.attrs["name"]: e.attrs["value"] for e in question.all("input")}
    house.clock.advance(minutes(56))
    for _ in range(2):  # pressed twice, or in two windows, it is still one hour
        house.post("/availability", {**sent, "state": "on"})
        assert until(house).until_at == NOON + hours(2)


def test_one_hour_more_goes_no_further_than_twelve_hours(house: House) -> None:
    house.post("/availability", {"state": "on", "until": "open"})
    sent = {"state": "on", "until": "more", "end": iso(NOON + hours(12))}
    reply = house.post("/availability", sent)
    assert reply.status_code == 422
    assert "12 hours at most" in words(reply)
    assert until(house).until_at == NOON + hours(12)


@pytest.mark.parametrize("end", ["", "later", "2026-11-22", "2026-11-22T15:00"])
def test_one_hour_more_than_nothing_is_a_sentence(house: House, end: str) -> None:
    reply = house.post("/availability", {"state": "on", "until": "more", "end": end}, **JSON)
    assert (reply.status_code, reply.json()["field"]) == (422, "end")
    assert not until(house).is_on


def test_on_a_break_the_page_says_so_and_the_board_when_one_is_back(house: House) -> None:
    # S38 S39 S87 V5
    house.post("/availability", {"state": "on", "until": "hour"})
    assert [b.words for b in toggle(house).all("button", name="minutes")] == [
        "10 min",
        "20 min",
        "30 min",
    ]
    reply = house.post("/availability/break", {"minutes": "20"})
    assert (reply.status_code, reply.headers["location"]) == (303, "/dashboard")
    shown = toggle(house)
    assert shown.attrs["data-on"] == "break"
    assert "You are on a break until 7:20am EST" in shown.words
    assert "You are back by yourself, and available until 8:00am EST" in shown.words
    assert on_the_board(house, "Lee Chen").startswith("Lee Chen On a break, back 7:20am EST")
    house.enter("Rosa Lind")
    number = house.ask("Jordan Park")
    sheet = words(house.get(f"/requests/{number}/assignment"))
    assert "Lee Chen Not Available : on a break, back 7:20am EST" in sheet
    assert "0 of 3 on-demand providers available" in words(house.get("/scheduling/requests"))


def test_a_break_that_outlasts_the_toggle_promises_no_return(house: House) -> None:
    house.post("/availability", {"state": "on", "until": "time", "until_time": "07:05"})
    house.post("/availability/break", {"minutes": "10"})
    shown = toggle(house).words
    assert "You are on a break" in shown
    assert "Your availability ends at 7:05am EST, before the break does." in shown
    board = on_the_board(house, "Lee Chen")
    assert "On a break" in board
    assert "back" not in board


def test_coming_back_early_is_one_press(house: House) -> None:
    house.post("/availability", {"state": "on", "until": "hour"})
    house.post("/availability/break", {"minutes": "30"})
    assert toggle(house).one("button", class_="button--primary").words == "I'm back"
    house.post("/availability/break/end")
    assert toggle(house).attrs["data-on"] == "yes"
    assert until(house).is_available_at(NOON)


def test_a_break_of_no_length_there_is_says_which_there_are(house: House) -> None:
    house.post("/availability", {"state": "on", "until": "hour"})
    before = until(house)
    for minutes_, sentence in (
        ("45", "10, 20 or 30 minutes"),
        ("", "how long"),
        ("x", "whole number"),
    ):
        reply = house.post("/availability/break", {"minutes": minutes_})
        assert reply.status_code == 422
        assert sentence in words(reply)
    assert until(house) == before


def test_patients_and_schedulers_have_no_break_to_take(house: House) -> None:
    for name in ("Jordan Park", "Rosa Lind"):
        house.enter(name)
        assert house.post("/availability/break", {"minutes": "10"}).status_code == 404
        assert house.post("/availability/break/end").status_code == 404


def test_available_and_not_connected_is_said_on_the_board_and_in_the_dialog(house: House) -> None:
    # S38 S41: it decides nothing, so the provider can be chosen all the same
    house.post("/availability", {"state": "on", "until": "hour"})
    number = house.ask("Jordan Park")
    assert on_the_board(house, "Lee Chen").startswith(
        "Lee Chen Available until 8:00am EST, not connected"
    )
    house.enter("Rosa Lind")
    sheet = words(house.get(f"/requests/{number}/assignment"))
    assert "Lee Chen Available until 8:00am EST , not connected" in sheet
    lee = house.desk.people["Lee Chen"].person_id
    system = system_actor(house.desk.account)
    house.run(house.desk.store.perform, keep_connected, KeepConnected((lee,)), system)
    assert "not connected" not in on_the_board(house, "Lee Chen")
    house.enter("Rosa Lind")
    sheet = words(house.get(f"/requests/{number}/assignment"))
    assert "Lee Chen Available until 8:00am EST No sessions" in sheet
