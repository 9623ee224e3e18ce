"""People not known yet go through a public calendar, and confirm by mail that it was them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.form import Question, QuestionKey, QuestionKind
from dispatch.people import system_actor
from dispatch.ports import Due
from dispatch.usecases.forms import SaveForm, save_form
from dispatch.usecases.intake import DismissAnswer, dismiss_answer
from dispatch.usecases.refusal import DeclineRequest, decline_request
from dispatch.vocabulary import RequestNumber, RequestStatus
from tests.builders import hours, minutes
from tests.web.calendar_pages import (
    FIRST,
    KEY,
    SECOND,
    THIRD,
    TOKEN,
    accept,
    go_on,
    letters,
    linked,
    open_calendar,
    page_of,
    post,
    send,
    text,
    who,
    wish,
)
from tests.web.house import House, words
from tests.web.pages import read


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_calendar(tmp_path) as opened:
        yield opened


def test_a_stranger_goes_from_a_time_to_the_board_without_scripts(house: House) -> None:
    # S12 V7: each form is filled as the page before gave it
    page = page_of(house, "/book/east/times")
    page = page_of(house, page.all("a", class_="time")[1].attrs["href"])
    page = page_of(house, page.one(class_="onward").one("a").attrs["href"])
    page = go_on(house, page, "Continue", **who(name="Vera <b>New</b>", zone="Europe/Berlin"))
    page = go_on(house, page, "Continue", note="My knee.")
    shown = page.one("main").words
    for said in ("Vera <b>New</b>", "vera@example.net", "My knee.", "Tue 24 Nov 2026, 10:20am CET"):
        assert said in shown
    page = go_on(house, page, "Send request")
    assert "look into your mailbox" in page.one("main").words
    assert "vera" not in page.one("main").words
    assert house.read(lambda r: r.request(house.desk.account, RequestNumber(1001))) is None
    path = linked(house)
    page = page_of(house, path)
    assert "Was it you who asked for this?" in page.one("main").words
    page_of(house, path)
    assert house.read(lambda r: r.request(house.desk.account, RequestNumber(1001))) is None
    confirmed = go_on(house, page, "Yes, confirm the request").one("main").words
    assert "1001" in confirmed  # the page of the request itself
    assert "Withdraw" in confirmed
    request = house.request(1001)
    assert (request.times, request.status) == ((SECOND,), RequestStatus.PENDING)
    assert (request.note, request.zone) == ("My knee.", "Europe/Berlin")
    house.enter("Tom Vale")
    board = house.get("/scheduling/requests")
    assert "Vera &lt;b&gt;New&lt;/b&gt;" in board.text  # S69


def test_who_is_not_said_well_is_asked_again_with_everything_kept(house: House) -> None:
    reply = post(
        house, "questions", wish(house, FIRST, THIRD, **who(name="", email="vera", phone="x"))
    )
    assert reply.status_code == 422
    page = read(reply.text)
    assert [a.attrs["href"] for a in page.one(class_="error-summary").all("a")] == [
        "#name",
        "#email",
        "#phone",
    ]
    assert page.one("input", id="email").attrs["value"] == "vera"
    assert [i.attrs["value"] for i in page.all("input", name="t")] == [text(FIRST), text(THIRD)]
    for step in ("review", "requests"):
        assert post(house, step, wish(house, **who(email="vera"), key=KEY)).status_code == 422
    long = post(house, "review", wish(house, **who(), note="n" * 2001))
    assert long.status_code == 422
    assert "Keep this under 2000 characters" in words(long)


def test_the_answer_is_the_same_whether_or_not_the_address_is_known(house: House) -> None:
    house.add_with_password("Nora Known", "nora@example.org")
    known, unknown = (
        send(house, email="nora@example.org"),
        send(house, email="new@example.org", key="u" * 22),
    )
    assert (known.status_code, known.headers["location"]) == (303, "/book/east/sent")
    assert (unknown.status_code, unknown.headers["location"]) == (303, "/book/east/sent")
    assert dict(known.headers).keys() == dict(unknown.headers).keys()
    assert house.get("/book/east/sent").text == house.get("/book/east/sent").text
    assert letters(house) == 2


def test_sending_twice_and_from_the_page_before_is_one_booking(house: House) -> None:
    first, again = send(house), send(house)
    assert first.headers["location"] == again.headers["location"] == "/book/east/sent"
    assert letters(house) == 1
    other = send(house, SECOND)  # back, another time, and the same sheet of paper
    assert other.status_code == 409
    assert "already sent" in words(other)
    fresh = read(other.text).one("input", name="key").attrs["value"]
    assert fresh != KEY
    assert send(house, SECOND, key=fresh).status_code == 303
    assert letters(house) == 2


def test_too_many_requests_wait_in_words(house: House) -> None:
    for count in range(3):
        assert send(house, key=f"{count}" * 22).status_code == 303
    reply = send(house, key="x" * 22)
    assert reply.status_code == 429
    assert 0 < int(reply.headers["retry-after"]) <= 60
    assert "There were too many requests. Wait a minute, then send it again." in words(reply)
    assert "vera@example.net" in words(reply)  # nothing typed is lost
    for count in range(7):
        sent = send(house, key=f"{count}y" * 11, email=f"v{count}@example.net")
        assert sent.status_code == 303
    assert send(house, key="z" * 22, email="another@example.net").status_code == 429
    house.clock.advance(minutes(2))
    assert send(house, key="w" * 22, email="another@example.net").status_code == 303
    house.enter("Jordan Park")
    assert (
        post(house, "requests", wish(house, key="j" * 22)).status_code == 303
    )  # members never wait


def test_one_address_gets_three_links_a_day_wherever_they_are_asked_for(house: House) -> None:
    for count in range(5):
        assert send(house, key=f"{count}" * 22).status_code == 303
        house.clock.advance(minutes(2))
    assert letters(house) == 3


def test_a_link_that_is_cut_off_or_too_old_says_so_and_no_more(house: House) -> None:
    send(house)
    path = linked(house)
    cut = house.get(path[:-1])
    assert cut.status_code == 404
    house.clock.advance(hours(24))
    for reply in (house.get(path), house.post(path), house.post(path[:-1])):
        assert (reply.status_code, words(reply)) == (404, words(cut))
    assert house.read(lambda r: r.request(house.desk.account, RequestNumber(1001))) is None


def test_confirming_once_more_shows_the_same_request(house: House) -> None:
    send(house)
    path = linked(house)
    for _ in range(2):
        reply = house.post(path)
        assert (reply.status_code, reply.headers["location"]) == (303, path)
    shown = house.get(path)
    assert shown.headers["location"].startswith("/r/")
    assert "1001" in words(house.get(shown.headers["location"]))
    assert house.read(lambda r: r.request(house.desk.account, RequestNumber(1002))) is None
    reply = house.get(path, **{"sec-fetch-site": "none"})
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert reply.headers["cache-control"] == "no-store"


def test_whoever_presses_the_button_the_request_is_of_the_address_that_was_written_to(
    house: House,
) -> None:
    # V7 S67: a link that was passed on makes no request of whoever else is signed in
    send(house)
    path = linked(house)
    house.enter("Jordan Park")
    assert house.post(path).status_code == 303
    asked = house.request(1001)
    assert asked.requester_id != house.desk.people["Jordan Park"].person_id
    account = house.desk.account
    person = house.read(lambda reading: reading.person(account, asked.requester_id))
    assert person
    assert (person.name, person.email) == ("Vera New", "vera@example.net")
    assert "Vera" not in house.get("/requests").text
    assert house.get("/requests/1001").status_code == 404


def test_confirming_what_has_gone_leads_back_to_the_calendar(house: House) -> None:
    send(house)
    path = linked(house)
    accept(house, house.ask("Mia Wells", FIRST, clinic="Eastside", host="Eva Stone"))
    reply = house.post(path)
    assert reply.status_code == 409
    assert "None of the times is free any more" in words(reply)
    assert 'href="/book/east"' in reply.text


def test_a_known_person_with_an_open_request_is_told_of_it(house: House) -> None:
    house.add_with_password("Nora Known", "nora@example.org")
    send(house, email="nora@example.org")
    first = linked(house)
    house.post(first)
    send(house, SECOND, email="nora@example.org", key="s" * 22)
    second = linked(house, TOKEN[::-1])
    house.post(second)
    shown = words(house.get(second))
    assert "You already have an open request here" in shown
    assert "1001" in shown
    assert house.request(1001).requester_id == house.desk.people["Nora Known"].person_id


def test_a_sign_in_on_the_way_brings_the_times_along(house: House) -> None:
    query = "&".join(f"{name}={value}" for name, value in wish(house, SECOND, FIRST))
    page = page_of(house, f"/book/east/you?{query}")
    link = next(a for a in page.all("a") if a.words == "Sign in").attrs["href"]
    house.enter("Jordan Park")
    reply = house.get(link)
    assert reply.headers["location"].startswith("/book/east/questions?")
    asked = page_of(house, reply.headers["location"])
    assert [i.attrs["value"] for i in asked.all("input", name="t")] == [text(SECOND), text(FIRST)]


def test_every_step_says_what_to_do_in_an_emergency(house: House) -> None:
    emergency = house.desk.clinics["Eastside"].emergency_text
    replies = [
        house.get("/book/east/times"),
        house.get("/book/east/sent"),
        *(post(house, step, wish(house, **who())) for step in ("you", "questions", "review")),
    ]
    assert all(emergency in words(reply) for reply in replies)
    assert not any(re.search(r"\bstyle=", reply.text) for reply in replies)


def test_the_clinics_questions_are_a_step_and_their_answers_come_to_the_board(house: House) -> None:
    # S9 V7
    east = house.desk.clinics["Eastside"].id
    kinds = Question(QuestionKey(2), QuestionKind.SEVERAL, "You need", options=("A", "B & C"))
    where = Question(
        QuestionKey(1), QuestionKind.SHORT_TEXT, "Where does it hurt?", is_required=True
    )
    system = system_actor(house.desk.account)
    house.run(house.desk.store.perform, save_form, SaveForm(east, 0, (where, kinds)), system)
    page = read(post(house, "questions", wish(house, **who())).text)
    form = page.one("form", action="/book/east/review")
    assert form.one("input", name="q1")
    version = form.one("input", name="form_version").attrs["value"]
    missing = post(house, "review", wish(house, **who(), form_version=version))
    assert missing.status_code == 422
    assert "Answer this question." in words(missing)
    answers = [("form_version", version), ("q1", "My <knee>"), ("q2", "A"), ("q2", "B & C")]
    reviewed = post(house, "review", [*wish(house, **who()), *answers])
    assert "My <knee>" in words(reviewed)
    assert "A, B & C" in words(reviewed)
    hidden = read(reviewed.text).one("form", action="/book/east/requests").all("input")
    sent = [(i.attrs["name"], i.attrs["value"]) for i in hidden]
    assert post(house, "requests", sent).headers["location"] == "/book/east/sent"
    # Another form by the time it is confirmed changes nothing about what was answered.
    house.run(house.desk.store.perform, save_form, SaveForm(east, 1, (kinds,)), system)
    house.post(linked(house))
    assert house.request(1001).note == "Where does it hurt? My <knee>\nYou need: A, B & C"
    again = post(house, "requests", [*sent[:-1], ("key", "n" * 22)])
    assert again.status_code == 422
    assert "The clinic changed its questions while you were writing." in words(again)


def test_who_has_not_read_an_answer_reads_it_before_they_confirm_another(house: House) -> None:
    # V3: the link stays good, and so does what was chosen
    house.add_with_password("Nora Known", "nora@example.org")
    send(house, email="nora@example.org")
    house.post(linked(house))
    decline = DeclineRequest(RequestNumber(1001), house.request(1001).version)
    house.run(house.desk.does, "Tom Vale", decline_request, decline)
    house.clock.advance(minutes(1))
    house.run(house.desk.settles, Due("decline", house.desk.account, house.request(1001).id))
    send(house, SECOND, email="nora@example.org", key="s" * 22)
    path = linked(house, TOKEN[::-1])
    reply = house.post(path)
    assert reply.status_code == 422
    assert "answered your request 1001" in words(reply)
    assert "Yes, confirm the request" in words(reply)
    house.run(house.desk.look_up, "Nora Known")
    house.run(house.desk.does, "Nora Known", dismiss_answer, DismissAnswer(RequestNumber(1001)))
    assert house.post(path).status_code == 303
    assert house.request(1002).times == (SECOND,)
