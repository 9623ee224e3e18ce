"""The delivery log is the administrators'; it names every message's state and sends dead letters again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.people import system_actor
from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.intake import WithdrawRequest, withdraw_request
from dispatch.usecases.notices import SettleNotice, TakeNotice, settle_notice, take_notice
from dispatch.usecases.people import ChangePerson, change_person
from dispatch.usecases.sweep import Settle, settle
from dispatch.vocabulary import NoticeId, NoticeStatus, RequestNumber
from server.rendering.spoken_time import spoken_time
from tests.builders import minutes
from tests.web.house import House, words
from tests.web.office import administrator_elsewhere, open_office


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_office(tmp_path) as opened:
        yield opened


def notices(house: House) -> list[NoticeId]:
    account = house.desk.account
    posted = house.read(lambda reading: reading.posted(account, only_failed=False, limit=100))
    return [each.id for each in posted]


def settled(house: House, notice: NoticeId, status: NoticeStatus, problem: str = "") -> None:
    system, store = system_actor(house.desk.account), house.desk.store
    house.run(store.perform, take_notice, TakeNotice(notice), system)
    house.run(store.perform, settle_notice, SettleNotice(notice, 1, status, problem), system)


def test_the_log_is_empty_at_first_and_says_that_no_mail_is_sent(house: House) -> None:
    read = words(house.get("/admin/delivery"))
    assert "No messages yet" in read
    assert "No e-mail is sent." in read
    assert "Every message could be delivered" in words(house.get("/admin/delivery?show=failed"))
    assert 'href="/admin/delivery"' in house.get("/admin").text


def test_each_message_shows_how_its_delivery_stands(house: House) -> None:
    number = house.ask("Jordan Park")
    sent, failed, waiting, *_ = notices(house)
    settled(house, sent, NoticeStatus.SENT)
    settled(house, failed, NoticeStatus.FAILED, "refused (550)")
    settled(house, waiting, NoticeStatus.WAITING, "refused (451)")
    read = words(house.get("/admin/delivery"))
    assert f"Request received {number} Sent" in read
    assert "Not delivered refused (550), 1 try Send again" in read
    assert "Trying again" in read
    assert "refused (451), 1 try" in read
    only = words(house.get("/admin/delivery?show=failed"))
    assert only.count("New request") == 1


def test_a_dead_letter_is_sent_again_and_nothing_else_is(house: House) -> None:
    house.ask("Jordan Park")
    sent, failed, *_ = notices(house)
    settled(house, sent, NoticeStatus.SENT)
    settled(house, failed, NoticeStatus.FAILED, "refused (550)")
    reply = house.post(f"/admin/delivery/{failed}/again")
    assert (reply.status_code, reply.headers["location"]) == (303, "/admin/delivery")
    now = house.clock.now()
    due = house.read(lambda reading: reading.due_notices(now, 100))
    assert failed in [notice for _, notice in due]
    refused = house.post(f"/admin/delivery/{sent}/again")
    assert refused.status_code == 422
    assert "Only a message that could not be delivered" in words(refused)
    assert house.post("/admin/delivery/99999999999999999999/again").status_code == 404


def test_nobody_else_reads_it_or_sends_anything(house: House) -> None:
    house.ask("Jordan Park")
    notice = notices(house)[0]
    settled(house, notice, NoticeStatus.FAILED, "refused (550)")
    for who in ("Sam Ortiz", "Lee Chen", "Jordan Park"):
        house.enter(who)
        assert house.get("/admin/delivery").status_code == 403
        assert house.post(f"/admin/delivery/{notice}/again").status_code == 403
    house.leave()
    assert house.get("/admin/delivery").status_code in {303, 401}


def test_another_accounts_administrator_sees_and_sends_none_of_it(house: House) -> None:  # S55
    house.ask("Jordan Park")
    notice = notices(house)[0]
    settled(house, notice, NoticeStatus.FAILED, "refused (550)")
    house.enter(administrator_elsewhere(house))
    for path in ("/admin/delivery", "/admin/delivery?show=failed"):
        page = house.get(path)
        assert page.status_code == 200
        assert "Jordan" not in page.text
        assert "refused (550)" not in page.text
        assert "/again" not in page.text
    assert house.post(f"/admin/delivery/{notice}/again").status_code == 404
    account = house.desk.account
    failed = house.read(lambda reading: reading.posted(account, only_failed=True, limit=9))
    assert [each.id for each in failed] == [notice]  # as it was


def test_recently_decided_says_how_the_requester_was_told(house: House) -> None:
    # S56
    declined(house, "Jordan Park")
    assert "E-mail on its way" in words(house.get("/scheduling/decided"))
    settled(house, notices(house)[0], NoticeStatus.SENT)
    assert "Told by e-mail" in words(house.get("/scheduling/decided"))


@pytest.mark.parametrize("how", ["declined", "withdrawn", "expired", "accepted"])
def test_however_it_ended_recently_decided_says_that_its_requester_is_told(
    house: House, how: str
) -> None:
    # S56
    number = house.ask("Jordan Park", house.clock.now() + minutes(30))
    house.enter("Sam Ortiz")
    system, now = system_actor(house.desk.account), house.clock.now()
    match how:
        case "declined":
            house.post(f"/requests/{number}/decline", {"version": "1"})
            now = house.clock.advance(minutes(1))
        case "withdrawn":
            house.run(house.desk.does, "Sam Ortiz", withdraw_request, WithdrawRequest(number))
        case "expired":
            now = house.clock.advance(minutes(30))
        case _:
            lee, at = house.desk.people["Lee Chen"].person_id, house.request(number).times[0]
            accept = AcceptRequest(number, 1, lee, at, confirmed=frozenset({"unavailable"}))
            house.run(house.desk.does, "Sam Ortiz", accept_request, accept)
    for due in house.read(lambda reading: reading.due(now, 10)):
        house.run(house.desk.store.perform, settle, Settle(due), system)
    assert house.request(number).status == how
    assert "E-mail on its way" in words(house.get("/scheduling/decided"))


def test_recently_decided_says_where_nobody_could_be_told(house: House) -> None:
    # S56: somebody has to telephone them
    number = declined(house, "Jordan Park")
    notice = notices(house)[0]
    settled(house, notice, NoticeStatus.FAILED, "refused (550)")
    assert "E-mail not delivered" in words(house.get("/scheduling/decided"))
    house.enter("Ruth Gold")
    assert house.post(f"/admin/delivery/{notice}/again").status_code == 303
    settled(house, notice, NoticeStatus.NO_ADDRESS)
    house.enter("Sam Ortiz")
    shown = words(house.get("/scheduling/decided"))
    assert "No e-mail address" in shown
    assert "not delivered" not in shown
    assert str(number) in shown


def test_recently_decided_says_when_the_mail_server_took_it(house: House) -> None:
    # S56 S91
    declined(house, "Jordan Park")
    house.clock.advance(minutes(3))
    settled(house, notices(house)[0], NoticeStatus.SENT)
    taken = spoken_time(house.clock.now(), "America/New_York")
    assert f"Told by e-mail {taken}" in words(house.get("/scheduling/decided"))


def declined(house: House, patient: str) -> RequestNumber:
    """Let a request be declined by Sam, who stays at the browser."""
    number = house.ask(patient)
    house.enter("Sam Ortiz")
    house.post(f"/requests/{number}/decline", {"version": "1", "response": "Sorry."})
    house.clock.advance(minutes(1))
    now = house.clock.now()
    for due in house.read(lambda reading: reading.due(now, 10)):
        house.run(house.desk.settles, due)
    return number


def test_the_log_tells_who_has_no_part_in_it_now_from_who_has_no_address(house: House) -> None:
    # S56: no address is mended on the person's page, the other needs nothing
    declined(house, "Jordan Park")
    settled(house, notices(house)[0], NoticeStatus.NO_ADDRESS)
    house.enter("Ruth Gold")
    assert "No e-mail address" in words(house.get("/admin/delivery"))
    key = house.desk.people["Jordan Park"].person_id
    mended = ChangePerson(key, "Jordan Park", "jordan@example.org", None, "UTC", False)
    house.run(house.desk.does, "Ruth Gold", change_person, mended)
    shown = words(house.get("/admin/delivery"))
    assert "Has no part in it now" in shown
    assert "No e-mail address" not in shown
