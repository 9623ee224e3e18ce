"""A toggle whose answer was lost is sent again with the same key, later, and is the same toggle."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from dispatch.usecases.availability import SetAvailability
from server.codec import fingerprint
from tests.builders import hours, minutes, seconds
from tests.web.house import House, open_house

KEY = "k" * 20


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        opened.enter("Lee Chen")
        yield opened


def until(house: House) -> object:
    lee = house.desk.people["Lee Chen"].person_id
    return house.read(lambda reading: reading.availabilities([lee]))[lee].until_at


def test_an_hour_sent_twice_is_one_hour(house: House) -> None:
    began = house.clock.now()
    wish = {"state": "on", "until": "hour", "key": KEY}
    assert house.post("/availability", wish).status_code == 303
    assert until(house) == began + hours(1)
    house.clock.advance(seconds(8))
    again = house.post("/availability", wish, accept="application/json")
    assert (again.status_code, again.json()["was_there"]) == (200, True)
    assert until(house) == began + hours(1)


def test_the_same_key_with_another_wish_is_still_refused(house: House) -> None:
    house.post("/availability", {"state": "on", "until": "hour", "key": KEY})
    other = {"state": "on", "until": "open", "key": KEY}
    assert house.post("/availability", other).status_code == 409


def test_equal_lengths_of_time_have_one_fingerprint_and_others_another() -> None:
    def mark(lasts: timedelta | None) -> str:
        return fingerprint("set", SetAvailability(True, lasts=lasts))

    assert mark(minutes(60)) == mark(hours(1))
    assert len({mark(hours(1)), mark(hours(25)), mark(seconds(1)), mark(None)}) == 4
