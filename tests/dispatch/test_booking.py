"""Times of a public calendar: members ask at once, and what is off takes nothing."""

from collections.abc import Callable
from datetime import datetime

import pytest

from dispatch.errors import InvalidError, NotAllowedError, NotFoundError
from dispatch.timetable import Closure
from dispatch.usecases.booking_setup import SetEveryHost
from dispatch.usecases.logins import SetDisabled
from dispatch.vocabulary import NoticeKind, PersonId, RequestStatus, RequestType
from tests.builders import NOON, hours, minutes
from tests.dispatch.calendar_desk import (
    TEN,
    TIMES,
    a_desk,
    member,
    off_for_the_account,
    off_for_the_clinic,
    off_for_the_host,
    opened,
    stranger,
)
from tests.dispatch.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return a_desk()


def test_a_members_times_are_a_scheduled_request_to_the_group_in_their_rank(desk: Desk) -> None:
    # S2 S4 S6 S12 V7
    done = member(desk, note="Twice a day.")
    assert done.number
    request = desk.request(done.number)
    assert (request.type, request.times) == (RequestType.SCHEDULED, TIMES)
    assert (request.target_host_id, request.note) == (None, "Twice a day.")
    assert request.status is RequestStatus.PENDING


def test_on_a_providers_calendar_the_request_is_directed_to_them(desk: Desk) -> None:
    # S4 S12
    done = member(desk, slug="ada")
    assert done.number
    assert desk.request(done.number).target_host_id == desk.ada
    assert desk.ada in desk.notices(NoticeKind.NEW_REQUEST)


def test_one_open_request_holds_on_the_calendar_too(desk: Desk) -> None:
    first = member(desk)
    again = member(desk, TEN + minutes(20))
    assert (again.number, again.was_there) == (first.number, True)


@pytest.mark.parametrize(
    "times",
    [
        (TEN + minutes(10),),  # between two steps
        (TEN - minutes(20),),  # before the slot
        (TEN + hours(2),),  # after it
        (TEN + minutes(110),),  # it would not end in time
        (NOON - hours(2),),  # past
        (TEN, TEN),
        (TEN, TEN + minutes(20), TEN + minutes(40), TEN + hours(1)),
        (TEN + hours(24 * 400),),
    ],
)
def test_a_time_that_is_no_opening_is_refused(desk: Desk, times: tuple[datetime, ...]) -> None:
    # S6 S13
    with pytest.raises(InvalidError) as refused:
        member(desk, *times)
    assert refused.value.field.startswith("time")
    with pytest.raises(InvalidError):
        stranger(desk, *times)
    assert not desk.store.rows.requests
    assert not desk.store.rows.bookings


def test_no_time_at_all_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidError):
        member(desk, times=())


def test_a_session_takes_its_time_and_a_request_takes_none(desk: Desk) -> None:
    first = member(desk, TEN, slug="ada")
    assert member(desk, TEN, slug="ada", by=desk.omar).number != first.number
    assert first.number
    desk.accept(first.number, by=desk.sue, host_id=PersonId(desk.ada), time=TEN)
    with pytest.raises(InvalidError) as refused:
        stranger(desk, TEN + minutes(20), TEN)
    assert refused.value.field == "time2"


def no_set_times(desk: Desk) -> None:
    desk.change_clinic(desk.daytime, accepts_scheduled=False)


@pytest.mark.parametrize("turn_off", [off_for_the_account, no_set_times])
def test_off_for_the_account_nothing_can_be_asked_for(
    desk: Desk, turn_off: Callable[[Desk], None]
) -> None:
    # S13 S14
    turn_off(desk)
    for slug in ("daytime", "ada"):
        with pytest.raises(NotFoundError):
            member(desk, slug=slug)
        with pytest.raises(NotFoundError):
            stranger(desk, slug=slug)
    assert not desk.store.rows.requests


def test_off_for_a_clinic_its_own_calendar_is_gone_and_its_providers_stay(desk: Desk) -> None:
    # S13
    off_for_the_clinic(desk)
    with pytest.raises(NotFoundError):
        member(desk)
    assert member(desk, slug="ada").number


def test_off_for_a_provider_their_times_are_on_no_calendar(desk: Desk) -> None:
    # S12 S13: the clinic's calendar does not give away what is off for the provider
    off_for_the_host(desk)
    with pytest.raises(NotFoundError):
        member(desk, slug="ada")
    with pytest.raises(InvalidError):
        member(desk)
    desk.open_slot(desk.dan, TEN, hours(2))
    with pytest.raises(InvalidError):
        member(desk)  # Dan's was never turned on
    desk.does(desk.root, SetEveryHost(desk.daytime.id, True))
    assert member(desk).number


def test_a_disabled_provider_has_no_calendar(desk: Desk) -> None:
    desk.does(desk.root, SetDisabled(PersonId(desk.ada), True))
    with pytest.raises(NotFoundError):
        member(desk, slug="ada")
    with pytest.raises(InvalidError):
        member(desk)


def test_a_day_on_which_the_clinic_is_closed_has_no_times(desk: Desk) -> None:
    day = TEN.date()
    desk.change_clinic(desk.daytime, closures=(Closure(day, day, "Holiday"),))
    with pytest.raises(InvalidError):
        member(desk)
    with pytest.raises(InvalidError):
        stranger(desk)


def test_only_the_services_that_were_named_can_be_booked(desk: Desk) -> None:
    # S14
    with pytest.raises(InvalidError) as refused:
        member(desk, service_id=desk.evening.services[0].id)
    assert refused.value.field == "service"
    with pytest.raises(NotFoundError):
        member(desk, slug="nothing")


def test_another_accounts_calendar_is_not_there_for_a_member(desk: Desk) -> None:
    with pytest.raises(NotFoundError):
        member(desk, by=desk.zoe)


def test_who_has_a_sign_in_and_is_no_patient_becomes_one_where_strangers_may_ask(
    desk: Desk,
) -> None:
    done = member(desk, by=desk.sam)
    assert done.number
    assert desk.daytime.patient_group.id in desk.actor(desk.sam).asks_in
    opened(desk, takes_unknown=False)
    with pytest.raises(NotAllowedError):
        member(desk, by=desk.ben)
