"""Somebody who is a patient of no clinic any more finds what they asked for, and is offered nothing new."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.people import system_actor
from dispatch.usecases.archive import ArchiveClinic, archive_clinic
from dispatch.usecases.groups import RemoveMember, remove_member
from dispatch.vocabulary import GroupId, GroupKind, RequestStatus, SessionStatus
from server.web.home import start_of
from tests.builders import an_actor, minutes
from tests.web.house import House, open_house, words
from tests.web.sittings import AT, planned, status
from tests.web.test_link_page import link_to
from tests.web.test_patient import decline

NOTHING_NEW = "No clinic takes new requests from you now."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        opened.enter("Jordan Park")
        yield opened


def leave_all(house: House, name: str = "Jordan Park") -> None:
    who = house.desk.people[name]
    for group in who.asks_in:
        command = RemoveMember(GroupKind.PATIENTS, group, who.person_id)
        system = system_actor(house.desk.account)
        house.run(house.desk.store.perform, remove_member, command, system)


def test_their_start_is_their_list_with_what_goes_on_and_its_stream(house: House) -> None:
    # S67 S88
    number = house.ask("Jordan Park")
    assert "Ask to be seen" in house.get("/requests").text
    leave_all(house)
    assert house.get("/").headers["location"] == "/requests"
    page = house.get("/requests")
    assert page.status_code == 200
    assert f'id="request-{number}"' in page.text
    assert "data-live=" in page.text
    assert "My visits" in page.text.partition("<main")[0]
    assert NOTHING_NEW in words(page)
    assert "/requests/new" not in page.text
    assert "/requests/now" not in page.text
    assert house.desk.clinics["Northside"].emergency_text in words(page)
    assert "data-live=" in house.get(f"/requests/{number}").text
    assert house.get("/requests/new").status_code == 403
    assert house.get("/requests/now").status_code == 403
    house.post(f"/requests/{number}/withdrawal", {"from": "patient"})
    assert house.request(number).status is RequestStatus.WITHDRAWN


def test_the_word_of_a_page_is_another_once_no_clinic_takes_them(house: House) -> None:
    # S85: their open page is known by it, and loaded anew
    number = house.ask("Jordan Park")
    decline(house, number)
    system = system_actor(house.desk.account)

    def rights_and_offer(path: str) -> tuple[str, bool]:
        text = house.get(path).text
        return text.partition('data-rights="')[2].partition('"')[0], "/requests/new" in text

    open_ones = {path: rights_and_offer(path) for path in ("/requests", f"/requests/{number}")}
    assert all(offers for _, offers in open_ones.values())
    for clinic in house.desk.clinics.values():
        house.run(house.desk.store.perform, archive_clinic, ArchiveClinic(clinic.id), system)
    for path, (word, _) in open_ones.items():
        now_it_is, offers = rights_and_offer(path)
        assert (now_it_is != word, offers) == (True, False), path
    assert NOTHING_NEW in words(house.get("/requests"))


def test_they_wait_for_their_visit_and_their_room_turns(house: House) -> None:  # V2 V10
    session = planned(house, AT)
    leave_all(house)
    house.clock.set(AT - minutes(10))
    path = f"/sessions/{session}"
    house.enter("Jordan Park")
    house.post(f"{path}/arrival", {})
    assert status(house, session) is SessionStatus.PATIENT_WAITING
    room = house.get(path)
    assert "You are in the waiting room" in room.text
    own = f"patient:{house.desk.people['Jordan Park'].person_id}"
    assert own in room.text.partition("data-live=")[2].partition(">")[0]


def test_an_answer_is_dismissed_and_no_card_offers_to_ask_again(house: House) -> None:  # V3
    number = house.ask("Jordan Park")
    decline(house, number)
    link = link_to(house, number)
    assert "Dismiss and ask again" in house.get("/requests").text
    leave_all(house)
    for path in ("/requests", f"/requests/{number}"):
        assert "Dismiss" in house.get(path).text
        assert "ask again" not in words(house.get(path)).lower()
    house.post(f"/requests/{number}/dismissal")
    assert house.request(number).dismissed_at is not None
    assert "ask again" not in words(house.get("/requests")).lower()
    assert "ask again" not in words(house.get(link)).lower()


def test_no_card_offers_to_ask_again_where_the_clinic_has_closed(house: House) -> None:
    number = house.ask("Jordan Park")
    house.post(f"/requests/{number}/withdrawal", {"from": "patient"})
    assert f"/requests/new?again={number}" in house.get("/requests").text
    north = house.desk.clinics["Northside"]
    system = system_actor(house.desk.account)
    house.run(house.desk.store.perform, archive_clinic, ArchiveClinic(north.id), system)
    page = house.get("/requests")
    assert f"/requests/new?again={number}" not in page.text
    assert "Ask to be seen" in page.text, "there are other clinics"


def test_who_never_asked_finds_no_such_pages(house: House) -> None:
    leave_all(house, "Mia Wells")
    house.enter("Mia Wells")
    assert house.get("/requests").status_code == 403
    assert house.get("/").status_code == 200
    for name in ("Sam Ortiz", "Lee Chen"):
        house.enter(name)
        start = house.get(house.get("/").headers["location"])
        assert "My visits" not in start.text.partition("<main")[0]


def test_an_administrator_who_once_asked_works_in_the_office_all_the_same() -> None:
    # S29
    group = frozenset({GroupId(1)})
    assert start_of(an_actor(is_administrator=True, has_asked=True)) == "/admin"
    assert start_of(an_actor(is_administrator=True, has_asked=True, asks_in=group)) == "/requests"
    assert start_of(an_actor(has_asked=True)) == "/requests"
