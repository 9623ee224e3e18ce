"""Knows a provider's calendar in the browser: what its form is sent, and which rules it makes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dispatch.slots import CalendarRule
from tests.web.house import House
from tests.web.office import open_office

SLOTS = "/me/slots"
JSON = {"accept": "application/json"}
TUESDAY = {
    "repeats": "weekly",
    "weekdays": "1",
    "first_day": "2026-11-24",
    "last_day": "2026-12-31",
    "starts": "09:00",
    "ends": "12:00",
}
ONCE = {"repeats": "once", "first_day": "2026-11-25", "starts": "09:00", "ends": "12:00"}


@contextmanager
def open_slots(tmp_path: Path) -> Iterator[House]:
    """Open a house with an administrator, whose browser is a provider's."""
    with open_office(tmp_path, enters="Eva Stone") as opened:
        yield opened


def rules(house: House, name: str = "Eva Stone") -> list[CalendarRule]:
    host = house.desk.people[name].person_id
    return list(house.read(lambda reading: reading.calendar_rules([host])))


def added(house: House, fields: dict[str, Any], path: str = f"{SLOTS}/new") -> int:
    answer = house.post(path, fields)
    assert (answer.status_code, answer.headers["location"]) == (303, SLOTS)
    return rules(house)[-1].id
