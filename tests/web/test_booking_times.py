"""The first pages of a public calendar: a service, free times by day, and what was chosen of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.builders import NOON, hours, minutes
from tests.web.calendar_pages import (
    TEN,
    offered,
    open_calendar,
    open_east,
    page_of,
    post,
    ranked,
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


def test_the_only_service_is_chosen_by_itself_and_several_are_a_page(house: House) -> None:
    # V7 S14
    reply = house.get("/book/east")
    assert reply.status_code == 303
    assert reply.headers["location"].startswith("/book/east/times?service=")
    house.run(lambda: open_east(house, services=2))
    page = page_of(house, "/book/east")
    assert [link.one("strong").words for link in page.all("a", class_="clinic")] == [
        "Urgent care visit",
        "Medication review",
    ]
    assert house.get("/book/east/times").headers["location"] == "/book/east"
    assert house.get("/book/east/times?service=999").headers["location"] == "/book/east"


def test_times_are_grouped_by_day_and_part_of_day_with_the_zone_beside_each(house: House) -> None:
    # S12 S91 V7
    house.run(house.desk.slot, "Eva Stone", NOON + hours(26), NOON + hours(27))
    house.run(house.desk.slot, "Eva Stone", NOON + hours(54), NOON + hours(54) + minutes(20))
    page = page_of(house, "/book/east/times?zone=Europe/Berlin")
    days = page.all("section", class_="day")
    assert [day.one("h3").words for day in days] == [
        "Tuesday 24 November 2026",
        "Wednesday 25 November 2026",
    ]
    assert [part.words for part in days[0].all("h4")] == ["Morning", "Afternoon"]
    assert [part.words for part in days[1].all("h4")] == ["Evening"]
    assert offered(days[0])[:2] == ["10:00am CET", "10:20am CET"]
    assert offered(days[1]) == ["7:00pm CET"]
    assert "Berlin time (CET)" in page.one("main").words


def test_the_zone_is_the_clinics_until_one_is_chosen_and_another_moves_the_days(
    house: House,
) -> None:
    # S91: a zone changes the words and the day, never the instant
    page = page_of(house, "/book/east/times")
    assert "New York time (EST)" in page.one("main").words
    there = page_of(house, "/book/east/times?zone=Pacific/Kiritimati")
    assert there.all("h3")[0].words == "Tuesday 24 November 2026"
    assert offered(there)[0] == "11:00pm UTC+14"
    assert there.all("section", class_="day")[1].one("h3").words == "Wednesday 25 November 2026"
    option = next(o for o in there.all("option") if "selected" in o.attrs)
    assert option.attrs["value"] == "Pacific/Kiritimati"
    for nonsense in ("Moon/Base", "../etc/passwd", "x" * 5000, "America/New_York\x00"):
        reply = house.client.get("/book/east/times", params={"zone": nonsense})
        assert "New York time (EST)" in words(reply)


def test_a_day_on_which_clocks_go_back_lists_both_hours_by_their_zones(house: House) -> None:
    # S92
    house.clock.set(datetime(2026, 10, 30, 12, 0, tzinfo=UTC))
    fold = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)  # 1:00am EDT; an hour later it is 1:00am EST
    house.run(house.desk.slot, "Eva Stone", fold, fold + hours(2))
    page = page_of(house, "/book/east/times")
    day = page.all("section", class_="day")[0]
    assert day.one("h3").words == "Sunday 1 November 2026"
    assert offered(day) == [
        "1:00am EDT", "1:20am EDT", "1:40am EDT", "1:00am EST", "1:20am EST", "1:40am EST",
    ]  # fmt: skip
    add = [link.attrs["href"] for link in day.all("a", class_="time")]
    assert len(set(add)) == 6
    chosen = read(house.get(add[3]).text)
    assert "Sun 1 Nov 2026, 1:00am EST" in chosen.one(class_="chosen").words


def test_up_to_three_times_are_chosen_ranked_reordered_and_removed(house: House) -> None:
    # V7
    path = "/book/east/times"
    for label in ("4:40am EST", "4:00am EST", "4:20am EST"):
        page = page_of(house, path)
        path = next(a for a in page.all("a", class_="time") if label in a.words).attrs["href"]
    page = page_of(house, path)
    assert ranked(page) == ["4:40am EST", "4:00am EST", "4:20am EST"]
    assert offered(page) == []  # a fourth cannot be added
    assert "Remove one to choose another" in page.one(class_="chosen").words
    up = [a.attrs["href"] for a in page.one(class_="chosen").all("a") if a.words.startswith("Up")]
    down = [
        a.attrs["href"] for a in page.one(class_="chosen").all("a") if a.words.startswith("Down")
    ]
    assert (len(up), len(down)) == (2, 2)
    assert ranked(page_of(house, up[1])) == ["4:40am EST", "4:20am EST", "4:00am EST"]
    assert ranked(page_of(house, down[0])) == ["4:00am EST", "4:40am EST", "4:20am EST"]
    out = [a.attrs["href"] for a in page.one(class_="chosen").all("a") if "Remove" in a.words]
    assert ranked(page_of(house, out[0])) == ["4:00am EST", "4:20am EST"]


def test_nothing_private_is_in_an_address(house: House) -> None:
    seen = {"/book/east/times"}
    page = page_of(house, "/book/east/times?" + "&".join(f"{n}={v}" for n, v in wish(house)))
    seen |= {link.attrs.get("href", "") for link in page.all("a")}
    for address in seen:
        names = {name for name, _ in parse_qsl(urlsplit(address).query)}
        assert names <= {"service", "t", "zone", "from"}
    for step in ("questions", "review"):
        reply = post(house, step, wish(house, **who(), note="My knee"))
        forms = read(reply.text).all("form")
        assert all(f.attrs["method"] == "post" for f in forms if "vera" in reply.text)
        assert "vera" not in "".join(a.attrs.get("href", "") for a in read(reply.text).all("a"))
        assert reply.headers["referrer-policy"] == "no-referrer"


def test_ten_thousand_openings_are_a_page_at_a_time(house: House) -> None:
    for day in range(1, 60):
        start = NOON + hours(24 * day)
        house.run(house.desk.slot, "Eva Stone", start, start + hours(23))
    page, path, count = page_of(house, "/book/east/times"), "", 0
    for _ in range(3):
        assert 0 < len(page.all("a", class_="time")) <= 200
        later = next(a for a in page.all("a", class_="button") if a.words.startswith("Later times"))
        assert later.attrs["href"] != path
        path, count = later.attrs["href"], count + 1
        page = page_of(house, path)
        assert "Back to the first free times" in page.one("main").words
    assert count == 3


def test_months_without_an_opening_are_stepped_over_to_the_next_one(house: House) -> None:
    house.clock.set(TEN + hours(3))
    page = page_of(house, "/book/east/times")
    assert "No time is free at the moment" in page.one(class_="empty-state").words
    far = NOON + timedelta(days=150)
    house.run(house.desk.slot, "Eva Stone", far, far + hours(1))
    page = page_of(house, "/book/east/times")
    assert page.one("h3").words == "Thursday 22 April 2027"
    assert "Later times" not in page.one("main").words
    beyond = page_of(house, f"/book/east/times?from={text(far + hours(2))}")
    assert "No later time is free" in beyond.one(class_="empty-state").words


def test_an_address_full_of_nonsense_is_a_page_like_any_other(house: House) -> None:
    for name in ("service", "t", "from", "zone"):
        for value in ("", "-1", "9" * 400, "abc", "2026-13-45T99:99Z", "0001-01-01T00:00:00+14:00",
                      "9999-12-31T23:59:59-12:00", "2026-11-24T09:00", "\x00", "<script>", "1\r\nX: y"):  # fmt: skip
            for step in ("times", "you", "questions"):
                reply = house.client.get(
                    f"/book/east/{step}", params={name: value}, follow_redirects=True
                )
                assert reply.status_code in (200, 422), (name, value, step)
                assert "<script>" not in reply.text.partition("<main")[2]
