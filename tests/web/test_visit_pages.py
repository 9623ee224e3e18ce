"""The pages of a visit: the waiting room, the host's side, the door, and what can be done to it."""

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.usecases.video import SetHostLink, SetVideo, set_host_link, set_video
from dispatch.video import VideoSetting
from dispatch.vocabulary import SessionStatus, VideoKind
from tests.builders import minutes
from tests.web.house import House, open_house
from tests.web.office import seen_on
from tests.web.sittings import AT, planned, status

SECRET = "a-secret-of-at-least-thirty-two-letters"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


def test_the_patient_waits_the_host_joins_and_both_are_let_in(house: House) -> None:
    # V2 V10 S59
    session = planned(house, AT)
    house.clock.set(AT - minutes(10))
    path = f"/sessions/{session}"
    house.enter("Jordan Park")
    card = house.get("/requests").text
    assert f'action="{path}/arrival"' in card
    assert house.get(f"{path}/video").headers["location"] == path  # not before it has begun
    came = house.post(f"{path}/arrival", {})
    assert (came.status_code, came.headers["location"]) == (303, path)
    assert "You are in the waiting room" in house.get(path).text

    house.enter("Lee Chen")
    seen = house.get("/dashboard").text
    assert "is in the waiting room since" in seen
    assert "9:50am EST" in seen  # S91
    assert "Join session" in house.get(path).text
    begun = house.post(f"{path}/start", {})
    assert begun.headers["location"] == path, "a form's answer may not lead to another site"
    hosts = house.get(f"{path}/video").headers["location"]

    house.enter("Jordan Park")
    assert "Join your visit" in house.get(path).text
    assert house.get(f"{path}/video").headers["location"] == hosts
    assert hosts.startswith("https://video.example.org/")

    house.enter("Lee Chen")
    assert house.post(f"{path}/end", {"from": "dashboard"}).headers["location"] == "/dashboard"
    assert "This visit is closed" in house.get(path).text
    house.enter("Jordan Park")
    assert "Your visit is over" in house.get(path).text
    assert house.get(f"{path}/video").headers["location"] == path


def test_a_script_is_sent_straight_on_to_the_video(house: House) -> None:
    session = planned(house)
    house.enter("Lee Chen")
    answer = house.post(f"/sessions/{session}/start", {}, accept="application/json").json()
    assert answer["location"] == f"/sessions/{session}/video"


def test_the_link_is_nobody_elses_and_stands_on_no_page(house: House) -> None:
    # V10
    session = planned(house)
    house.enter("Lee Chen")
    house.post(f"/sessions/{session}/start", {})
    link = house.get(f"/sessions/{session}/video").headers["location"]
    for who, path in (
        ("Lee Chen", "/dashboard"),
        ("Lee Chen", f"/sessions/{session}"),
        ("Jordan Park", "/requests"),
        ("Jordan Park", f"/sessions/{session}"),
        ("Rosa Lind", "/scheduling/sessions"),
        ("Rosa Lind", f"/sessions/{session}/manage"),
    ):
        house.enter(who)
        page = house.get(path)
        assert page.status_code == 200
        assert link not in page.text
    for stranger in ("Rosa Lind", "Ana Ruiz", "Mia Wells", "Tom Vale"):
        house.enter(stranger)
        assert house.get(f"/sessions/{session}/video").status_code == 404


def test_accept_and_enter_begins_at_once(house: House) -> None:
    # V6
    number = house.ask("Jordan Park")
    version = house.request(number).version
    house.enter("Lee Chen")
    answer = house.post(
        f"/dashboard/requests/{number}/entrance",
        {"version": str(version), "time": "now", "key": "k" * 20},
        accept="application/json",
    )
    session = house.request(number).session_id
    assert answer.json()["location"] == f"/sessions/{session}/video"
    assert status(house, session or 0) is SessionStatus.IN_PROGRESS


def test_what_was_accepted_and_cannot_be_entered_yet_is_no_refusal(house: House) -> None:
    number = house.ask("Jordan Park", AT)
    house.enter("Lee Chen")
    version = str(house.request(number).version)
    sent = {"version": version, "time": AT.isoformat(), "confirm": "unavailable", "key": "k" * 20}
    answer = house.post(f"/dashboard/requests/{number}/entrance", sent)
    session = house.request(number).session_id
    assert session
    assert answer.headers["location"] == f"/sessions/{session}"
    assert status(house, session) is SessionStatus.SCHEDULED


def test_a_scheduler_is_led_to_what_they_can_do(house: House) -> None:
    session = planned(house, AT)
    house.enter("Rosa Lind")
    there = house.get(f"/sessions/{session}")
    assert there.headers["location"] == f"/sessions/{session}/manage"
    assert f"/sessions/{session}/manage" in house.get("/scheduling/sessions").text
    for stranger in ("Jordan Park", "Ana Ruiz", "Kim Sand"):
        house.enter(stranger)
        assert house.get(f"/sessions/{session}/manage").status_code == 404


