"""While a clinic is closed its patients read when it opens, and ask for a time instead."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatch.people import system_actor
from dispatch.timetable import Closure, Hours
from dispatch.usecases.hours import AddClosure, SetHours, add_closure, set_hours
from tests.web.house import House, open_house, words
from tests.web.office import seen_on


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        opened.enter("Jordan Park")
        yield opened


def local(house: House) -> datetime:
    zone = house.desk.clinics["Northside"].timetable.tz
    return house.clock.now().astimezone(zone)


def tomorrow_from_eight(house: House) -> None:
    there = (local(house).weekday() + 1) % 7
    command = SetHours(house.desk.clinics["Northside"].id, (Hours(there, 8 * 60, 17 * 60),))
    system = system_actor(house.desk.account)
    house.run(house.desk.store.perform, set_hours, command, system)


def fields(house: House, **changes: Any) -> dict[str, Any]:
    north = house.desk.clinics["Northside"]
    return {
        "clinic": north.id,
        "service": north.services[0].id,
        "type": "Now",
        "key": "k" * 22,
        **changes,
    }


def test_the_page_says_when_it_opens_and_offers_times_only(house: House) -> None:
    tomorrow_from_eight(house)
    page = house.get(f"/requests/new?clinic={house.desk.clinics['Northside'].id}")
    assert "Northside opens at 8:00am EST tomorrow. Pick a time instead." in words(page)
    assert 'id="type-now"' not in page.text
    assert '<input type="hidden" name="type" value="Scheduled">' in page.text


def test_a_page_from_before_is_refused_with_the_same_sentence(house: House) -> None:
    tomorrow_from_eight(house)
    refused = house.post("/requests/new", fields(house))
    assert refused.status_code == 422
    assert words(refused).count("Northside opens at 8:00am EST tomorrow.") >= 1
    script = house.post("/requests/new", fields(house), accept="application/json")
    assert script.json()["sentence"] == (
        "Northside opens at 8:00am EST tomorrow. Pick a time instead."
    )
    at = local(house) + timedelta(days=2)
    timed = fields(house, type="Scheduled", time1_date=f"{at:%Y-%m-%d}", time1_time="20:00")
    assert house.post("/requests/new", timed).status_code == 303


def test_a_closed_day_cannot_be_asked_for(house: House) -> None:
    day = local(house).date() + timedelta(days=2)
    command = AddClosure(house.desk.clinics["Northside"].id, Closure(day, day, "Snow"))
    house.run(house.desk.store.perform, add_closure, command, system_actor(house.desk.account))
    timed = fields(house, type="Scheduled", time1_date=day.isoformat(), time1_time="10:00")
    refused = house.post("/requests/new", timed)
    assert refused.status_code == 422
    assert f"Northside is closed on {day:%A} {day.day} {day:%B %Y} (Snow)." in words(refused)


def test_an_administrator_sets_the_week_and_the_closures(house: House) -> None:
    house.add_with_password("Ruth Gold", "ruth@example.org", is_administrator=True)
    house.enter("Ruth Gold")
    hours = f"/admin/clinics/{house.desk.clinics['Northside'].id}/hours"
    day = (local(house).weekday() + 1) % 7
    week = {"week": "set", f"opens{day}_1": "08:00", f"closes{day}_1": "00:00"}
    week |= seen_on(house, hours, hours)
    assert house.post(hours, week).headers["location"] == f"{hours}?saved"
    page = words(house.get(hours))
    assert "Closed now Opens" in page
    for wrong in (
        {f"opens{day}_1": "09:00"},
        {f"opens{day}_1": "late", f"closes{day}_1": "10:00"},
        {f"opens{day}_1": "10:00", f"closes{day}_1": "09:00"},
        {},
        {
            f"opens{day}_1": "10:00",
            f"closes{day}_1": "12:00",
            f"opens{day}_2": "11:00",
            f"closes{day}_2": "13:00",
        },
    ):
        assert house.post(hours, {"week": "set", **wrong}).status_code == 422, wrong
    first = (local(house).date() + timedelta(days=3)).isoformat()
    closed = {"first": first, "reason": "Snow"}
    assert house.post(f"{hours}/closed", closed).status_code == 303
    assert "Snow" in words(house.get(hours))
    for no_day in ({"first": ""}, {"first": "2020-01-01"}, {"last": "2020-01-01"}):
        assert house.post(f"{hours}/closed", closed | no_day).status_code == 422
    gone = closed | {"last": first}
    assert house.post(f"{hours}/reopened", gone).status_code == 303
    assert "No closures are ahead" in words(house.get(hours))
