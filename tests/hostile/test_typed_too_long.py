"""Whatever is too long is said at the form, and what was typed before the limit is still there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.vocabulary import RequestStatus
from tests.web.house import House, open_house, words
from tests.web.pages import read

WORDS = "Please bring your list. "
LONG = WORDS * 1000  # 24,000 characters; the reply's own limit is 500


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        opened.ask("Jordan Park")
        opened.enter("Sam Ortiz")
        yield opened


def fields(house: House, **more: str) -> dict[str, str]:
    lee = house.desk.people["Lee Chen"].person_id
    return {"version": "1", "from": "requests", "host": str(lee), "time": "now"} | more


@pytest.mark.parametrize("answer", ["acceptance", "decline"])
def test_an_endless_reply_is_given_back_cut(house: House, answer: str) -> None:
    reply = house.post(f"/requests/1001/{answer}", fields(house, response=LONG))
    assert reply.status_code == 422
    assert "Keep the reply under 500 characters." in words(reply)
    area = read(reply.text).one("textarea", name="response")
    assert area.words.startswith(WORDS * 100)
    assert house.request(1001).status is RequestStatus.PENDING


@pytest.mark.parametrize("answer", ["acceptance", "decline"])
def test_a_script_is_told_the_real_limit(house: House, answer: str) -> None:
    told = house.post(
        f"/requests/1001/{answer}", fields(house, response=LONG), accept="application/json"
    )
    assert (told.status_code, told.json()["field"]) == (422, "response")
    assert told.json()["sentence"] == "Keep the reply under 500 characters."


@pytest.mark.parametrize("field", ["time", "host", "version"])
def test_an_endless_choice_keeps_the_reply(house: House, field: str) -> None:
    crafted = fields(house, response="Bring your list.") | {field: "1" * 300}
    reply = house.post("/requests/1001/acceptance", crafted)
    assert reply.status_code == 422
    assert read(reply.text).one("textarea", name="response").words == "Bring your list."


@pytest.mark.parametrize("answer", ["acceptance", "decline"])
def test_an_endless_reason_or_place_keeps_the_reply(house: House, answer: str) -> None:
    crafted = fields(house, response="Bring your list.", reason="x" * 300)
    if answer == "decline":
        reply = house.post("/requests/1001/decline", crafted)
        assert reply.status_code == 422
        assert read(reply.text).one("textarea", name="response").words == "Bring your list."
    placed = fields(house, version="9", response="Bring your list.") | {"from": "x" * 300}
    reply = house.post(f"/requests/1001/{answer}", placed)
    assert reply.status_code == 409
    assert read(reply.text).one("textarea", name="response").words == "Bring your list."


def test_an_endless_place_does_not_turn_what_was_done_into_an_error(house: House) -> None:
    sent = fields(house) | {"from": "x" * 300}
    reply = house.post("/requests/1001/decline", sent)
    assert (reply.status_code, reply.headers["location"]) == (303, "/scheduling/requests")
