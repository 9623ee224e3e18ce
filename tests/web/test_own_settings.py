"""Everybody sets the zone in which times are written for them, and in which they type them."""

from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest

from dispatch.people import Actor
from tests.web.house import House, open_house, words
from tests.web.pages import read

SETTINGS = "/me/settings"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        opened.add_with_password("Ruth Gold", "ruth@example.org", is_administrator=True)
        yield opened


def actor(house: House, name: str) -> Actor:
    found = house.read(lambda reading: reading.actor(house.desk.people[name].person_id))
    assert found
    return found


@pytest.mark.parametrize("name", ["Jordan Park", "Eva Stone", "Rosa Lind", "Ruth Gold"])
def test_everybody_sets_their_own_zone_and_reads_times_in_it(house: House, name: str) -> None:
    # S91
    house.enter(name)
    shown = house.get(SETTINGS)
    chosen = [
        o for o in read(shown.text).one("select", id="zone").all("option") if "selected" in o.attrs
    ]
    assert [option.attrs["value"] for option in chosen] == ["America/New_York"]
    assert "Mon 23 Nov 2026, 7:00am EST" in words(shown)
    answer = house.post(SETTINGS, {"zone": "Asia/Kathmandu"})
    assert answer.status_code == 303
    assert actor(house, name).zone == "Asia/Kathmandu"
    kept = house.get(answer.headers["location"])
    assert "Saved. It is now Mon 23 Nov 2026, 5:45pm UTC+0545" in words(kept)
    assert 'data-zone="Asia/Kathmandu"' in kept.text


@pytest.mark.parametrize(
    "zone", ["", "Mars/Olympus", "../../etc/passwd", "x" * 64, "x" * 200, "America"]
)
def test_a_zone_that_is_none_is_refused(house: House, zone: str) -> None:
    # S91
    house.enter("Jordan Park")
    answer = house.post(SETTINGS, {"zone": zone})
    assert answer.status_code == 422
    assert read(answer.text).all("p", id="zone-error")
    assert actor(house, "Jordan Park").zone == "America/New_York"


def test_a_zone_by_an_older_name_stays_chosen_until_another_is(house: House) -> None:
    # S91
    house.enter("Jordan Park")
    assert house.post(SETTINGS, {"zone": "US/Eastern"}).status_code == 303
    options = read(house.get(SETTINGS).text).one("select", id="zone").all("option")
    assert [o.attrs["value"] for o in options if "selected" in o.attrs] == ["US/Eastern"]


def test_slots_stay_on_the_clock_that_they_were_made_on(house: House) -> None:
    # S91 S92
    house.enter("Eva Stone")
    tuesday = {
        "repeats": "weekly",
        "weekdays": "1",
        "first_day": "2026-11-24",
        "starts": "09:00",
        "ends": "12:00",
    }
    assert house.post("/me/slots/new", tuesday).status_code == 303
    house.post(SETTINGS, {"zone": "Europe/London"})
    said = words(house.get("/me/slots"))
    assert "All hours are London time" in said
    assert "9am to 12 midday repeats weekly from Tue 24 Nov 2026 · New York time" in said
    eva = house.desk.people["Eva Stone"].person_id
    [rule] = house.read(lambda reading: reading.calendar_rules([eva]))
    assert (rule.when.zone, rule.when.starts) == ("America/New_York", time(9))
    sent = tuesday | {"starts": "10:00", "version": "1"}
    assert house.post(f"/me/slots/{rule.id}", sent).status_code == 303
    [rule] = house.read(lambda reading: reading.calendar_rules([eva]))
    assert (rule.when.zone, rule.when.starts) == ("America/New_York", time(10))


def test_whoever_is_signed_out_has_no_settings(house: House) -> None:
    assert house.get(SETTINGS).headers["location"].startswith("/sign-in")
