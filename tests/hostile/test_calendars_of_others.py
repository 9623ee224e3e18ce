"""A calendar is its provider's and their account's; in public it says when, and nothing of anybody."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.recurrence import once
from dispatch.usecases.slot_rules import AddRules, add_rules
from dispatch.vocabulary import RuleKind
from tests.builders import hours, minutes
from tests.web.calendar_pages import FIRST, SECOND, TEN, THIRD, accept, open_calendar, wish
from tests.web.house import House, words
from tests.web.northside import Northside
from tests.web.slot_pages import SLOTS, TUESDAY, rules

SEEN = {"version": "1"}
PRIVATE = {"noah", "brook", "zoe", "hart", "knee", "rash", "1001", "1002"}
REASONS = {"busy", "taken", "away", "booked", "unavailable", "off"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_calendar(tmp_path) as opened:
        opened.add_with_password("Ruth Gold", "ruth@example.org", is_administrator=True)
        yield opened


def every_way(house: House, path: str, key: int) -> list[Any]:
    """Return what somebody is answered who tries everything there is at a calendar."""
    return [
        house.get(path),
        house.get(f"{path}/new"),
        house.post(f"{path}/new", TUESDAY),
        house.post(f"{path}/time-off", TUESDAY),
        house.post(f"{path}/copy", {"weekday": "1", "to": "2"}),
        *each_rule(house, path, key),
    ]


def each_rule(house: House, path: str, key: int) -> list[Any]:
    return [
        house.get(f"{path}/{key}"),
        house.post(f"{path}/{key}", TUESDAY | SEEN),
        house.post(f"{path}/{key}/end", SEEN | {"last_day": "2026-12-08"}),
        house.post(f"{path}/{key}/removal", SEEN),
    ]


def test_an_administrator_finds_no_provider_of_another_account(house: House) -> None:
    # S55
    far: Northside = house.run(Northside.build, house.desk.store)
    eva = far.people["Eva Stone"].person_id
    house.run(far.slot, "Eva Stone", TEN, TEN + hours(2))
    [rule] = house.read(lambda reading: reading.calendar_rules([eva]))
    house.enter("Ruth Gold")
    nobody = words(house.get("/admin/people/999999/slots"))
    for answer in every_way(house, f"/admin/people/{eva}/slots", rule.id):
        assert (answer.status_code, words(answer)) == (404, nobody)
    assert house.read(lambda reading: reading.calendar_rules([eva])) == [rule]


def test_the_rules_of_one_provider_are_on_no_other_providers_pages(house: House) -> None:
    # S12 S28
    key, kept = rules(house)[0].id, rules(house)
    house.enter("Lee Chen")
    for answer in each_rule(house, SLOTS, key):
        assert answer.status_code == 404
    assert "Eva" not in house.get(SLOTS).text
    lee, eva = (house.desk.people[name].person_id for name in ("Lee Chen", "Eva Stone"))
    for path in (f"/admin/people/{eva}/slots", f"/admin/people/{lee}/slots"):
        assert {answer.status_code for answer in every_way(house, path, key)} == {403}
    house.enter("Ruth Gold")
    for answer in each_rule(house, f"/admin/people/{lee}/slots", key):
        assert answer.status_code == 404, "not even by way of another's page"
    house.enter("Tom Vale")  # who schedules for her clinic
    assert {a.status_code for a in every_way(house, f"/admin/people/{eva}/slots", key)} == {403}
    assert rules(house) == kept


def test_a_public_calendar_says_neither_who_comes_nor_why_somebody_is_away(house: House) -> None:
    # S12 S13 V7 V8: what is taken and what is off are both only not there
    taken = house.ask("Noah Brook", FIRST, clinic="Eastside", host="Eva Stone", note="My knee.")
    accept(house, taken)
    house.ask("Zoe Hart", SECOND, clinic="Eastside", host="Eva Stone", note="A rash.")
    eva = house.desk.people["Eva Stone"]
    away = AddRules(
        eva.person_id, (once(THIRD, THIRD + minutes(20), "UTC"),), RuleKind.OUT_OF_OFFICE
    )
    house.run(house.desk.store.perform, add_rules, away, eva)
    query = "&".join(f"{name}={value}" for name, value in wish(house, SECOND))
    service = wish(house)[0][1]
    for who in ("", "Jordan Park"):
        house.leave()
        if who:
            house.enter(who)
        for slug in ("east", "eva-stone"):
            times = house.get(f"/book/{slug}/times?service={service}")
            assert times.status_code == 200
            assert "4:20am" in words(times), "a request takes nothing"
            assert "4am" not in words(times)
            assert "4:00am" not in words(times)
            assert "4:40am" not in words(times)
            pages = [times, house.get(f"/book/{slug}"), house.get(f"/book/{slug}/you?{query}")]
            for page in pages:
                said = set(re.findall(r"[\w-]+", page.text.lower()))
                assert said & PRIVATE == set()
                assert set(words(page).lower().split()) & REASONS == set()
