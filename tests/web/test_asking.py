"""A patient asks to be seen: once, with what the clinic offers, and nothing typed is lost."""

import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from dispatch.people import Actor
from dispatch.vocabulary import RequestStatus, RequestType
from tests.builders import hours
from tests.web.house import House, open_house, title, words

KEY = "k" * 22


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        opened.enter("Jordan Park")
        yield opened


def fields(house: House, clinic: str = "Northside", **changes: Any) -> dict[str, Any]:
    there = house.desk.clinics[clinic]
    return {
        "clinic": there.id,
        "service": there.services[0].id,
        "type": "Now",
        "host": "",
        "note": "",
        "key": KEY,
        **changes,
    }


def person(house: House, name: str) -> Actor:
    return house.desk.people[name]


def test_a_person_of_several_clinics_chooses_one_first(house: House) -> None:
    reply = house.get("/requests/new")
    assert "Which clinic do you want to ask?" in words(reply)
    for clinic in house.desk.clinics.values():
        assert f'href="/requests/new?clinic={clinic.id}"' in reply.text


def test_the_form_shows_what_that_clinic_offers(house: House) -> None:  # S5
    north = house.desk.clinics["Northside"]
    reply = house.get(f"/requests/new?clinic={north.id}")
    text = words(reply)
    for service in north.services:
        assert service.name in text
        assert service.description in text
        assert f"{service.duration_minutes} minutes" in text
    assert f"Anyone in {north.host_group.name}" in text
    assert "Lee Chen (not available now)" in text
    assert "Kim Sand" not in text  # of another clinic
    assert north.emergency_text in text
    assert person(house, "Jordan Park").zone.replace("_", " ") in text
    assert 'name="key" value="' in reply.text
    assert title(reply).startswith("Ask to be seen")


def test_asking_now_leads_to_the_request_and_keeps_what_was_written(
    house: House,
) -> None:  # S2, S88
    reply = house.post("/requests/new", fields(house, note="Sore <b>throat</b>"))
    assert reply.status_code == 303
    number = int(reply.headers["location"].rpartition("/")[2])
    stored = house.request(number)
    assert stored.type is RequestType.NOW
    assert stored.note == "Sore <b>throat</b>"
    assert stored.target_host_id is None
    page = house.get(reply.headers["location"])
    assert title(page) == f"Waiting · Request {number} · Dispatch"
    assert "Sore &lt;b&gt;throat&lt;/b&gt;" in page.text
    assert "Keep this page open, or come back to it: we keep your place." in words(page)
    assert "close this page" not in words(page)


def test_up_to_three_times_are_kept_in_their_order(house: House) -> None:  # S6, V7
    sent = fields(
        house,
        type="Scheduled",
        host=person(house, "Lee Chen").person_id,
        time1_date="2026-11-26",
        time1_time="14:30",
        time3_date="2026-11-25",
        time3_time="09:00",
    )
    reply = house.post("/requests/new", sent)
    stored = house.request(int(reply.headers["location"].rpartition("/")[2]))
    zone = person(house, "Jordan Park").zone
    assert [at.astimezone(UTC) for at in stored.times] == list(stored.times)
    assert stored.zone == zone
    assert stored.times[0] > stored.times[1]
    assert stored.target_host_id == person(house, "Lee Chen").person_id


def test_every_mistake_is_named_and_everything_typed_survives(house: House) -> None:
    sent = fields(
        house,
        service="",
        type="Scheduled",
        note="Since yesterday",
        time1_date="2026-11-26",
        time2_date="2026-11-27",
        time2_time="10:00",
    )
    reply = house.post("/requests/new", sent)
    assert reply.status_code == 422
    assert title(reply).startswith("Error: ")
    summary = reply.text.partition('class="error-summary"')[2].partition("</div>")[0]
    assert "There is a problem" in summary
    targets = re.findall(r'href="#([^"]+)">([^<]+)', summary)
    assert [sentence for _, sentence in targets] == [
        "Choose a service.",
        "Choice 1: enter a time too.",
    ]
    assert targets[1][0] == "time1_time"
    for target, _ in targets:
        assert f'id="{target}"' in reply.text
    assert "Since yesterday</textarea>" in reply.text
    for value in ("2026-11-26", "2026-11-27", "10:00", KEY):
        assert f'value="{value}"' in reply.text
    assert 'value="Scheduled" checked' in reply.text
    assert reply.text.count("field--wrong") == 2  # the day that was given is not blamed


def test_a_scheduled_request_needs_a_time(house: House) -> None:  # S6
    reply = house.post("/requests/new", fields(house, type="Scheduled"))
    assert reply.status_code == 422
    assert "Choose at least one day and time." in words(reply)


