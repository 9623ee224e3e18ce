"""The filter, and the lists of what has left the board, without scripts."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dispatch.reading import Due
from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.sessions import CancelSession, cancel_session
from dispatch.usecases.visits import (
    Arrive,
    Depart,
    FinishVisit,
    MissPatient,
    StartVisit,
    arrive,
    depart,
    finish_visit,
    miss_patient,
    start_visit,
)
from dispatch.vocabulary import RequestNumber, SessionId
from server.rendering.spoken_time import spoken_datetime
from tests.builders import NOON, hours, minutes
from tests.web.board_pages import BOARD, board, row
from tests.web.house import House, open_house
from tests.web.pages import numbers, read
from tests.web.sittings import AT, planned


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        house.enter("Sam Ortiz")
        yield house


def accept(house: House, number: RequestNumber, host: str, time: datetime | None = None) -> None:
    command = AcceptRequest(
        number, 1, house.desk.people[host].person_id, time, "", frozenset({"unavailable"})
    )
    house.run(house.desk.does, "Sam Ortiz", accept_request, command)


def test_somebody_with_one_clinic_sees_it_alone_and_no_filter(house: House) -> None:  # S34
    house.ask("Jordan Park")
    house.ask("Mia Wells", clinic="Southside")
    house.enter("Rosa Lind")
    page = board(house)
    assert numbers(page) == ["1001"]
    assert not page.all("button", data_filter="")
    assert "Southside" not in page.words


def test_the_filter_shows_a_subset_and_clearing_it_shows_all(house: House) -> None:  # S32 S33
    house.ask("Jordan Park")
    house.ask("Mia Wells", clinic="Southside")
    house.ask("Noah Brook", clinic="Eastside")
    house.enter("Tom Vale")
    ids = {name: clinic.id for name, clinic in house.desk.clinics.items()}
    page = board(house)
    assert numbers(page) == ["1001", "1002", "1003"]
    assert page.one("button", data_filter="").words == "Filter"
    offered = page.one("form", id="filter")
    assert [c.words for c in offered.all("label")] == ["Eastside", "Northside", "Southside"]

    page = board(house, f"{BOARD}?clinic={ids['Southside']}&clinic={ids['Eastside']}")
    assert numbers(page) == ["1002", "1003"]
    assert "2 waiting in Eastside and Southside (3 in all clinics)" in page.words
    assert page.one("form", id="filter").one("a").attrs["href"] == BOARD
    assert numbers(board(house, BOARD)) == ["1001", "1002", "1003"]


def test_a_filtered_page_does_not_follow_the_other_clinics_where_it_shows_rows(
    house: House,
) -> None:  # S35
    house.ask("Jordan Park")
    house.ask("Mia Wells", clinic="Southside")
    north, south = house.desk.clinics["Northside"], house.desk.clinics["Southside"]
    page = board(house, f"{BOARD}?clinic={south.id}")
    live = json.loads(page.one("main").attrs["data-live"])
    assert [place["stream"] for place in live] == [f"clinic:{south.id}"]
    hidden = page.one("div", data_elsewhere="")
    assert hidden.is_hidden()
    assert [p["stream"] for p in json.loads(hidden.attrs["data-live"])] == [f"clinic:{north.id}"]


def test_a_filter_never_hides_lateness(house: House) -> None:  # S33 S79
    house.ask("Jordan Park")
    house.clock.advance(minutes(6))
    south = house.desk.clinics["Southside"].id
    line = board(house, f"{BOARD}?clinic={south}").one("p", data_line="elsewhere")
    assert not line.is_hidden()
    assert line.words == "1 request over target is hidden by your filter. Show"
    assert not board(house).all("p", data_line="elsewhere")


@pytest.mark.parametrize("asked", ["9999", "x", "-1", "1e3", "99999999999999999999"])
def test_a_filter_that_names_no_clinic_of_theirs_shows_all(house: House, asked: str) -> None:  # S55
    house.ask("Jordan Park")
    assert numbers(board(house, f"{BOARD}?clinic={asked}")) == ["1001"]


def test_a_foreign_clinic_in_the_filter_shows_nothing_of_it(house: House) -> None:  # S34 S55
    house.ask("Jordan Park")
    house.ask("Mia Wells", clinic="Eastside", note="Secret")
    answer = house.get(f"{BOARD}?clinic={house.desk.clinics['Eastside'].id}")
    assert "Secret" not in answer.text
    assert "Eastside" not in answer.text


def test_an_answered_request_leaves_the_board_for_recently_decided(house: House) -> None:  # S64
    number = house.ask("Jordan Park", NOON + hours(3))
    house.ask("Mia Wells")
    accept(house, number, "Lee Chen", NOON + hours(3))
    assert numbers(board(house)) == ["1002"]
    decided = row(board(house, "/scheduling/decided"), 1001)
    assert "Accepted by Sam Ortiz for Lee Chen" in decided.words
    coming = board(house, "/scheduling/sessions")
    assert "Lee Chen" in row(coming, 1001).words
    assert "Scheduled" in row(coming, 1001).words


BY_ROSA = "Accepted by Rosa Lind for Lee Chen"


@pytest.mark.parametrize(
    ("deeds", "says"),
    [
        ([], BY_ROSA + " Session {at}"),
        (["arrive"], BY_ROSA + " Session {at} · patient waiting"),
        (["arrive", "depart"], BY_ROSA + " Session {at} · patient away"),
        (["start"], BY_ROSA + " Session {at} · in progress"),
        (["start", "finish"], BY_ROSA + " Session {at} · over"),
        (["call off"], "Cancelled " + BY_ROSA + " Session {at}"),
        (["miss"], "Patient did not come " + BY_ROSA + " Session {at}"),
        (["arrive", "time"], "Provider did not come " + BY_ROSA + " Session {at}"),
    ],
)
def test_recently_decided_says_what_became_of_the_session(
    house: House, deeds: list[str], says: str
) -> None:
    # S64
    of = SessionId(planned(house, AT))
    house.clock.set(AT)
    for deed in deeds:
        match deed:
            case "arrive":
                house.run(house.desk.does, "Jordan Park", arrive, Arrive(of))
            case "depart":
                house.run(house.desk.does, "Jordan Park", depart, Depart(of))
            case "start":
                house.run(house.desk.does, "Lee Chen", start_visit, StartVisit(of))
            case "finish":
                house.run(house.desk.does, "Lee Chen", finish_visit, FinishVisit(of))
            case "call off":
                house.run(house.desk.does, "Rosa Lind", cancel_session, CancelSession(of, 1))
            case "miss":
                house.run(house.desk.does, "Rosa Lind", miss_patient, MissPatient(of))
            case _:
                house.clock.advance(hours(2))
                house.run(house.desk.settles, Due("visit", house.desk.account, of))
    shown = row(board(house, "/scheduling/decided"), 1001).one("td", class_="result")
    said = " ".join(
        child if isinstance(child, str) else f" {child.words}" for child in shown.children
    )
    assert " ".join(said.split()) == says.format(at=spoken_datetime(AT, "America/New_York"))


def test_a_returned_request_takes_its_old_place(house: House) -> None:  # S30
    number = house.ask("Jordan Park", NOON + hours(3))
    house.clock.advance(minutes(1))
    house.ask("Mia Wells")
    accept(house, number, "Lee Chen", NOON + hours(3))
    form = row(board(house, "/scheduling/decided"), 1001).one("form")
    version = form.one("input", name="version").attrs["value"]
    answer = house.post(form.attrs["action"], {"version": version, "from": "decided"})
    assert answer.headers["location"] == "/scheduling/decided"
    assert numbers(board(house)) == ["1001", "1002"]
    assert not board(house, "/scheduling/sessions").all("tr", data_number="1001")


def test_decided_requests_and_sessions_are_found_by_number_and_by_name(house: House) -> None:
    for patient in ("Jordan Park", "Mia Wells"):
        accept(
            house,
            house.ask(patient, NOON + hours(3)),
            "Lee Chen" if patient[0] == "J" else "Max Roy",
            NOON + hours(3),
        )
    for path in ("/scheduling/decided", "/scheduling/sessions"):
        assert numbers(board(house, f"{path}?q=1002")) == ["1002"]
        found = read(house.post(path, {"q": "jordan"}).text)
        assert numbers(found) == ["1001"]
        nothing = read(house.post(path, {"q": "nobody"}).text)
        assert not nothing.one("div", data_list_unmatched="").is_hidden()
        assert nothing.one("div", data_list_empty="").is_hidden()


def test_a_name_in_an_address_is_not_searched_for(house: House) -> None:
    accept(house, house.ask("Jordan Park", NOON + hours(3)), "Lee Chen", NOON + hours(3))
    page = board(house, "/scheduling/decided?q=Mia")
    assert numbers(page) == ["1001"]
    assert page.one("input", id="q").attrs["value"] == ""


def test_lists_without_rows_say_so(house: House) -> None:
    for path in ("/scheduling/decided", "/scheduling/sessions"):
        page = board(house, path)
        assert not page.one("div", data_list_empty="").is_hidden()
        assert page.one("div", data_list_unmatched="").is_hidden()


def test_decisions_older_than_a_day_are_not_listed(house: House) -> None:
    number = house.ask("Jordan Park", NOON + hours(3))
    accept(house, number, "Lee Chen", NOON + hours(3))
    house.clock.advance(timedelta(hours=11))
    assert numbers(board(house, "/scheduling/decided")) == ["1001"]
    house.clock.advance(timedelta(hours=13, seconds=1))
    house.enter("Sam Ortiz")
    assert numbers(board(house, "/scheduling/decided")) == []
