"""A public calendar for its members, page by page; what is off is not there for anybody."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.people import system_actor
from dispatch.ports import Due
from dispatch.usecases.booking_setup import SetBooking, SetCalendar, set_booking, set_calendar
from dispatch.usecases.intake import DismissAnswer, dismiss_answer
from dispatch.usecases.refusal import DeclineRequest, decline_request
from dispatch.vocabulary import RequestNumber
from tests.builders import NOON, hours, minutes
from tests.web.calendar_pages import (
    FIRST,
    KEY,
    SECOND,
    TEN,
    THIRD,
    accept,
    letters,
    offered,
    open_calendar,
    open_east,
    page_of,
    post,
    ranked,
    send,
    who,
    wish,
)
from tests.web.house import House, title, words
from tests.web.pages import read


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_calendar(tmp_path) as opened:
        yield opened


def test_what_is_off_answers_like_what_does_not_exist(house: House) -> None:
    # S13
    nothing = words(house.get("/book/nothing"))
    system, store = system_actor(house.desk.account), house.desk.store
    east = house.desk.clinics["Eastside"]
    house.run(store.perform, set_calendar, SetCalendar(east.id, None, "east", False), system)
    for path in ("", "/times", "/you", "/questions", "/sent"):
        reply = house.get(f"/book/east{path}")
        assert (reply.status_code, words(reply)) == (404, nothing)
    for step in ("you", "questions", "review", "requests"):
        assert post(house, step, wish(house, **who(), key=KEY)).status_code == 404
    own = house.get("/book/eva-stone", accept="text/html")
    assert own.status_code == 303  # hers is on
    house.run(store.perform, set_booking, SetBooking(False), system)
    assert house.get("/book/eva-stone").status_code == 404
    house.enter("Jordan Park")
    assert post(house, "requests", wish(house, key=KEY), "eva-stone").status_code == 404
    assert house.read(lambda r: r.request(house.desk.account, RequestNumber(1001))) is None


def test_a_calendar_for_patients_only_asks_everybody_else_to_sign_in(house: House) -> None:
    house.run(lambda: open_east(house, takes_unknown=False))
    for path in ("/book/east", "/book/east/times?zone=UTC"):
        reply = house.get(path)
        assert reply.status_code == 303
        assert reply.headers["location"].startswith("/sign-in?next=%2Fbook%2Feast")
    back = send(house).headers["location"]
    assert back.startswith("/sign-in?next=%2Fbook%2Feast%2Fquestions%3Fservice%3D"), (
        "times are kept"
    )
    assert letters(house) == 0
    house.enter("Jordan Park")
    assert house.get("/book/east/times").status_code == 200
    house.enter("Lee Chen")
    assert house.get("/book/east/times").status_code == 403


def test_an_administrator_looks_at_a_closed_calendar_and_cannot_ask_there(house: House) -> None:
    house.add_with_password("Ruth Gold", "ruth@example.org", is_administrator=True)
    system, store = system_actor(house.desk.account), house.desk.store
    house.run(store.perform, set_booking, SetBooking(False), system)
    house.enter("Ruth Gold")
    page = page_of(house, f"/book/east/times?service={wish(house)[0][1]}")
    assert "preview" in page.one("main").words
    assert offered(page)
    assert "Continue" not in page.one("main").words
    assert send(house).status_code == 409
    house.enter("Tom Vale")
    assert house.get("/book/east").status_code == 404


def test_a_member_skips_who_they_are_and_lands_on_their_request(house: House) -> None:
    # S12 V7
    house.enter("Jordan Park")
    query = "&".join(f"{name}={value}" for name, value in wish(house, SECOND, FIRST))
    reply = house.get(f"/book/east/you?{query}")
    assert reply.headers["location"] == f"/book/east/questions?{query}"
    asked = house.get(f"/book/east/questions?{query}")
    assert "E-mail" not in words(asked)
    reviewed = post(house, "review", [*wish(house, SECOND, FIRST), ("note", "My <knee>.")])
    assert "My <knee>." in words(reviewed)
    assert "Tue 24 Nov 2026, 4:20am EST" in words(reviewed)
    sent = post(
        house, "requests", [*wish(house, SECOND, FIRST), ("note", "My <knee>."), ("key", KEY)]
    )
    assert (sent.status_code, sent.headers["location"]) == (303, "/requests/1001")
    request = house.request(1001)
    assert (request.times, request.note) == ((SECOND, FIRST), "My <knee>.")
    assert request.requester_id == house.desk.people["Jordan Park"].person_id
    assert letters(house) == 0
    again = post(
        house, "requests", [*wish(house, SECOND, FIRST), ("note", "My <knee>."), ("key", KEY)]
    )
    assert again.headers["location"] == "/requests/1001?already=1"  # sent twice, asked once
    other = post(house, "requests", [*wish(house, THIRD), ("key", "o" * 22)])
    assert other.headers["location"] == "/requests/1001?already=1"


def test_a_time_that_somebody_took_meanwhile_is_said_with_the_nearest_ones(house: House) -> None:
    # S13
    house.enter("Jordan Park")
    number = house.ask("Mia Wells", FIRST, clinic="Eastside", host="Eva Stone")
    assert (
        post(house, "review", wish(house, FIRST, THIRD)).status_code == 200
    )  # a request takes none
    accept(house, number)
    for step in ("review", "requests"):
        reply = post(house, step, wish(house, FIRST, THIRD, key=KEY))
        assert reply.status_code == 409
        text_ = words(reply)
        assert (
            "Someone else just asked for Tue 24 Nov 2026, 4:00am EST. Here are the nearest times."
            in text_
        )
        page = read(reply.text)
        nearest = [a.words for a in page.one(class_="error-summary").all("a", class_="time")]
        assert nearest == [
            "Tue 24 Nov 2026, 4:20am EST",
            "Tue 24 Nov 2026, 5:00am EST",
            "Tue 24 Nov 2026, 5:20am EST",
        ]
        assert ranked(page) == ["4:40am EST"]  # the other one is kept
    assert title(reply).startswith("Error:")
    assert house.read(lambda r: r.request(house.desk.account, RequestNumber(number + 1))) is None


def test_a_time_that_never_was_an_opening_is_refused_at_every_step(house: House) -> None:
    # S13
    crafted = (TEN + minutes(5), TEN - hours(3), TEN + hours(24 * 300), NOON - hours(1))
    for at in crafted:
        for step in ("you", "questions", "review", "requests"):
            reply = post(house, step, wish(house, at, **who(), key=KEY))
            assert reply.status_code == 409, (at, step)
            assert "not free" in words(reply) or "has passed" in words(reply)
    for step in ("you", "questions", "review", "requests"):
        reply = post(house, step, [wish(house)[0], *who().items()])
        assert reply.status_code == 422
        assert "Choose at least one time." in words(reply)
    assert letters(house) == 0


def test_an_answer_that_was_not_read_yet_stands_before_the_next_ask(house: House) -> None:
    # V3: whoever asks on a calendar, and nothing they chose is lost
    number = house.ask("Jordan Park", FIRST, clinic="Eastside", host="Eva Stone")
    decline = DeclineRequest(number, house.request(number).version)
    house.run(house.desk.does, "Eva Stone", decline_request, decline)
    house.clock.advance(minutes(1))
    house.run(house.desk.settles, Due("decline", house.desk.account, house.request(number).id))
    house.enter("Jordan Park")
    reply = post(house, "requests", wish(house, SECOND, key=KEY))
    assert reply.status_code == 422
    assert f"answered your request {number}" in words(reply)
    assert read(reply.text).one("form", action="/book/east/requests")
    house.run(house.desk.does, "Jordan Park", dismiss_answer, DismissAnswer(number))
    assert post(house, "requests", wish(house, SECOND, key=KEY)).status_code == 303