def test_a_patient_sees_nobody_elses_waiting_room(house: House) -> None:
    # S67
    session = planned(house)
    house.enter("Mia Wells")
    assert house.get(f"/sessions/{session}").status_code == 404
    assert house.post(f"/sessions/{session}/arrival", {}).status_code == 404
    assert house.get("/sessions/999999").status_code == 404


def setting_of(house: House, **more: Any) -> VideoSetting:
    return VideoSetting(house.desk.clinics["Northside"].id, **more)


def test_a_providers_own_link_is_joined_by_both(house: House) -> None:
    house.add_with_password("Ruth Gold", "ruth@example.org", is_administrator=True)
    administrator = house.desk.people["Ruth Gold"]
    link = "https://video.example.org/lee"
    lee = house.desk.people["Lee Chen"].person_id
    session = planned(house)
    perform = house.desk.store.perform
    house.run(
        perform, set_video, SetVideo(setting_of(house, kind=VideoKind.HOST_LINK)), administrator
    )
    house.enter("Lee Chen")
    assert "There is no video link here" in house.get("/dashboard").text
    house.run(perform, set_host_link, SetHostLink(lee, link), administrator)
    assert "There is no video link here" not in house.get("/dashboard").text
    house.post(f"/sessions/{session}/start", {})
    for who in ("Lee Chen", "Jordan Park"):
        house.enter(who)
        assert house.get(f"/sessions/{session}/video").headers["location"] == link


def test_the_secret_goes_in_and_never_comes_out(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    house.add_with_password("Ruth Gold", "ruth@example.org", is_administrator=True)
    house.enter("Ruth Gold")
    clinic = house.desk.clinics["Northside"].id
    path = f"/admin/clinics/{clinic}/video"
    fields = {"kind": "jitsi", "domain": "meet.example.org", "app_id": "clinic", "secret": SECRET}
    wrong = house.post(path, {**fields, "domain": "no server"})
    assert wrong.status_code == 422
    assert SECRET not in wrong.text
    assert "Enter the secret once more" in wrong.text
    assert house.post(path, fields | seen_on(house, path, path)).status_code == 303
    page = house.get(path).text
    assert SECRET not in page
    assert "One is stored and never shown" in page
    other = {**fields, "secret": "", "app_id": "other"} | seen_on(house, path, path)
    kept = house.post(path, other)
    assert kept.status_code == 303
    stored = house.read(lambda reading: reading.video(clinic))
    assert (stored.secret, stored.app_id) == (SECRET, "other")
    assert house.post(path, {"kind": "none"} | seen_on(house, path, path)).status_code == 303
    assert house.read(lambda reading: reading.video(clinic)).secret == ""
    assert SECRET not in caplog.text
    house.enter("Rosa Lind")
    assert house.get(path).status_code == 403


def test_the_secret_is_kept_in_its_own_row_and_in_nothing_that_is_read_or_sent(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    house.add_with_password("Ruth Gold", "ruth@example.org", is_administrator=True)
    session = planned(house)
    house.enter("Ruth Gold")
    clinic = house.desk.clinics["Northside"].id
    path = f"/admin/clinics/{clinic}/video"
    fields = {"kind": "jitsi", "domain": "meet.example.org", "app_id": "clinic", "secret": SECRET}
    fields |= seen_on(house, path, path)
    assert house.post(path, fields | {"key": "k" * 22}).status_code == 303
    assert house.post(path, fields | {"key": "k" * 22, "app_id": "x"}).status_code in (303, 409)
    read = [house.get(page) for page in (path, "/admin/audit", "/admin/delivery", "/admin/clinics")]
    house.enter("Lee Chen")
    read += [house.post(f"/sessions/{session}/start", {}), house.get("/dashboard")]
    read += [house.get(f"/sessions/{session}"), house.get(f"/sessions/{session}/video")]
    assert "meet.example.org" in read[-1].headers["location"], "a token that it signed"
    house.enter("Jordan Park")
    read += [house.get("/requests"), house.get(f"/sessions/{session}/video")]
    house.enter("Rosa Lind")
    read += [house.get("/scheduling/sessions"), house.get(f"/sessions/{session}/manage")]
    for answer in read:
        assert answer.status_code < 400
        assert SECRET not in answer.text
        assert SECRET not in str(answer.headers)
    assert SECRET not in caplog.text
    with sqlite3.connect(house.settings.database_url.removeprefix("sqlite:///")) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        held = {
            name
            for (name,) in tables
            if SECRET in str(database.execute(f'SELECT * FROM "{name}"').fetchall())
        }
    assert held == {"clinic_video"}