def test_a_past_time_is_blamed_on_the_field_it_was_typed_in(house: House) -> None:
    sent = fields(house, type="Scheduled", time1_date="2026-11-26", time1_time="10:00")
    sent |= {"time3_date": "2026-11-20", "time3_time": "10:00"}
    reply = house.post("/requests/new", sent)
    assert reply.status_code == 422
    assert 'id="time3-error"' in reply.text
    assert 'id="time2-error"' not in reply.text


def test_a_note_that_is_too_long_is_given_back_whole(house: House) -> None:
    long = "a" * 2001
    reply = house.post("/requests/new", fields(house, note=long))
    assert reply.status_code == 422
    assert f"{long}</textarea>" in reply.text


@pytest.mark.parametrize("wrong", [{"service": "999"}, {"host": "999"}, {"type": "Later"}])
def test_what_the_clinic_does_not_offer_is_refused(house: House, wrong: dict[str, str]) -> None:
    reply = house.post("/requests/new", fields(house, **wrong))
    assert reply.status_code == 422
    assert "There is a problem" in words(reply)


def test_a_clinic_for_set_times_never_asks_for_now(house: House) -> None:
    async def build() -> None:
        await house.desk.open_clinic("Lakeside", accepts_now=False)
        await house.desk.add("Una Field", asks_in={house.desk.clinics["Lakeside"].patient_group.id})

    house.run(build)
    house.enter("Una Field")
    reply = house.get("/requests/new")  # one clinic only: no choice first
    assert 'id="type-now"' not in reply.text
    assert "asked-for--always" in reply.text
    refused = house.post("/requests/new", fields(house, "Lakeside", type="Now"))
    assert "Choose at least one day and time." in words(refused)


def test_sending_twice_is_asking_once(house: House) -> None:
    first = house.post("/requests/new", fields(house))
    again = house.post("/requests/new", fields(house))
    assert (
        first.headers["location"].partition("?")[0] == again.headers["location"].partition("?")[0]
    )
    house.enter("Jordan Park")
    assert house.get("/requests").text.count("<article") == 1


def test_the_same_key_with_other_words_is_not_a_second_request(house: House) -> None:
    house.post("/requests/new", fields(house, note="One"))
    reply = house.post("/requests/new", fields(house, "Southside", note="Two"))
    assert reply.status_code == 409
    assert "Two</textarea>" in reply.text
    assert f'value="{KEY}"' not in reply.text  # a fresh sheet: pressing again is a new ask


def test_who_waits_already_is_shown_that_request(house: House) -> None:
    number = house.ask("Jordan Park")
    reply = house.post("/requests/new", fields(house, note="Again"))
    assert reply.headers["location"] == f"/requests/{number}?already=1"
    clinic = house.desk.clinics["Northside"].id
    assert house.get(f"/requests/new?clinic={clinic}").headers["location"].endswith("already=1")
    notice = words(house.get(f"/requests/{number}?already=1"))
    assert f"You are already waiting with request {number}." in notice


def test_a_foreign_clinic_does_not_exist(house: House) -> None:  # S3, S55
    async def build() -> None:
        await house.desk.open_clinic("Elsewhere")

    house.run(build)
    assert house.post("/requests/new", fields(house, "Elsewhere")).status_code == 404
    clinic = house.desk.clinics["Elsewhere"].id
    assert house.get(f"/requests/new?clinic={clinic}").status_code == 404
    assert house.get("/requests/new?clinic=99999999999999999").status_code == 422


def test_a_script_is_answered_in_json(house: House) -> None:
    told = house.post("/requests/new", fields(house), accept="application/json").json()
    assert told["ok"] is True
    assert told["location"] == f"/requests/{told['number']}"
    house.clock.advance(hours(5))
    wrong = fields(house, "Southside", service="", key="j" * 22)
    refused = house.post("/requests/new", wrong, accept="application/json")
    assert refused.status_code == 422
    assert refused.json()["field"] == "service"


def test_who_asked_for_somebody_absent_may_ask_the_group(house: House) -> None:  # V4
    lee = person(house, "Lee Chen").person_id
    reply = house.post("/requests/new", fields(house, host=lee, note="Sore throat"))
    number = int(reply.headers["location"].rpartition("/")[2])
    assert house.request(number).status is RequestStatus.DECLINED
    page = house.get(f"/requests/{number}")
    assert "Lee Chen is not available, but others may be." in words(page)
    assert "Ask the whole group instead" in words(page)
    next_page = house.post(f"/requests/{number}/dismissal", {"then": "again"}).headers["location"]
    form = house.get(next_page).text
    assert f'value="{lee}" selected' not in form
    assert "Sore throat</textarea>" in form
