"""One session managed by its clinic or its host: each part of the page, and what it refuses."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dispatch.usecases.visits import StartVisit, start_visit
from dispatch.vocabulary import NoticeKind, SessionId, SessionStatus
from tests.builders import hours, minutes
from tests.web.house import House, open_house
from tests.web.pages import read
from tests.web.sittings import AT, planned, status


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


def manage(house: House, session: int, act: str, **fields: str) -> Any:
    return house.post(f"/sessions/{session}/{act}", {"revision": "1", **fields})


def test_it_is_moved_on_the_viewers_own_clock(house: House) -> None:
    # V11 S91 S92
    session = planned(house, AT)
    house.enter("Rosa Lind")
    page = house.get(f"/sessions/{session}/manage").text
    assert 'value="2026-11-23"' in page
    assert 'value="10:00"' in page
    assert "America/New York" in page
    moved = manage(house, session, "time", time_date="2026-11-24", time_time="14:30")
    assert moved.headers["location"] == f"/sessions/{session}/manage?done=time"
    again = house.get(f"/sessions/{session}/manage?done=time").text
    assert "Tue 24 Nov 2026, 2:30pm EST" in again
    assert "Both are told" in again


def test_the_navigation_says_in_which_part_one_is(house: House) -> None:
    session = planned(house, AT)
    for name, part in (("Rosa Lind", "Scheduling"), ("Lee Chen", "Dashboard")):
        house.enter(name)
        page = read(house.get(f"/sessions/{session}/manage").text)
        [current] = page.one("nav", aria_label="Main").all("a", aria_current="true")
        assert current.words == part
    for name, part in (("Lee Chen", "Dashboard"), ("Jordan Park", "My visits")):
        house.enter(name)
        page = read(house.get(f"/sessions/{session}").text)
        [current] = page.one("nav", aria_label="Main").all("a", aria_current="true")
        assert current.words == part


@pytest.mark.parametrize(
    ("day", "time", "words"),
    [
        ("2027-03-14", "02:30", "clocks skip"),  # S92
        ("2026-11-23", "05:00", "has passed"),
        ("2026-11-23", "10:00", "its time already"),
        ("2029-01-01", "10:00", "within a year"),
        ("", "", "Enter a day and a time"),
        ("2026-11-24", "", "Enter a time too"),
        ("never", "10:00", "Enter a day and a time"),
    ],
)
def test_a_time_that_cannot_be_keeps_what_was_typed(
    house: House, day: str, time: str, words: str
) -> None:
    session = planned(house, AT)
    house.enter("Rosa Lind")
    answer = manage(house, session, "time", time_date=day, time_time=time)
    assert answer.status_code == 422
    assert words in answer.text
    if day:
        assert f'value="{day}"' in answer.text


@pytest.mark.parametrize("act", ["time", "next"])
def test_of_a_time_that_comes_twice_it_is_asked_which_one_is_meant(house: House, act: str) -> None:
    # V11 S92
    session = planned(house, AT)
    house.enter("Rosa Lind")
    typed = {"time_date": "2027-11-07", "time_time": "01:30"}
    asked = manage(house, session, act, **typed)
    assert asked.status_code == 422
    assert "first EDT (UTC-4), then EST (UTC-5)" in asked.text
    assert asked.text.count('<select class="field__input" id="time_later"') == 1
    assert manage(house, session, act, time_later="second", **typed).status_code == 303
    account = house.desk.account
    wanted = datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
    hosts = [house.desk.people["Lee Chen"].person_id]
    found = house.read(lambda r: r.sessions_of(hosts, wanted, wanted))
    assert [one.starts_at for one in found if one.account_id == account] == [wanted]


def test_an_overlap_is_asked_about_and_then_done(house: House) -> None:
    # S44 S66
    session = planned(house, AT)
    other = planned(house, AT + hours(2), patient="Mia Wells")
    house.enter("Rosa Lind")
    typed = {"time_date": "2026-11-23", "time_time": "12:05"}
    asked = manage(house, session, "time", **typed)
    assert asked.status_code == 409
    assert "Lee Chen has another session at that time. Move it anyway?" in asked.text
    assert f'name="confirm" value="session:{other}"' in asked.text
    done = manage(house, session, "time", confirm=f"session:{other}", **typed)
    assert done.status_code == 303


def test_another_provider_is_chosen_from_those_who_could(house: House) -> None:
    # V12
    session = planned(house, AT)
    house.enter("Rosa Lind")
    page = house.get(f"/sessions/{session}/manage").text
    assert "Ana Ruiz" in page
    assert "Kim Sand" not in page
    ana = str(house.desk.people["Ana Ruiz"].person_id)
    asked = manage(house, session, "host", host=ana)
    assert "Ana Ruiz is not available" in asked.text
    done = manage(house, session, "host", host=ana, confirm="unavailable")
    assert done.status_code == 303
    house.enter("Lee Chen")
    assert house.get(f"/sessions/{session}").status_code == 404
    house.enter("Ana Ruiz")
    assert house.get(f"/sessions/{session}").status_code == 200


def test_a_host_manages_their_own_session_but_gives_it_to_nobody(house: House) -> None:
    session = planned(house, AT)
    house.enter("Lee Chen")
    page = house.get(f"/sessions/{session}/manage").text
    assert "Another time" in page
    assert "Another provider" not in page
    ana = str(house.desk.people["Ana Ruiz"].person_id)
    assert manage(house, session, "host", host=ana).status_code == 403
    assert manage(house, session, "reminder").status_code == 303
    assert "Reminded" in house.get(f"/sessions/{session}/manage").text


def test_cancel_becomes_remove_on_the_page_too(house: House) -> None:
    # V11
    session = planned(house, AT)
    house.enter("Rosa Lind")
    assert "Cancel the session" in house.get(f"/sessions/{session}/manage").text
    house.clock.set(AT + minutes(5.1))
    late = manage(house, session, "cancellation", tells="1")
    assert late.status_code == 422
    assert "nobody is told any more" in late.text
    assert "Remove the session" in late.text
    assert manage(house, session, "cancellation").status_code == 303
    assert status(house, session) is SessionStatus.CANCELLED


def test_two_schedulers_at_once_the_second_is_told(house: House) -> None:
    # S65
    session = planned(house, AT)
    house.enter("Rosa Lind")
    manage(house, session, "time", time_date="2026-11-24", time_time="14:30")
    house.enter("Sam Ortiz")
    second = manage(house, session, "cancellation", tells="1")
    assert second.status_code == 409
    assert "changed since you looked" in second.text


def test_the_next_one_is_a_week_later(house: House) -> None:
    # V11
    session = planned(house, AT)
    house.enter("Rosa Lind")
    assert 'value="2026-11-30"' in house.get(f"/sessions/{session}/manage").text
    done = house.post(
        f"/sessions/{session}/next", {"time_date": "2026-11-30", "time_time": "10:00"}
    )
    assert done.status_code == 303
    page = house.get(done.headers["location"]).text
    assert "Mon 30 Nov 2026, 10:00am EST" in page


def test_reminders_and_moves_wait_in_the_outbox_as_messages_of_their_own(house: House) -> None:
    # V10 V11
    session = planned(house, AT)
    house.enter("Rosa Lind")
    manage(house, session, "time", time_date="2026-11-24", time_time="14:30")
    house.post(
        f"/sessions/{session}/time",
        {"revision": "2", "time_date": "2026-11-24", "time_time": "15:30"},
    )
    account = house.desk.account
    posted = house.read(lambda reading: reading.posted(account, only_failed=False, limit=50))
    assert [p.kind for p in posted].count(NoticeKind.RESCHEDULED) == 4


def test_a_patient_who_did_not_come_is_noted_and_said(house: House) -> None:
    session = planned(house)
    house.enter("Rosa Lind")
    done = manage(house, session, "no-show")
    assert done.headers["location"] == f"/sessions/{session}/manage?done=no-show"
    assert "the patient did not come. Nobody is told." in house.get(done.headers["location"]).text
    assert status(house, session) is SessionStatus.NO_SHOW_PATIENT


def test_who_came_after_all_is_said_on_the_same_page(house: House) -> None:
    session = planned(house)
    started = StartVisit(SessionId(session))
    house.run(house.desk.does, "Lee Chen", start_visit, started)
    house.enter("Rosa Lind")
    refused = manage(house, session, "no-show")
    assert refused.status_code == 409
    page = read(refused.text)
    assert page.one("main").one("div", role="alert").words == "This visit has started."
    assert page.one("h1").words == "Session of request 1001"
    assert status(house, session) is SessionStatus.IN_PROGRESS
