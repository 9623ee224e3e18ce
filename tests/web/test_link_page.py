"""A request by its link: seen without a sign-in, taken back, and found again by a new link."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.letter import Letter
from dispatch.people import system_actor
from dispatch.status_link import write_token
from dispatch.usecases.administration import CreatePerson, create_person
from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.claims import ClaimRequest, claim_request
from dispatch.usecases.people import ChangePerson, change_person
from dispatch.usecases.refusal import DeclineRequest, decline_request
from dispatch.vocabulary import NoticeKind, PersonId, RequestStatus
from tests.builders import NOON, a_person, hours, minutes
from tests.web.house import House, open_house, title, words

SENT = "If somebody with that e-mail address has asked to be seen, a new link is on its way to it."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


def link_to(house: House, number: int) -> str:
    secret = house.read(lambda reading: reading.link_secret())
    return f"/r/{write_token(house.request(number).id, house.clock.now(), secret)}"


def letters(house: House, kind: NoticeKind) -> list[Letter]:
    account = house.desk.account
    posted = house.read(lambda reading: reading.posted(account, only_failed=False, limit=100))
    found = [
        house.read(lambda reading: reading.letter(each.id)) for each in posted if each.kind is kind
    ]
    return [letter for letter in found if letter]


def patient_with_address(house: House, name: str, email: str) -> None:
    desk = house.desk
    group = desk.clinics["Northside"].patient_group.id
    person = a_person(name, account_id=desk.account, email=email)
    command = CreatePerson(person, asks_in=frozenset({group}))
    done = house.run(desk.store.perform, create_person, command, system_actor(desk.account))
    house.run(desk.look_up, name, PersonId(done.entity.id))


def accept(house: House, number: int, response: str = "") -> None:
    found = house.request(number)
    host = house.desk.people["Lee Chen"].person_id
    house.run(house.desk.toggle, "Lee Chen")
    command = AcceptRequest(
        found.number, found.version, host, found.times[0] if found.times else None, response,
        frozenset({"unavailable"}),
    )  # fmt: skip
    house.run(house.desk.does, "Sam Ortiz", accept_request, command)


def test_a_link_shows_the_request_to_whoever_holds_it(house: House) -> None:  # S88
    number = house.ask("Jordan Park", note="Private words")
    page = house.get(link_to(house, number))
    assert page.status_code == 200
    assert f"Your request {number}" in words(page)
    assert "You are 1st in line" in words(page)
    assert "We can’t give a good estimate right now." in words(page)
    assert "Private words" not in page.text
    assert "Jordan" not in page.text
    assert title(page).startswith("Waiting · Northside")
    assert "data-live=" in page.text


def test_a_link_looks_at_no_cookie(house: House) -> None:
    number = house.ask("Jordan Park")
    house.enter("Sam Ortiz")
    page = house.get(link_to(house, number))
    assert page.status_code == 200
    assert "Sam Ortiz" not in page.text
    assert "set-cookie" not in page.headers


def test_the_address_is_said_to_nobody(house: House) -> None:
    number = house.ask("Jordan Park")
    path = link_to(house, number)
    token = path.removeprefix("/r/")
    page = house.get(path, **{"sec-fetch-site": "none"})
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in page.text
    assert token not in title(page)
    # Only the page's own socket is told; forms go to where they stand, and links name nothing of it.
    assert page.text.count(token) == page.text.count(f'data-socket="{path}/live"') == 1
    assert "http" not in page.text.partition("<body")[2].replace("http-equiv", "")


def test_being_looked_at_and_accepted_are_shown_without_the_scheduler(house: House) -> None:
    # S58 S59 S88
    number = house.ask("Jordan Park")
    path = link_to(house, number)
    house.run(house.desk.does, "Sam Ortiz", claim_request, ClaimRequest(number, "a-tab-of-sam"))
    assert "Being looked at now" in words(house.get(path))
    accept(house, number, "Have your list of medicines ready.")
    page = house.get(path)
    assert title(page).startswith("Accepted · Northside")
    assert "Lee Chen" in words(page)
    assert "Have your list of medicines ready." in words(page)
    assert "Join your visit" in words(page)
    assert "Sam Ortiz" not in page.text


def test_whoever_holds_the_link_can_take_the_request_back(house: House) -> None:
    number = house.ask("Jordan Park")
    path = link_to(house, number)
    page = house.get(path)
    assert (
        '<form class="stack" method="post">' in page.text
    )  # no address: none in the page's frames
    for _ in range(2):  # pressed twice is done once
        reply = house.post(path, {"do": "withdraw"})
        assert (reply.status_code, reply.headers["location"]) == (303, path)
        assert house.request(number).status is RequestStatus.WITHDRAWN
    assert "You took this request back" in words(house.get(path))


def test_the_same_key_withdraws_once(house: House) -> None:
    number = house.ask("Jordan Park")
    path = link_to(house, number)
    fields = {"do": "withdraw", "key": "k" * 20}
    replies = [house.post(path, fields, accept="application/json").json() for _ in range(2)]
    assert [reply["ok"] for reply in replies] == [True, True]
    assert house.request(number).version == 2


def test_too_late_is_said_with_what_became_of_it(house: House) -> None:
    number = house.ask("Jordan Park")
    path = link_to(house, number)
    accept(house, number)
    reply = house.post(path, {"do": "withdraw"})
    assert reply.status_code == 409
    assert "This request was accepted at 7:00am EST." in words(reply)
    assert "Lee Chen" in words(reply)
    assert house.request(number).status is RequestStatus.ACCEPTED


def test_an_answer_is_read_and_put_aside_by_its_own_link_alone(house: House) -> None:
    # S56 V3
    number = house.ask("Jordan Park")
    decline = DeclineRequest(number, house.request(number).version, response="See your doctor.")
    house.run(house.desk.does, "Sam Ortiz", decline_request, decline)
    now = house.clock.advance(minutes(1))
    for due in house.read(lambda reading: reading.due(now, 10)):
        house.run(house.desk.settles, due)
    other, path = house.ask("Mia Wells"), link_to(house, number)
    assert house.post(link_to(house, other), {"do": "dismiss"}).status_code == 409
    house.enter("Sam Ortiz")
    assert "See your doctor." in words(house.get(path))
    assert 'value="dismiss"' in house.get(path).text
    assert house.request(number).awaits_dismissal
    for _ in range(2):
        reply = house.post(path, {"do": "dismiss"})
        assert (reply.status_code, reply.headers["location"]) == (303, path)
    assert not house.request(number).awaits_dismissal
    assert 'value="dismiss"' not in house.get(path).text
    assert house.ask("Jordan Park") > number


def test_a_link_does_what_it_lists_and_nothing_else(house: House) -> None:
    number = house.ask("Jordan Park")
    for fields in ({}, {"do": "accept"}, {"do": "return"}):
        assert house.post(link_to(house, number), fields).status_code == 422
    assert house.request(number).version == 1


def test_a_link_that_has_ended_gives_the_phone_and_a_way_to_a_new_one(house: House) -> None:
    number = house.ask("Jordan Park")
    path = link_to(house, number)
    house.post(path, {"do": "withdraw"})
    house.clock.advance(hours(7 * 24) - minutes(1))
    assert house.get(path).status_code == 200
    house.clock.advance(minutes(1))
    page = house.get(path)
    assert page.status_code == 410
    assert title(page).startswith("This link has ended")
    assert "Send me a new link" in words(page)
    assert f"Your request {number}" not in words(page)
    assert house.post(path, {"do": "withdraw"}).status_code == 410


def test_who_got_the_link_by_mistake_is_shut_out_when_the_address_is_put_right(
    house: House,
) -> None:
    patient_with_address(house, "Nora New", "wrong@example.org")
    link = link_to(house, house.ask("Nora New"))
    assert house.get(link).status_code == 200
    house.clock.advance(minutes(1))
    house.add_with_password("Ruth Gold", "ruth@example.org", is_administrator=True)
    key = house.desk.people["Nora New"].person_id
    command = ChangePerson(key, "Nora New", "right@example.org", None, "UTC", False)
    house.run(house.desk.does, "Ruth Gold", change_person, command)
    page = house.get(link)
    assert page.status_code == 410
    assert "It was sent to an e-mail address that is not used any more." in words(page)
    assert house.post(link, {"do": "withdraw"}).status_code == 410
    assert house.request(1001).status is RequestStatus.PENDING


def test_a_link_that_was_cut_off_leads_to_the_same_form(house: House) -> None:
    number = house.ask("Jordan Park")
    for path in (link_to(house, number)[:-3], "/r/x", "/r/" + "A" * 40, "/r"):
        page = house.get(path)
        assert page.status_code == (200 if path == "/r" else 404)
        assert "Send me a new link" in words(page)
        assert "Northside" not in words(page)


def ask_for_link(house: House, email: str, **headers: str) -> Any:
    return house.post("/r", {"email": email}, **headers)


def test_a_new_link_is_mailed_to_whoever_is_known_and_the_answer_is_the_same(house: House) -> None:
    patient_with_address(house, "Pat Doe", "pat@example.org")
    known = ask_for_link(house, "Pat@Example.org ")
    unknown = ask_for_link(house, "nobody@example.org")
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert known.text.replace(
        known.text.partition("data-now=")[2][:15], ""
    ) == unknown.text.replace(unknown.text.partition("data-now=")[2][:15], "")
    assert SENT in words(known)
    assert letters(house, NoticeKind.LINK) == []  # Pat has asked for nothing


def test_the_new_link_leads_to_the_request_again(house: House) -> None:
    patient_with_address(house, "Pat Doe", "pat@example.org")
    number = house.ask("Pat Doe")
    old = link_to(house, number)
    house.post(old, {"do": "withdraw"})
    house.clock.advance(hours(30 * 24))
    assert house.get(old).status_code == 410
    assert SENT in words(ask_for_link(house, "pat@example.org"))
    [letter] = letters(house, NoticeKind.LINK)
    assert (letter.address, letter.number) == ("pat@example.org", number)
    assert house.get(letter.path).status_code == 200
    assert house.get(old).status_code == 410
    house.clock.advance(hours(7 * 24))
    assert house.get(letter.path).status_code == 410


@pytest.mark.parametrize("typed", ["", "  ", "pat", "p" * 300 + "@example.org"])
def test_what_is_no_address_is_said_and_kept(house: House, typed: str) -> None:
    reply = ask_for_link(house, typed)
    assert reply.status_code == 422
    assert "There is a problem" in words(reply)


def test_nobody_can_have_a_mailbox_filled_nor_addresses_tried(house: House) -> None:
    for _ in range(2):
        assert ask_for_link(house, "pat@example.org").status_code == 200
    refused = ask_for_link(house, "pat@example.org")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    assert "There were too many tries. Wait a minute, then try again." in words(refused)
    house.clock.advance(minutes(1))
    for index in range(20):
        assert ask_for_link(house, f"p{index}@example.org").status_code == 200
    assert ask_for_link(house, "p99@example.org").status_code == 429


def test_the_first_message_leads_there_without_a_sign_in(house: House) -> None:
    number = house.ask("Jordan Park", NOON + hours(5))
    [letter] = letters(house, NoticeKind.RECEIVED)
    page = house.get(letter.path)
    assert f"Your request {number}" in words(page)
    accept(house, number)
    [invitation] = letters(house, NoticeKind.INVITATION)
    assert invitation.path.startswith("/r/")
    assert "Lee Chen" in words(house.get(invitation.path))


def test_the_range_that_a_page_shows_first_is_kept(house: House) -> None:
    house.run(house.desk.toggle, "Lee Chen")
    seen = frozenset({"unavailable", *(f"session:{n}" for n in range(1, 40))})
    host = house.desk.people["Lee Chen"].person_id
    for _ in range(8):
        number = house.ask("Zoe Hart")
        house.clock.advance(minutes(3))
        command = AcceptRequest(number, 1, host, confirmed=seen)
        house.run(house.desk.does, "Sam Ortiz", accept_request, command)
    number = house.ask("Jordan Park")
    page = house.get(link_to(house, number))
    assert "Most people like you wait 5 to 10 minutes today." in words(page)
    kept = house.read(lambda reading: reading.told_waits([house.request(number).id]))
    assert [str(told) for told in kept.values()] == ["5 to 10"]
    house.clock.advance(minutes(11))
    late = words(house.get(link_to(house, number)))
    assert "Sorry, this is taking longer than usual. You are still in line ( 1st )." in late
    assert "Most people like you" not in late
