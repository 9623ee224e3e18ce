"""The scheduling pages as a browser without scripts gets them, from the real application on a real file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.people import system_actor
from dispatch.usecases.alerts import SetAlerts, set_alerts
from dispatch.usecases.claims import ClaimRequest, claim_request
from dispatch.usecases.refusal import DeclineRequest, PassRequest, decline_request, pass_request
from dispatch.vocabulary import NoticeKind
from server.rendering.spoken_time import spoken_time
from tests.builders import NOON, hours, minutes, seconds
from tests.web.board_pages import BOARD, board, row
from tests.web.house import House, open_house
from tests.web.pages import Element, numbers

LABELS = [
    "Request #",
    "Requestor",
    "Request Type",
    "Virtual Clinic Patient Group",
    "Virtual Clinic Host Group",
    "Request To",
    "Service",
    "Request Pending For",
    "Request Time(s)",
    "Request Note",
]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        house.enter("Sam Ortiz")
        yield house


def cell(page: Element, number: int, label: str) -> str:
    [found] = [c for c in row(page, number).walk() if c.attrs.get("data-label") == label]
    return found.words


def test_only_people_with_a_scheduler_relation_find_the_scheduling_pages(
    house: House,
) -> None:  # S29
    paths = (BOARD, "/scheduling/decided", "/scheduling/sessions", f"{BOARD}/new")
    assert [house.get(path).status_code for path in paths] == [200] * 4
    for name in ("Lee Chen", "Jordan Park"):
        house.enter(name)
        assert [house.get(path).status_code for path in paths] == [404] * 4
    house.leave()
    assert house.get(BOARD).headers["location"].startswith("/sign-in?next=")


def test_scheduling_leads_to_requests(house: House) -> None:  # S29
    page = board(house)
    main, sub = page.one("nav", aria_label="Main"), page.one("nav", aria_label="Scheduling")
    assert main.one("a", aria_current="page").words == "Scheduling"
    assert sub.one("a", aria_current="page").words == "Requests"
    below = board(house, "/scheduling/sessions").one("nav", aria_label="Main")
    assert below.one("a", aria_current="true").words == "Scheduling"


def test_the_ten_columns_have_the_labels_of_the_source(
    house: House,
) -> None:  # S68 S69 S70 S71 S72 S73 S74 S75 S76 S77
    house.ask("Jordan Park", note="Sore throat")
    page = board(house)
    heads = [th.words for th in page.all("th", scope="col")]
    assert heads[:10] == LABELS
    assert [
        c.attrs["data-label"] for c in row(page, 1001).walk() if "data-label" in c.attrs
    ] == LABELS


def test_a_now_request_shows_when_it_was_made(
    house: House,
) -> None:  # S4 S7 S68 S69 S70 S71 S72 S73 S74 S77
    house.ask("Jordan Park", note="Sore throat")
    page = board(house)
    assert cell(page, 1001, "Request #") == "1001"
    assert cell(page, 1001, "Requestor") == "Jordan Park"
    assert cell(page, 1001, "Request Type") == "Now"
    assert cell(page, 1001, "Virtual Clinic Patient Group") == "Northside patients"
    assert cell(page, 1001, "Virtual Clinic Host Group") == "Northside nurses"
    assert cell(page, 1001, "Request To") == "Northside nurses"
    assert cell(page, 1001, "Service") == "Urgent care visit"
    assert cell(page, 1001, "Request Time(s)") == "Mon 23 Nov 2026, 7:00am EST"
    assert cell(page, 1001, "Request Note") == "Sore throat"


def test_a_scheduled_request_shows_all_its_times_and_whom_it_asks(
    house: House,
) -> None:  # S4 S8 S70 S73 S76
    house.ask("Jordan Park", NOON + hours(2), NOON + hours(26), host="Lee Chen")
    page = board(house)
    assert cell(page, 1001, "Request Type") == "Scheduled"
    assert cell(page, 1001, "Request To") == "Lee Chen"
    times = [time.words for time in row(page, 1001).all("span", class_="asked-time")]
    assert times == ["Mon 23 Nov 2026, 9:00am EST", "Tue 24 Nov 2026, 9:00am EST"]


def test_an_empty_note_is_an_empty_cell(house: House) -> None:  # S10
    house.ask("Jordan Park")
    assert cell(board(house), 1001, "Request Note") == ""


def test_names_and_notes_are_text(house: House) -> None:  # S69 S77
    wicked = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
    group = house.desk.clinics["Northside"].patient_group.id

    async def add() -> None:
        await house.desk.add("<b>Bobby</b> O'Tables", asks_in={group})

    house.run(add)
    house.ask("<b>Bobby</b> O'Tables", note=wicked)
    for path in (BOARD, "/requests/1001/assignment"):
        answer = house.get(path)
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text
        assert "<b>Bobby" not in answer.text
    page = board(house)
    assert cell(page, 1001, "Requestor") == "<b>Bobby</b> O'Tables"
    assert cell(page, 1001, "Request Note") == wicked
    assert "Bobby" not in page.one("title").words


def test_the_oldest_request_comes_first_and_ties_go_by_number(house: House) -> None:  # S30 S31
    house.ask("Jordan Park", clinic="Southside")
    house.ask("Mia Wells")
    house.clock.advance(minutes(1))
    house.ask("Noah Brook", clinic="Southside")
    house.clock.advance(minutes(1))
    house.ask("Zoe Hart")
    page = board(house)
    assert numbers(page) == ["1001", "1002", "1003", "1004"]
    keys = [row(page, number).attrs["data-order"] for number in (1001, 1002, 1003, 1004)]
    assert keys == sorted(keys)


def test_the_counter_starts_at_submission(house: House) -> None:  # S78 S80
    house.ask("Jordan Park")
    house.clock.advance(minutes(3))
    counter = row(board(house), 1001).one("elapsed-time")
    assert counter.attrs["since"] == "2026-11-23T12:00:00.000Z"
    assert counter.attrs["target-seconds"] == "300"


@pytest.mark.parametrize(("waited", "over"), [(299.9, "0"), (300.0, "1")])
def test_the_glance_counts_what_is_over_the_target(
    house: House, waited: float, over: str
) -> None:  # S79
    house.ask("Jordan Park")
    house.clock.advance(seconds(waited))
    page = board(house)
    assert page.one("li", class_="tally__over").attrs["data-tally-over"] == over
    assert page.one("title").words.startswith("(1!) Requests" if over == "1" else "(1) Requests")


def test_an_empty_board_says_so(house: House) -> None:
    empty = board(house).one("div", data_board_empty="")
    assert not empty.is_hidden()
    assert "No requests are waiting" in empty.words
    house.ask("Jordan Park")
    assert board(house).one("div", data_board_empty="").is_hidden()


def test_each_row_has_an_assign_button(house: House) -> None:  # S36
    house.ask("Jordan Park")
    button = row(board(house), 1001).one("button")
    assert button.words == "Assign… request 1001"
    form = row(board(house), 1001).one("form")
    assert (form.attrs["method"], form.attrs["action"]) == ("get", "/requests/1001/assignment")


def test_a_row_says_who_is_assigning_without_resetting_its_counter(house: House) -> None:  # S83
    number = house.ask("Jordan Park")
    house.clock.advance(minutes(6))
    house.run(house.desk.does, "Rosa Lind", claim_request, ClaimRequest(number, "a-tab-of-rosas"))
    found = row(board(house), 1001)
    chip = found.one("span", class_="chip--claim")
    assert chip.words == "Rosa Lind is assigning"
    assert chip.attrs["data-claim-person"] == str(house.desk.people["Rosa Lind"].person_id)
    assert chip.attrs["data-lease-until"] == "2026-11-23T12:06:30.000Z"
    assert found.one("elapsed-time").attrs["since"] == "2026-11-23T12:00:00.000Z"


def test_a_decline_in_its_ten_seconds_can_be_undone_from_the_row(house: House) -> None:
    number = house.ask("Jordan Park")
    house.run(house.desk.does, "Rosa Lind", decline_request, DeclineRequest(number, 1))
    found = row(board(house), 1001)
    assert found.attrs["data-status"] == "declining"
    assert "Rosa Lind is declining this" in found.words
    assert found.one("button").words == "Undo decline of request 1001"
    assert (
        house.post("/requests/1001/decline/undo", {"from": "requests"}).headers["location"] == BOARD
    )
    assert row(board(house), 1001).attrs["data-status"] == "pending"


def test_a_row_says_that_every_available_provider_has_passed(house: House) -> None:
    house.run(house.desk.toggle, "Lee Chen")
    number = house.ask("Jordan Park")
    house.run(house.desk.does, "Lee Chen", pass_request, PassRequest(number))
    assert "Every available provider has passed" in row(board(house), 1001).words


def test_a_row_says_who_asked_for_the_patient(house: House) -> None:
    house.ask("Jordan Park", by="Sam Ortiz")
    assert cell(board(house), 1001, "Requestor") == "Jordan Parkasked for by Sam Ortiz"


def test_the_glance_counts_providers_with_their_toggle_on(house: House) -> None:  # S39
    house.run(house.desk.toggle, "Lee Chen", True, NOON + hours(1))
    house.run(house.desk.toggle, "Ana Ruiz", True, NOON + minutes(5))
    assert "2 of 4 on-demand providers available" in board(house).words
    house.clock.advance(minutes(5))
    page = board(house)
    assert "1 of 4 on-demand providers available" in page.words
    lines = {
        line.one("span", class_="provider-name").words: line
        for line in page.all("li", class_="provider-line")
    }
    assert "Available until 8:00am EST" in lines["Lee Chen"].words
    assert lines["Max Roy"].words.endswith("Not Available")


def test_a_request_that_nobody_took_up_says_on_its_row_when_its_alert_went_out(
    house: House,
) -> None:
    # S91: once, with the zone; the address itself is the administrators'
    desk, north = house.desk, house.desk.clinics["Northside"]
    alerts = SetAlerts(north.id, "on-call@clinic.example", 3)
    house.run(desk.store.perform, set_alerts, alerts, system_actor(desk.account))
    number = house.ask("Jordan Park")
    due_at = house.clock.now() + minutes(5 + 3)  # the target, and the clinic's patience
    for now, said in (
        (due_at - seconds(1), ""),
        (due_at, f"Escalated {spoken_time(due_at, north.zone)} to the clinic's on-call address"),
        (due_at + minutes(9), spoken_time(due_at, north.zone)),
    ):
        house.clock.set(now)
        for due in house.read(lambda reading: reading.due(house.clock.now(), 10)):
            house.run(desk.settles, due)
        told = cell(board(house), number, "Request To")
        assert said in told
        assert ("Escalated" in told) is bool(said)
    assert "on-call@clinic.example" not in house.get(BOARD).text
    posted = house.read(lambda r: r.posted(desk.account, only_failed=False, limit=50))
    sent_to = [each.address for each in posted if each.kind is NoticeKind.ESCALATED]
    assert sent_to == ["on-call@clinic.example"]
