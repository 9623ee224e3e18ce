"""A provider keeps their own calendar in the browser: the week by day, single slots, and time off."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from dispatch.recurrence import Recurrence
from dispatch.vocabulary import RuleKind
from tests.builders import NOON
from tests.web.house import House, words
from tests.web.office import form_of
from tests.web.pages import read
from tests.web.slot_pages import JSON, ONCE, SLOTS, TUESDAY, added, open_slots, rules

PROVIDERS = {"Ana Ruiz", "Eva Stone", "Kim Sand", "Lee Chen", "Max Roy"}
SEEN = {"version": "1"}  # a slot that nobody has changed


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_slots(tmp_path) as opened:
        yield opened


def test_a_calendar_without_anything_says_so(house: House) -> None:
    # S12
    said = words(house.get(SLOTS))
    assert "All hours are New York time, your time zone." in said
    assert "0 times for Urgent care visit (20 minutes) · Eastside" in said
    assert said.count("No slots") == 7
    assert "No single slots." in said
    assert "No time off." in said


def test_where_all_clinics_are_on_demand_the_page_says_what_decides_there(house: House) -> None:
    # S39
    house.enter("Lee Chen")
    added_for_lee = house.post(f"{SLOTS}/new", TUESDAY)
    assert added_for_lee.status_code == 303
    said = words(house.get(SLOTS))
    assert "Your clinics are on demand" in said
    assert "times for" not in said


def test_a_weekly_slot_is_added_and_stands_under_its_day(house: House) -> None:
    # S12 S91
    added(house, TUESDAY)
    assert [rule.when for rule in rules(house)] == [
        Recurrence(
            "America/New_York",
            date(2026, 11, 24),
            date(2026, 12, 31),
            time(9),
            time(12),
            frozenset({1}),
        )
    ]
    page = read(house.get(SLOTS).text)
    [tuesday] = [card for card in page.all("section", class_="day") if "Tuesday" in card.words[:8]]
    assert "9am to 12 midday repeats weekly from Tue 24 Nov 2026 until Thu 31 Dec 2026" in (
        tuesday.words
    )
    # Four Tuesdays in four weeks, nine visits of 20 minutes on each
    assert "36 times for Urgent care visit" in words(house.get(SLOTS))


def test_several_days_of_one_rule_stand_under_each_and_say_so(house: House) -> None:
    added(house, TUESDAY | {"weekdays": ["0", "1", "4"], "starts": "22:30", "ends": "00:00"})
    said = words(house.get(SLOTS))
    assert said.count("10:30pm to 12 midnight repeats weekly") == 3
    assert "together with Mon and Fri" in said


def test_a_single_slot_and_time_off_have_places_of_their_own(house: House) -> None:
    # S12 V8
    added(house, ONCE)
    added(house, TUESDAY)
    holiday = {
        "repeats": "once",
        "first_day": "2026-12-20",
        "last_day": "2027-01-03",
        "all_day": "1",
    }
    added(house, holiday, f"{SLOTS}/time-off")
    fridays = TUESDAY | {"weekdays": "4", "starts": "13:00", "ends": "17:00", "last_day": ""}
    added(house, fridays, f"{SLOTS}/time-off")
    said = words(house.get(SLOTS))
    assert "On one day only Wed 25 Nov 2026, 9am to 12 midday Change" in said
    assert "Sun 20 Dec 2026 to Sun 3 Jan 2027, all day" in said
    assert "Friday, 1pm to 5pm repeats weekly" in said
    assert [rule.kind for rule in rules(house)] == [
        RuleKind.SLOT,
        RuleKind.SLOT,
        RuleKind.OUT_OF_OFFICE,
        RuleKind.OUT_OF_OFFICE,
    ]
    # 24 Nov, 1, 8 and 15 Dec, and the single one: the holiday begins after the four weeks
    assert "45 times for Urgent care visit" in said


def test_time_off_takes_times_out_of_what_patients_can_ask_for(house: House) -> None:
    # V8
    added(house, TUESDAY)
    off = {"repeats": "once", "first_day": "2026-12-01", "starts": "10:00", "ends": "11:00"}
    added(house, off, f"{SLOTS}/time-off")
    assert "33 times for Urgent care visit" in words(house.get(SLOTS))


def test_what_is_over_is_no_longer_listed(house: House) -> None:
    added(house, ONCE)
    added(house, TUESDAY)
    house.clock.advance(timedelta(days=60))
    house.enter("Eva Stone")
    said = words(house.get(SLOTS))
    assert "No single slots." in said
    assert said.count("No slots") == 7


def test_a_slot_is_changed_in_its_place(house: House) -> None:
    key = added(house, TUESDAY)
    shown = read(house.get(f"{SLOTS}/{key}").text)
    for name in ("first_day", "last_day", "starts", "ends"):
        assert shown.one("input", id=name).attrs["value"] == TUESDAY[name]
    assert house.post(f"{SLOTS}/{key}", TUESDAY | SEEN | {"ends": "13:15"}).status_code == 303
    [changed] = rules(house)
    assert (changed.id, changed.when.ends) == (key, time(13, 15))
    assert (
        house.post(f"{SLOTS}/{key}", TUESDAY | {"version": "2", "ends": "08:00"}).status_code == 422
    )
    assert rules(house) == [changed]


def test_of_two_pages_that_change_one_slot_the_second_is_told(house: House) -> None:
    key = added(house, TUESDAY)
    here = f"{SLOTS}/{key}"
    one, other = form_of(house, here, here), form_of(house, here, here)
    assert house.post(here, one | {"ends": "13:00"}).status_code == 303
    told = house.post(here, other | {"starts": "08:00"})
    assert told.status_code == 409
    said = words(told)
    assert "This changed since you looked. See what is so now, and press again." in said
    assert "9am to 1pm" in said, "what is so now"
    page = read(told.text)
    assert page.one("input", id="starts").attrs["value"] == "08:00", "what was typed"
    for late in ({"last_day": "2026-12-08"}, {}):
        path = f"{here}/end" if late else f"{here}/removal"
        assert house.post(path, late | {"version": other["version"]}).status_code == 409
    [kept] = rules(house)
    assert (kept.when.starts, kept.when.ends, kept.when.last_day) == (
        time(9),
        time(13),
        date(2026, 12, 31),
    )
    seen = page.one("form", action=here).one("input", name="version").attrs["value"]
    assert house.post(here, other | {"starts": "08:00", "version": seen}).status_code == 303
    assert house.post(f"{here}/removal", {"version": "soon"}).status_code == 422
    assert len(rules(house)) == 1


def test_a_series_is_ended_and_the_day_is_checked(house: House) -> None:
    key = added(house, TUESDAY)
    refused = house.post(f"{SLOTS}/{key}/end", SEEN | {"last_day": "2026-11-20"})
    assert refused.status_code == 422
    assert (
        "The last day comes before the first."
        in read(refused.text).one("p", id="end_day-error").words
    )
    assert house.post(f"{SLOTS}/{key}/end", SEEN | {"last_day": "soon"}).status_code == 422
    assert house.post(f"{SLOTS}/{key}/end", SEEN | {"last_day": "2026-12-08"}).status_code == 303
    assert rules(house)[0].when.last_day == date(2026, 12, 8)


def test_a_slot_is_removed(house: House) -> None:
    key = added(house, TUESDAY)
    assert house.post(f"{SLOTS}/{key}/removal", SEEN).status_code == 303
    assert rules(house) == []
    assert house.post(f"{SLOTS}/{key}/removal").status_code == 404
    assert house.get(f"{SLOTS}/{key}").status_code == 404


def test_a_day_is_copied_to_others_or_says_why_not(house: House) -> None:
    # S12
    added(house, TUESDAY)
    assert house.post(f"{SLOTS}/copy", {"weekday": "1", "to": ["2", "3"]}).status_code == 303
    assert [sorted(rule.when.weekdays) for rule in rules(house)] == [[1], [2], [3]]
    for sent, sentence in (
        ({"weekday": "1"}, "Choose the days"),
        ({"weekday": "6", "to": "2"}, "nothing on that day"),
        ({"to": "2"}, "Choose the day to copy."),
        ({"weekday": "1", "to": ""}, "Choose the days of the week."),
        ({"weekday": "1", "to": "23"}, "Choose the days of the week."),
    ):
        refused = house.post(f"{SLOTS}/copy", sent)
        assert refused.status_code == 422
        assert sentence in read(refused.text).one("div", class_="error-summary").words
    assert len(rules(house)) == 3


def test_the_same_form_sent_twice_adds_once(house: House) -> None:
    key = read(house.get(f"{SLOTS}/new").text).one("input", name="key").attrs["value"]
    for _ in range(2):
        assert house.post(f"{SLOTS}/new", TUESDAY | {"key": key}).status_code == 303
    assert len(rules(house)) == 1


def test_a_script_is_answered_with_the_field_that_is_wrong(house: House) -> None:
    answer = house.post(f"{SLOTS}/new", TUESDAY | {"ends": "08:00"}, **JSON)
    assert (answer.status_code, answer.json()["field"]) == (422, "ends")
    answer = house.post(f"{SLOTS}/new", TUESDAY | {"ends": "", "starts": ""}, **JSON)
    assert (answer.status_code, answer.json()["field"]) == (422, "starts")
    assert house.post(f"{SLOTS}/new", TUESDAY, **JSON).json()["ok"]


def test_a_series_that_meets_a_change_of_the_clocks_is_told_what_happens_then(house: House) -> None:
    # S92: the clocks of New York go forward on 14 March 2027, a Sunday
    added(house, TUESDAY | {"last_day": ""})
    assert "clocks" not in words(house.get(SLOTS))
    house.clock.set(NOON + timedelta(days=70))
    house.enter("Eva Stone")
    said = words(house.get(SLOTS))
    assert "The clocks go forward by 1 hour on Sun 14 Mar 2027 in New York." in said
    assert "Weekly hours stay at the same time of day." in said
    assert "lasts" not in said
    night = {
        "weekdays": "6",
        "first_day": "2027-01-31",
        "last_day": "",
        "starts": "01:00",
        "ends": "05:00",
    }
    added(house, TUESDAY | night)
    assert "Sunday 1am to 5am lasts 3 hours that day." in words(house.get(SLOTS))


def test_whoever_is_no_provider_has_no_slots(house: House) -> None:
    for name in ("Jordan Park", "Rosa Lind", "Ruth Gold"):
        house.enter(name)
        assert house.get(SLOTS).status_code == 404
        assert house.post(f"{SLOTS}/new", TUESDAY).status_code == 404
        assert "My slots" not in house.get("/me/settings").text
    house.leave()
    assert house.get(SLOTS).headers["location"].startswith("/sign-in")


def test_an_administrator_keeps_the_calendar_of_a_provider(house: House) -> None:
    eva = house.desk.people["Eva Stone"].person_id
    path = f"/admin/people/{eva}/slots"
    house.enter("Ruth Gold")
    people = read(house.get("/admin/people").text)
    hosts = [link.words for link in people.all("a") if link.attrs["href"].endswith("/slots")]
    assert hosts == [f"Slots of {name}" for name in sorted(PROVIDERS)]
    assert house.post(f"{path}/new", TUESDAY).headers["location"] == path
    said = words(house.get(path))
    assert "Eva Stone’s appointment slots" in said
    assert "New York time, the provider’s time zone." in said
    key = rules(house)[0].id
    assert house.get(f"{path}/{key}").status_code == 200
    assert house.post(f"{path}/{key}/end", SEEN | {"last_day": "2026-12-08"}).status_code == 303
    jordan = house.desk.people["Jordan Park"].person_id
    for nobody in (jordan, 999_999, 2**53 + 1):
        assert house.get(f"/admin/people/{nobody}/slots").status_code == 404
    for name in ("Lee Chen", "Rosa Lind"):
        house.enter(name)
        assert house.get(path).status_code == 403
        assert house.post(f"{path}/{key}/removal").status_code == 403
    assert rules(house)[0].when.last_day == date(2026, 12, 8)
