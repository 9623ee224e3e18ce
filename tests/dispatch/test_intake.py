"""A request comes in: who may ask, for what, when, and what a second ask comes to."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from dispatch.errors import AlreadySentError, InvalidError, NotFoundError
from dispatch.usecases.intake import HORIZON, NOTE_LIMIT
from dispatch.vocabulary import NoticeKind, PersonId, RequestStatus, RequestType, ServiceId
from tests.builders import hours, minutes, seconds
from tests.dispatch.desk import Desk


def refused(desk: Desk, *times: datetime, **more: Any) -> InvalidError:
    """Submit what cannot be used; return the refusal, having seen that nothing was kept."""
    with pytest.raises(InvalidError) as error:
        desk.submit(*times, **more)
    assert not desk.store.rows.requests
    assert not desk.store.rows.outbox
    return error.value


def test_a_now_request_is_pending_from_the_moment_it_was_made(desk: Desk) -> None:
    # S1 S2 S5 S7 S60
    request = desk.request(desk.ask(note="  My rash came back. "))
    assert (request.type, request.times, request.status) == (
        RequestType.NOW,
        (),
        RequestStatus.PENDING,
    )
    assert (request.submitted_at, request.submitted_by_id) == (desk.now, desk.mia)
    assert (request.clinic_id, request.service_id) == (desk.evening.id, desk.evening.services[0].id)
    assert request.note == "My rash came back."
    assert desk.rung()[-1] == "request.submitted"


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_scheduled_request_keeps_its_times_as_ranked(desk: Desk, count: int) -> None:
    # S2 S6 S8
    times = tuple(desk.now + hours(h) for h in (9, 3, 5))[:count]
    request = desk.request(desk.ask(*times, zone="Asia/Kathmandu"))
    assert (request.type, request.times, request.zone) == (
        RequestType.SCHEDULED,
        times,
        "Asia/Kathmandu",
    )


def test_no_time_four_times_or_the_same_twice_are_refused(desk: Desk) -> None:
    # S6
    at = [desk.now + hours(h) for h in (1, 2, 3, 4)]
    assert refused(desk, type=RequestType.SCHEDULED).field == "time1"
    assert refused(desk, *at).field == "time1"
    same = at[0].astimezone(timezone(timedelta(hours=9)))
    assert refused(desk, at[0], same).field == "time1"


def test_a_time_must_be_ahead_and_within_a_year(desk: Desk) -> None:
    ahead = desk.now + hours(1)
    assert refused(desk, desk.now).field == "time1"
    assert refused(desk, ahead, desk.now - seconds(1)).field == "time2"
    assert refused(desk, ahead, ahead + hours(1), desk.now + HORIZON + seconds(1)).field == "time3"
    assert desk.ask(desk.now + seconds(1), desk.now + HORIZON)


def test_now_has_no_times(desk: Desk) -> None:
    # S2
    assert refused(desk, desk.now + hours(1), type=RequestType.NOW).field == "time1"


def test_an_empty_note_is_no_error_and_a_long_one_is(desk: Desk) -> None:
    # S10
    assert refused(desk, note="x" * (NOTE_LIMIT + 1)).field == "note"
    assert desk.request(desk.ask(note="")).note == ""
    assert desk.ask(by=desk.omar, note="x" * NOTE_LIMIT)


def test_only_services_of_the_clinic_can_be_asked_for(desk: Desk) -> None:
    # S5
    assert refused(desk, service_id=desk.daytime.services[0].id).field == "service"
    assert refused(desk, service_id=ServiceId(404)).field == "service"


def test_a_clinic_that_takes_only_one_kind_says_so(desk: Desk) -> None:
    desk.change_clinic(desk.evening, accepts_now=False)
    assert refused(desk).field == "type"
    desk.change_clinic(desk.evening, accepts_now=True, accepts_scheduled=False)
    assert refused(desk, desk.now + hours(1)).field == "type"
    assert desk.ask()


def test_a_request_is_for_one_host_of_the_group_or_for_all_of_them(desk: Desk) -> None:
    # S4
    for stranger in (desk.dan, desk.hal, desk.sam, PersonId(404)):
        assert refused(desk, target_host_id=stranger).field == "host"
    desk.turn_on(desk.ada)
    assert desk.request(desk.ask(target_host_id=desk.ada)).target_host_id == desk.ada
    assert desk.request(desk.ask(by=desk.omar)).target_host_id is None


def test_whoever_is_not_in_the_patient_group_finds_no_clinic(desk: Desk) -> None:
    # S3 S55
    for stranger in (desk.zoe, desk.ada, desk.sam, desk.root, desk.tom):
        with pytest.raises(NotFoundError):
            desk.submit(by=stranger)
    with pytest.raises(NotFoundError):
        desk.submit(clinic=desk.foreign)
    assert not desk.store.rows.requests


def test_a_scheduler_asks_on_a_patients_behalf_and_nobody_else_does(desk: Desk) -> None:
    # S3
    request = desk.request(desk.ask(by=desk.sam, requester_id=desk.mia))
    assert (request.requester_id, request.submitted_by_id) == (desk.mia, desk.sam)
    for stranger in (desk.omar, desk.ada, desk.tom, desk.root, desk.sid):
        with pytest.raises(NotFoundError):
            desk.submit(by=stranger, requester_id=desk.mia)
    for nobody in (desk.ben, desk.zoe, PersonId(404)):
        with pytest.raises(InvalidError) as error:
            desk.submit(by=desk.sam, requester_id=nobody)
        assert error.value.field == "requester"
    assert len(desk.store.rows.requests) == 1


def test_a_second_ask_gets_the_open_request(desk: Desk) -> None:
    # S18
    first = desk.submit(note="One")
    told = len(desk.store.rows.outbox)
    again = desk.submit(desk.now + hours(1), note="Two")
    by_scheduler = desk.submit(by=desk.sam, requester_id=desk.mia)
    assert [(d.number, d.was_there) for d in (again, by_scheduler)] == [(first.number, True)] * 2
    assert not first.was_there
    assert len(desk.store.rows.outbox) == told
    assert desk.request(first.number or 0).note == "One"
    assert desk.submit(clinic=desk.daytime).number != first.number, (
        "another clinic, another request"
    )


def test_once_it_is_closed_a_new_one_gets_a_new_number(desk: Desk) -> None:
    # S11
    numbers = [desk.ask()]
    desk.withdraw(numbers[-1])
    numbers.append(desk.ask())
    numbers.append(desk.ask(by=desk.omar))
    foreign = desk.ask(by=desk.zoe, clinic=desk.foreign)
    desk.withdraw(numbers[1])
    numbers.append(desk.ask())
    assert numbers == list(range(numbers[0], numbers[0] + 4))
    assert foreign == numbers[0], "another account counts for itself"


def test_the_same_key_sends_one_request_and_another_text_is_told_so(desk: Desk) -> None:
    # S18
    first = desk.submit(key="k" * 16, note="One")
    assert desk.submit(key="k" * 16, note="One").number == first.number
    with pytest.raises(AlreadySentError):
        desk.submit(key="k" * 16, note="Two")
    assert len(desk.store.rows.requests) == 1


# Who is told -----------------------------------------------------------------------------------------


def told(desk: Desk) -> list[int]:
    return desk.notices(NoticeKind.NEW_REQUEST)


def test_a_request_to_a_host_tells_that_host_and_the_clinics_schedulers(desk: Desk) -> None:
    # S15 S16 S20
    desk.turn_on(desk.ada, desk.ben)
    desk.ask(target_host_id=desk.ada)
    assert told(desk) == sorted([desk.ada, desk.sam, desk.sue])


def test_a_now_request_to_the_group_tells_only_available_hosts(desk: Desk) -> None:
    # S15 S16 V5
    desk.turn_on(desk.ben)
    desk.ask()
    assert told(desk) == sorted([desk.ben, desk.sam, desk.sue])


def test_a_lapsed_toggle_is_not_available(desk: Desk) -> None:
    # S39: the sweep need not have come by yet
    desk.turn_on(desk.ben, until=desk.now + minutes(5))
    desk.wait(300)
    desk.ask()
    assert told(desk) == sorted([desk.sam, desk.sue])


def test_a_scheduled_request_to_the_group_tells_all_its_hosts(desk: Desk) -> None:
    # S15 S16
    desk.ask(desk.now + hours(1))
    assert told(desk) == sorted([desk.ada, desk.ben, desk.sam, desk.sue])


def test_in_a_calendar_clinic_a_slot_makes_a_host_available_now(desk: Desk) -> None:
    # S40
    desk.open_slot(desk.dan, desk.now - hours(3), hours(4))
    desk.open_slot(desk.ada, desk.now + minutes(1), hours(4))
    desk.ask(clinic=desk.daytime)
    assert told(desk) == sorted([desk.dan, desk.sue, desk.tom])


def test_a_host_who_is_a_scheduler_too_is_told_once(desk: Desk) -> None:
    # S18
    desk.store.rows.schedulers.add((desk.evening.id, desk.ada))
    desk.turn_on(desk.ada)
    desk.ask(target_host_id=desk.ada)
    assert told(desk).count(desk.ada) == 1


def test_the_message_points_at_the_request_and_carries_nothing_of_it(desk: Desk) -> None:
    # S17
    number = desk.ask(note="private words")
    assert {str(notice.about) for notice in desk.store.rows.outbox.values()} == {
        f"request:{desk.request(number).id}"
    }
    assert "private words" not in repr(desk.store.rows.outbox) + repr(desk.store.rows.audit)
    assert "private words" not in repr(desk.store.rows.log)
