"""The form of a slot says what is wrong with it beside each field, and loses nothing typed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.web.house import House, title, words
from tests.web.pages import read
from tests.web.slot_pages import ONCE, SLOTS, TUESDAY, added, open_slots, rules


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_slots(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("fields", "name", "sentence"),
    [
        (TUESDAY | {"ends": "08:00"}, "ends", "It ends before it starts."),
        (TUESDAY | {"ends": ""}, "ends", "Enter when it ends, like 5:00pm."),
        (TUESDAY | {"starts": "9 o'clock"}, "starts", "Enter when it starts, like 9:00am."),
        (TUESDAY | {"weekdays": []}, "weekdays", "Choose the days of the week."),
        (TUESDAY | {"weekdays": "8"}, "weekdays", "Choose the days of the week."),
        (TUESDAY | {"repeats": ""}, "repeats", "Choose whether it repeats."),
        (TUESDAY | {"first_day": "24.11."}, "first_day", "Enter a day, like 24 November 2026."),
        (TUESDAY | {"first_day": "20261124"}, "first_day", "Enter a day, like 24 November 2026."),
        (TUESDAY | {"last_day": "2026-11-01"}, "last_day", "The last day comes before the first."),
        (ONCE | {"first_day": "2026-11-20"}, "first_day", "Choose a time that is still to come."),
        (
            ONCE | {"first_day": "2027-03-14", "starts": "02:30", "ends": "05:00"},
            "starts",
            "The clocks skip 2:30am that day. The next time there is 3:00am.",
        ),
    ],
)
def test_what_cannot_be_meant_is_said_beside_its_field_and_nothing_typed_is_lost(
    house: House, fields: dict[str, Any], name: str, sentence: str
) -> None:
    # S92
    answer = house.post(f"{SLOTS}/new", fields)
    assert answer.status_code == 422
    page = read(answer.text)
    assert sentence in page.one("p", id=f"{name}-error").words
    assert sentence in page.one("div", class_="error-summary").words
    assert title(answer).startswith("Error: ")
    assert page.one("input", id="starts").attrs["value"] == fields["starts"]
    assert [
        box.attrs["value"] for box in page.all("input", name="weekdays") if "checked" in box.attrs
    ] == [value for value in fields.get("weekdays", []) if value in "0123456"]
    assert rules(house) == []


def test_every_mistake_is_found_at_once(house: House) -> None:
    answer = house.post(f"{SLOTS}/new", {"repeats": "weekly"})
    said = read(answer.text).one("div", class_="error-summary").words
    for sentence in (
        "when it starts",
        "when it ends",
        "Enter a day",
        "Choose the days of the week.",
    ):
        assert sentence in said


def test_slots_that_overlap_are_refused_with_the_time_in_ones_own_zone(house: House) -> None:
    # S91
    added(house, TUESDAY)
    answer = house.post(f"{SLOTS}/new", TUESDAY | {"starts": "11:00", "ends": "13:00"})
    assert answer.status_code == 422
    assert "It overlaps a slot that is there: 11:00am EST tomorrow." in words(answer)
    assert len(rules(house)) == 1


def test_of_a_time_that_comes_twice_it_is_asked_which_one_is_meant(house: House) -> None:
    # S92
    night = ONCE | {"first_day": "2027-11-07", "starts": "01:30", "ends": "04:00"}
    assert not read(house.get(f"{SLOTS}/new").text).all("select", name="starts_later")
    answer = house.post(f"{SLOTS}/new", night)
    assert answer.status_code == 422
    page = read(answer.text)
    assert "first EDT (UTC-4), then EST (UTC-5)" in page.one("p", id="starts_later-error").words
    options = page.one("select", id="starts_later").all("option")
    assert [option.attrs["value"] for option in options] == ["", "first", "second"]
    key = added(house, night | {"starts_later": "second"})
    host, start = house.desk.people["Eva Stone"].person_id, datetime(2027, 11, 7, tzinfo=UTC)
    [slot] = house.read(lambda r: r.slots([host], start, start + timedelta(days=1)))
    assert slot.starts_at == datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
    shown = read(house.get(f"{SLOTS}/{key}").text)
    chosen = [
        o for o in shown.one("select", id="starts_later").all("option") if "selected" in o.attrs
    ]
    assert [option.attrs["value"] for option in chosen] == ["second"]
    assert "the second 1:30am to 4am" in words(house.get(SLOTS))
