"""A patient waits, is told, and sees nobody's requests but their own."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from dispatch.people import Actor
from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.claims import ClaimRequest, claim_request
from dispatch.usecases.refusal import DeclineRequest, decline_request
from dispatch.vocabulary import RequestStatus
from tests.builders import NOON, minutes, seconds
from tests.web.house import House, open_house, title, words


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        opened.enter("Jordan Park")
        yield opened


def person(house: House, name: str) -> Actor:
    return house.desk.people[name]


def decline(house: House, number: int, response: str = "") -> None:
    """Decline it and let the ten seconds pass."""
    version = house.request(number).version
    command = DeclineRequest(house.request(number).number, version, response=response)
    house.run(house.desk.does, "Sam Ortiz", decline_request, command)
    now = house.clock.advance(seconds(10))
    for due in house.read(lambda reading: reading.due(now, 10)):
        house.run(house.desk.settles, due)


def accept(house: House, number: int, response: str = "") -> None:
    found = house.request(number)
    house.run(house.desk.toggle, "Lee Chen")
    command = AcceptRequest(
        number=found.number,
        expected_version=found.version,
        host_id=person(house, "Lee Chen").person_id,
        response=response,
    )
    house.run(house.desk.does, "Sam Ortiz", accept_request, command)


def test_nobody_sees_anothers_request(house: House) -> None:  # S67
    number = house.ask("Mia Wells", note="Private words")
    assert house.get(f"/requests/{number}").status_code == 404
    assert house.get(f"/requests/new?again={number}").status_code == 200
    assert "Private words" not in house.get(f"/requests/new?again={number}").text
    assert "Private words" not in house.get("/requests").text
    house.enter("Sam Ortiz")
    assert house.get(f"/requests/{number}").status_code == 404
    assert house.get("/requests").status_code == 403


def test_the_empty_list_says_what_will_be_there(house: House) -> None:
    reply = house.get("/requests")
    assert "You have not asked for a visit yet" in words(reply)
    assert 'data-empty="request">' in reply.text
    house.ask("Jordan Park")
    assert 'data-empty="request" hidden>' in house.get("/requests").text


def test_being_looked_at_is_shown_without_a_name(house: House) -> None:  # S88
    number = house.ask("Jordan Park")
    claim = ClaimRequest(number, "a-tab-of-sam")
    house.run(house.desk.does, "Sam Ortiz", claim_request, claim)
    reply = house.get(f"/requests/{number}")
    assert "Being looked at now" in words(reply)
    assert "Sam" not in words(reply)


def test_accepted_shows_the_host_the_words_and_the_meeting(house: House) -> None:  # S59, S61, S88
    number = house.ask("Jordan Park")
    accept(house, number, response="Have your list of medicines ready.")
    for page in (house.get(f"/requests/{number}"), house.get("/requests")):
        text = words(page)
        assert "Lee Chen" in text
        assert "Have your list of medicines ready." in text
        assert "Join your visit" in text
        assert "Sam Ortiz" not in text
    assert title(house.get(f"/requests/{number}")).startswith("Accepted · ")
    assert "withdrawal" not in house.get(f"/requests/{number}").text


def test_declined_shows_the_words_and_the_next_steps(house: House) -> None:  # S56, S57, V3
    number = house.ask("Jordan Park", note="Sore throat")
    decline(house, number, "Please see your own doctor.")
    page = house.get(f"/requests/{number}")
    assert title(page).startswith("Declined · ")
    assert house.desk.clinics["Northside"].declined_text in words(page)
    assert "Please see your own doctor." in words(page)
    refused = house.get(f"/requests/new?again={number}")
    assert refused.headers["location"] == f"/requests/{number}?already=1"
    told = words(house.get(refused.headers["location"]))
    assert "Read the answer and dismiss it, then you can ask again." in told
    dismissed = house.post(f"/requests/{number}/dismissal", {"then": "again"})
    assert dismissed.headers["location"] == f"/requests/new?again={number}"
    again = house.get(dismissed.headers["location"])
    assert "Sore throat</textarea>" in again.text
    assert 'value="Now" checked' in again.text


def test_declined_without_words_has_no_bubble(house: House) -> None:  # S27
    number = house.ask("Jordan Park")
    decline(house, number)
    assert house.request(number).status is RequestStatus.DECLINED
    assert 'class="bubble"' not in house.get(f"/requests/{number}").text


def test_an_ordinary_decline_offers_no_group(house: House) -> None:
    number = house.ask("Jordan Park")
    decline(house, number)
    assert "Ask the whole group instead" not in words(house.get(f"/requests/{number}"))


def test_what_nobody_answered_stays_on_the_list_and_stands_in_nobodys_way(house: House) -> None:
    # V3: there is no answer to read, so there is nothing to dismiss
    number = house.ask("Jordan Park", NOON + minutes(30))
    now = house.clock.advance(minutes(30))
    for due in house.read(lambda reading: reading.due(now, 10)):
        house.run(house.desk.settles, due)
    assert house.request(number).status is RequestStatus.EXPIRED
    for path in ("/requests", f"/requests/{number}"):
        page = house.get(path)
        assert "Not answered" in words(page)
        assert f'href="/requests/new?again={number}"' in page.text
        assert "/dismissal" not in page.text
    assert house.post(f"/requests/{number}/dismissal").status_code == 409
    again = house.ask("Jordan Park")
    assert again > number
    listed = words(house.get("/requests"))
    assert f"Request {number}" in listed
    assert f"Request {again}" in listed


def test_withdrawing_takes_one_confirmation_and_no_script(house: House) -> None:
    number = house.ask("Jordan Park")
    page = house.get(f"/requests/{number}").text
    assert "Your place in line will be given up." in page
    reply = house.post(f"/requests/{number}/withdrawal", {"from": "patient"})
    assert (reply.status_code, reply.headers["location"]) == (303, "/requests")
    assert house.request(number).status is RequestStatus.WITHDRAWN
    assert "You took this request back." in words(house.get("/requests"))


def test_withdrawing_too_late_says_what_became_of_it(house: House) -> None:
    number = house.ask("Jordan Park")
    accept(house, number)
    reply = house.post(f"/requests/{number}/withdrawal", {"from": "patient"})
    assert reply.status_code == 409
    assert "This request was accepted at" in words(reply)
    assert "{at}" not in reply.text


def test_an_answer_that_nobody_read_comes_first_then_the_open_request(house: House) -> None:
    first = house.ask("Jordan Park")
    house.clock.advance(minutes(1))
    second = house.ask("Jordan Park", clinic="Southside")
    accept_time = house.clock.advance(minutes(1))
    assert accept_time > NOON
    house.run(
        house.desk.does,
        "Sam Ortiz",
        decline_request,
        DeclineRequest(second, house.request(second).version),
    )
    now = house.clock.advance(seconds(10))
    for due in house.read(lambda reading: reading.due(now, 10)):
        house.run(house.desk.settles, due)
    html = house.get("/requests").text
    shown = re.findall(
        r'data-order="([^"]+)"[^>]*data-title="\w+ · Request (\d+)"', html, re.DOTALL
    )
    assert [int(number) for _, number in shown] == [second, first]
    assert [order for order, _ in shown] == sorted(order for order, _ in shown)


def test_a_dismissed_answer_goes_back_into_the_row(house: House) -> None:  # V3
    number = house.ask("Jordan Park")
    decline(house, number)
    house.clock.advance(minutes(1))
    house.ask("Jordan Park", clinic="Southside")
    assert '<form class="card__actions"' in house.get("/requests").text
    for _ in range(2):
        reply = house.post(f"/requests/{number}/dismissal")
        assert (reply.status_code, reply.headers["location"]) == (303, "/requests")
    html = house.get("/requests").text
    assert 'dismissal"' not in html
    assert "Ask again" in html
    assert re.findall(r'data-order="(\d)/', html) == ["1", "2"]


@pytest.mark.parametrize(
    ("name", "status"),
    [("Mia Wells", 404), ("Sam Ortiz", 403), ("Lee Chen", 403), ("Kim Sand", 404)],
)
def test_nobody_but_who_asked_dismisses_an_answer(house: House, name: str, status: int) -> None:
    # V3: another patient, a scheduler of the clinic, a host of its group, a host elsewhere
    number = house.ask("Jordan Park")
    decline(house, number, "Please see your own doctor.")
    before = house.request(number)
    house.enter(name)
    assert house.post(f"/requests/{number}/dismissal").status_code == status
    house.leave()
    assert house.post(f"/requests/{number}/dismissal").status_code in {303, 401}
    assert house.request(number) == before
    house.enter("Jordan Park")
    assert 'dismissal"' in house.get("/requests").text


def test_the_page_says_what_it_shows_and_as_of_when(house: House) -> None:  # S90
    number = house.ask("Jordan Park")
    stream = f"patient:{person(house, 'Jordan Park').person_id}"
    head = house.read(lambda reading: reading.cursor(stream))
    for path in ("/requests", f"/requests/{number}"):
        live = unescape(house.get(path).text.partition('data-live="')[2].partition('"')[0])
        assert f'"stream":"{stream}","projection":"patient","seq":{head.seq}' in live
        assert f'"tag":"{head.tag}"' in live
    assert 'data-only="request:' in house.get(f"/requests/{number}").text


def test_a_waiting_page_renews_itself_without_scripts(house: House) -> None:
    number = house.ask("Jordan Park")
    assert '<noscript><meta http-equiv="refresh"' in house.get(f"/requests/{number}").text
    house.post(f"/requests/{number}/withdrawal", {"from": "patient"})
    assert "http-equiv" not in house.get(f"/requests/{number}").text


def test_a_page_that_is_not_there_offers_no_second_try(house: House) -> None:
    reply = house.get("/nothing-of-the-kind")
    assert reply.status_code == 404
    assert "Go to the start page" in words(reply)
    assert "Try again" not in words(reply)
