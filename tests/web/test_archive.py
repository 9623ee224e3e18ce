"""An administrator closes a clinic for good in the browser; it leaves every list, and may come back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.usecases.archive import ArchiveClinic, archive_clinic
from tests.web.calendar_pages import open_calendar
from tests.web.house import House, words
from tests.web.office import north, open_office


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_office(tmp_path) as opened:
        yield opened


def page_of(house: House, clinic: str = "Northside") -> str:
    return f"/admin/clinics/{house.desk.clinics[clinic].id}/archive"


def archived(house: House, clinic: str) -> None:
    command = ArchiveClinic(house.desk.clinics[clinic].id)
    house.run(house.desk.does, "Ruth Gold", archive_clinic, command)


def test_who_still_counts_on_the_clinic_is_counted_and_stands_in_the_way(house: House) -> None:
    house.ask("Jordan Park")
    page = words(house.get(page_of(house)))
    assert "Requests that wait 1 Sessions to come or under way 0" in page
    assert "People still count on this clinic." in page
    assert 'action="/admin/clinics/1/archive"' not in house.get(page_of(house)).text
    refused = house.post(page_of(house), {"confirmed": "1"})
    assert refused.status_code == 422
    assert "1 request waits in Northside. Finish them first" in words(refused)
    assert not north(house).is_archived


def test_it_is_archived_once_that_was_confirmed_and_restored(house: House) -> None:
    page = page_of(house)
    assert "Close Northside for good" in words(house.get(page))
    unsure = house.post(page)
    assert unsure.status_code == 422
    assert "Tick this to say that you mean it." in words(unsure)
    assert house.post(page, {"confirmed": "1"}).headers["location"] == page
    assert "Northside has closed for good Archived" in words(house.get(page))
    assert house.post(page, {"confirmed": "1"}).status_code == 303, "twice is once"
    clinics = words(house.get("/admin/clinics"))
    assert "Archived They have closed for good." in clinics
    assert "This clinic has closed for good." in words(house.get(page.replace("archive", "hours")))
    audit = words(house.get("/admin/audit?kind=clinic"))
    assert "Closed the clinic for good" in audit
    restoration = page.replace("archive", "restoration")
    assert house.post(restoration).headers["location"] == page
    assert not north(house).is_archived
    assert "Opened the clinic again" in words(house.get("/admin/audit?kind=clinic"))
    assert "Archived" not in words(house.get("/admin/clinics"))


def test_an_archived_clinic_is_in_no_list_to_choose_from(house: House) -> None:
    for page in ("/admin/people/new", "/admin/people/import", "/admin/booking"):
        assert "Southside" in words(house.get(page)), page
    archived(house, "Southside")
    for page in ("/admin/people/new", "/admin/people/import", "/admin/booking"):
        left = words(house.get(page)).replace("Southside patients", "")
        assert "Southside" not in left.replace("Southside nurses", ""), page
    house.enter("Sam Ortiz")
    board = words(house.get("/scheduling/requests"))
    assert "Northside" in board
    assert "Southside" not in board


def test_a_patient_is_offered_it_no_more_and_told_why_where_they_come_from_before(
    house: House,
) -> None:
    archived(house, "Southside")
    house.enter("Jordan Park")
    clinic = house.desk.clinics["Southside"]
    offered = words(house.get("/requests/new"))
    assert "Southside" not in offered
    late = house.get(f"/requests/new?clinic={clinic.id}")
    assert late.status_code == 403
    assert "Southside has closed and takes no requests any more." in words(late)
    sent: dict[str, Any] = {"clinic": clinic.id, "service": clinic.services[0].id, "type": "Now"}
    refused = house.post("/requests/new", sent)
    assert refused.status_code == 422
    assert "Southside has closed and takes no requests any more." in words(refused)


def test_who_schedules_only_there_finds_an_empty_board_and_what_was_decided(house: House) -> None:
    number = house.ask("Jordan Park")
    house.enter("Jordan Park")
    assert house.post(f"/requests/{number}/withdrawal").status_code == 303
    archived(house, "Northside")
    house.enter("Rosa Lind")
    board = words(house.get("/scheduling/requests"))
    assert "The clinics that you schedule have closed for good." in board
    assert house.get("/scheduling/requests/new").status_code == 404
    assert f"{number} Jordan Park" in words(house.get("/scheduling/decided"))


def test_its_public_calendar_is_not_found(tmp_path: Path) -> None:
    # S13
    with open_calendar(tmp_path) as house:
        assert house.get("/book/east").status_code != 404
        house.add_with_password("Ruth Gold", "ruth@example.org", is_administrator=True)
        archived(house, "Eastside")
        assert house.get("/book/east").status_code == 404
