"""Asking for a time on the nights when the clocks change, through the real pages, in nine zones."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dispatch.clinic import Clinic
from dispatch.vocabulary import RequestNumber
from tests.clock_changes import NIGHTS, Nights, clock, each_zone
from tests.web.house import House, open_house
from tests.web.pages import Element, read

ASK, FOR_A_PATIENT = "/requests/new", "/scheduling/requests/new"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(Path(tmp_path_factory.mktemp("dst"))) as opened:
        clinics = [
            opened.run(partial(opened.desk.open_clinic, nights.zone, zone=nights.zone))
            for nights in NIGHTS
        ]
        groups = {clinic.patient_group.id for clinic in clinics}
        opened.run(partial(opened.desk.add, "Pat Night", asks_in=groups))
        scheduled = {clinic.id for clinic in clinics}
        opened.run(partial(opened.desk.add, "Desk Night", schedules=scheduled))
        yield opened


def asking(house: House, nights: Nights, **changes: Any) -> tuple[Clinic, dict[str, Any]]:
    clinic = house.desk.clinics[nights.zone]
    sent = {"clinic": clinic.id, "service": clinic.services[0].id, "type": "Scheduled"}
    return clinic, sent | changes


def halves(name: str, local: Any) -> dict[str, str]:
    return {f"{name}_date": local.date().isoformat(), f"{name}_time": f"{local:%H:%M}"}


def error(answer: Any, name: str) -> str:
    assert answer.status_code == 422
    page: Element = read(answer.text)
    assert page.one("div", class_="error-summary").all("a", href=f"#{name}")
    return page.one("p", id=f"{name}-error").words


@each_zone
def test_a_patient_is_told_the_next_time_and_asked_which_of_two(
    house: House, nights: Nights
) -> None:
    # S6 S91 S92
    house.enter("Pat Night")
    assert house.post("/me/settings", {"zone": nights.zone}).status_code == 303
    _, sent = asking(house, nights)
    refused = house.post(ASK, sent | halves("time1", nights.skipped))
    assert refused.status_code == 422
    said = read(refused.text).one("p", id="time1-error").words
    assert f"The clocks skip {clock(nights.skipped)} that day." in said
    assert f"The next time there is {clock(nights.following)}." in said
    wanted = halves("time1", nights.following) | halves("time2", nights.twice)
    asked = house.post(ASK, sent | wanted)
    assert f"The clocks show {clock(nights.twice)} twice that day: first" in error(
        asked, "time2_later"
    )
    page = read(asked.text)
    assert page.one("input", id="time2_time").attrs["value"] == f"{nights.twice:%H:%M}"
    for which, instant in (("first", nights.first), ("second", nights.second)):
        answer = house.post(ASK, sent | wanted | {"time2_later": which})
        assert answer.status_code == 303, read(answer.text).words
        number = int(answer.headers["location"].rpartition("/")[2])
        assert house.request(number).times == (nights.forward_at, instant)
        assert house.request(number).zone == nights.zone
        shown = house.get(f"/requests/{number}")
        stamps = {mark.attrs["datetime"] for mark in read(shown.text).all("time")}
        assert f"{instant:%Y-%m-%dT%H:%M:%S.000Z}" in stamps
        house.post(f"/requests/{number}/withdrawal")


@each_zone
def test_midnight_is_refused_only_where_there_is_none_that_day(
    house: House, nights: Nights
) -> None:
    # S6 S92
    house.enter("Pat Night")
    house.post("/me/settings", {"zone": nights.zone})
    _, sent = asking(house, nights)
    midnight = nights.following.replace(hour=0, minute=0)
    answer = house.post(ASK, sent | halves("time1", midnight))
    if nights.skips_midnight:
        said = read(answer.text).one("p", id="time1-error").words
        assert "skip 12:00am that day. The next time there is 1:00am." in said
        return
    number = int(answer.headers["location"].rpartition("/")[2])
    before_the_change = nights.following - nights.moved - midnight
    assert house.request(number).times == (nights.forward_at - before_the_change,)
    house.post(f"/requests/{number}/withdrawal")


@each_zone
def test_a_scheduler_is_asked_the_same_in_the_clinics_zone(house: House, nights: Nights) -> None:
    # S91 S92
    house.enter("Desk Night")
    pat = house.desk.people["Pat Night"].person_id
    _, sent = asking(house, nights, requester=pat, patient="Pat")
    refused = house.post(FOR_A_PATIENT, sent | {"time1": f"{nights.skipped:%Y-%m-%dT%H:%M}"})
    assert f"The next time there is {clock(nights.following)}." in error(refused, "time1")
    twice = {"time1": f"{nights.twice:%Y-%m-%dT%H:%M}"}
    asked = house.post(FOR_A_PATIENT, sent | twice)
    assert "twice that day" in error(asked, "time1_later")
    answer = house.post(FOR_A_PATIENT, sent | twice | {"time1_later": "second"})
    assert answer.status_code == 303
    number = RequestNumber(_latest(house))
    assert house.request(number).times == (nights.second,)
    house.post(f"/requests/{number}/withdrawal")


def _latest(house: House) -> int:
    """Return the last number that was given."""

    def query(reading: Any) -> int:
        number = 1001
        while reading.request(house.desk.account, RequestNumber(number + 1)):
            number += 1
        return number

    return house.read(query)
