"""An acceptance: for whom, at which time, and everything that comes of it at once."""

from typing import Any

import pytest

from dispatch.errors import (
    DecidedError,
    DispatchError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    StaleError,
)
from dispatch.usecases.assignment import AcceptRequest
from dispatch.vocabulary import NoticeKind, PersonId, RequestNumber, RequestStatus, SessionStatus
from tests.builders import hours, minutes, seconds
from tests.dispatch.desk import Desk


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.turn_on(desk.ada, desk.ben)
    return desk


def unchanged(desk: Desk, error: type[DispatchError], number: int, **more: Any) -> DispatchError:
    """Accept in vain; return the refusal, having seen that nothing was kept (S62)."""
    before = desk.store.rows
    with pytest.raises(error) as refused:
        desk.accept(number, **more)
    assert desk.store.rows is before
    return refused.value


def test_a_scheduler_accepts_for_a_provider_and_all_of_it_happens(desk: Desk) -> None:
    # S23 S24 S48 S58 S59 S61 S62 S64
    number = desk.ask()
    desk.claim(number)
    rung = len(desk.rung())
    desk.wait(30)
    session = desk.accept(number, response="  See you soon. ")
    request = desk.request(number)
    assert (request.status, request.session_id) == (RequestStatus.ACCEPTED, session.id)
    decision = request.decision
    assert decision is not None
    assert (decision.by_id, decision.host_id, decision.at) == (desk.sam, desk.ben, desk.now)
    assert decision.response == "See you soon."
    assert (session.host_id, session.requester_id, session.request_id) == (
        desk.ben,
        desk.mia,
        request.id,
    )
    assert desk.notices(NoticeKind.INVITATION) == [desk.mia]
    assert desk.rung(rung) == ["request.accepted", "session.created"]
    assert not desk.store.rows.claims


def test_the_session_of_a_now_request_starts_at_acceptance(desk: Desk) -> None:
    # S52 S60
    number = desk.ask()
    desk.wait(90)
    with pytest.raises(InvalidError):  # it has no times to choose from
        desk.accept(number, time=desk.now + hours(5))
    session = desk.accept(number)
    assert (session.starts_at, session.ends_at) == (desk.now, desk.now + minutes(20))
    assert session.status is SessionStatus.READY


def test_the_session_of_a_scheduled_request_is_at_the_chosen_time(desk: Desk) -> None:
    # S49 S60 S63
    wished = [desk.now + hours(h) for h in (9, 3, 5)]
    number = desk.ask(*wished)
    session = desk.accept(number, time=wished[1])
    assert (session.starts_at, session.ends_at) == (wished[1], wished[1] + minutes(20))
    assert session.status is SessionStatus.SCHEDULED
    assert len(desk.store.rows.sessions) == 1
    other = desk.accept(desk.ask(wished[0], by=desk.omar), time=wished[0])
    assert other.starts_at == wished[0], "the unchosen times hold nothing"


def test_a_time_that_was_not_asked_for_or_none_is_refused(desk: Desk) -> None:
    # S49
    number = desk.ask(desk.now + hours(1))
    for time in (None, desk.now + hours(2), desk.now + hours(1) + seconds(1)):
        assert unchanged(desk, InvalidError, number, time=time).field == "time"


def test_a_time_that_has_come_is_refused_and_the_others_can_be_taken(desk: Desk) -> None:
    # S49
    soon, later = desk.now + hours(1), desk.now + hours(9)
    number = desk.ask(soon, later)
    desk.clock.set(soon)
    assert unchanged(desk, InvalidError, number, time=soon).field == "time"
    assert desk.accept(number, time=later).starts_at == later


def test_without_a_provider_it_is_refused(desk: Desk) -> None:
    # S50
    refused = unchanged(desk, InvalidError, desk.ask(), host_id=None)
    assert (refused.field, refused.sentence) == ("host", "Choose a provider first.")


def test_a_provider_outside_the_clinic_is_refused_even_by_a_crafted_request(desk: Desk) -> None:
    # S54
    number = desk.ask()
    for stranger in (desk.dan, desk.hal, desk.sam, desk.mia, PersonId(404), PersonId(0)):
        assert unchanged(desk, InvalidError, number, host_id=stranger).field == "host"


def test_a_scheduler_of_another_clinic_gets_the_answer_for_what_does_not_exist(desk: Desk) -> None:
    # S55
    number = desk.ask()
    missing = AcceptRequest(RequestNumber(404), 1, desk.ben)
    with pytest.raises(NotFoundError) as error:
        desk.does(desk.tom, missing)
    for stranger in (desk.tom, desk.sid, desk.dan, desk.root, desk.omar):
        refused = unchanged(desk, NotFoundError, number, by=stranger)
        assert refused.sentence == error.value.sentence


def test_a_scheduler_may_give_a_directed_request_to_another_provider(desk: Desk) -> None:
    # S61
    number = desk.ask(target_host_id=desk.ada)
    assert desk.accept(number, host_id=desk.ben).host_id == desk.ben


def test_a_host_accepts_for_themself_only(desk: Desk) -> None:
    # S23 S28
    number = desk.ask()
    unchanged(desk, NotAllowedError, number, by=desk.ada, host_id=desk.ben)
    assert desk.accept(number, by=desk.ada, host_id=desk.ada).host_id == desk.ada


def test_a_host_cannot_take_what_is_directed_to_another(desk: Desk) -> None:
    # S28
    number = desk.ask(target_host_id=desk.ada)
    unchanged(desk, NotFoundError, number, by=desk.ben, host_id=desk.ben)
    assert desk.accept(number, by=desk.ada, host_id=desk.ada).host_id == desk.ada


def test_a_host_who_schedules_too_may_accept_for_others(desk: Desk) -> None:
    desk.store.rows.schedulers.add((desk.evening.id, desk.ada))
    assert desk.accept(desk.ask(), by=desk.ada, host_id=desk.ben).host_id == desk.ben


def test_the_requester_cannot_accept(desk: Desk) -> None:
    unchanged(desk, NotAllowedError, desk.ask(), by=desk.mia, host_id=desk.mia)


def test_the_second_scheduler_to_accept_is_told_who_was_first(desk: Desk) -> None:
    # S65
    number = desk.ask()
    seen = desk.request(number).version
    desk.accept(number, response="First")
    first_at = desk.now
    desk.wait(20)
    refused = unchanged(
        desk, DecidedError, number, by=desk.sue, host_id=desk.ada, expected_version=seen
    )
    assert refused.sentence == "Sam Ortiz accepted this for Dr. Ben Cole at {at}."
    assert refused.at == first_at
    assert desk.notices(NoticeKind.INVITATION) == [desk.mia]


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("declined", "Sam Ortiz declined this at {at}."),
        ("withdrawn", "Mia Chen withdrew this at {at}."),
        ("expired", "Nobody answered this request until {at}."),
    ],
)
def test_whoever_is_late_is_told_what_became_of_it(desk: Desk, how: str, sentence: str) -> None:
    # S65
    number = desk.ask()
    match how:
        case "declined":
            desk.decline(number)
            desk.wait(10)
        case "withdrawn":
            desk.withdraw(number)
        case _:
            desk.wait(4 * 3600)
    desk.sweep()
    refused = unchanged(desk, DecidedError, number, by=desk.sue)
    assert (refused.sentence, refused.at) == (sentence, desk.now)


def test_an_older_version_is_stale_while_it_is_pending(desk: Desk) -> None:
    # S65
    number = desk.ask()
    desk.decline(number, by=desk.sue)
    refused = unchanged(desk, StaleError, number, expected_version=1)
    assert "Sue Park is declining" in refused.sentence
    desk.undo(number)
    unchanged(desk, StaleError, number, expected_version=1)
    assert desk.accept(number).host_id == desk.ben


def test_accepting_over_a_decline_in_its_ten_seconds_ends_the_decline(desk: Desk) -> None:
    number = desk.ask()
    desk.decline(number, by=desk.sue)
    desk.wait(9)
    desk.accept(number)
    desk.wait(60)
    assert desk.sweep() == []
    assert desk.request(number).status is RequestStatus.ACCEPTED
    assert desk.notices(NoticeKind.DECLINED) == []


def test_an_empty_response_is_none_and_a_long_one_is_refused(desk: Desk) -> None:
    # S26 S27
    number = desk.ask()
    assert unchanged(desk, InvalidError, number, response="x" * 501).field == "response"
    desk.accept(number, response=" \n ")
    decision = desk.request(number).decision
    assert decision is not None
    assert decision.response == ""


def test_who_asked_for_a_service_that_is_offered_no_more_can_still_be_accepted(desk: Desk) -> None:
    # S5 S60
    number, asked_for = desk.ask(), desk.evening.services[0]
    desk.change_clinic(desk.evening, services=desk.daytime.services)
    session = desk.accept(number)
    assert session.service_id == asked_for.id
    assert session.ends_at - session.starts_at == asked_for.duration


def test_the_same_key_accepts_once(desk: Desk) -> None:
    # S62 S65
    number = desk.ask()
    version = desk.request(number).version
    first = desk.accept(number, key="k" * 16, expected_version=version)
    again = desk.accept(number, key="k" * 16, expected_version=version)
    assert again == first
    assert len(desk.store.rows.sessions) == 1


def test_an_acceptance_rings_everyone_who_could_see_it(desk: Desk) -> None:
    # S64 S85
    number = desk.ask(target_host_id=desk.ada)
    before = {stream: cursor.seq for stream, cursor in desk.store.rows.heads.items()}
    desk.accept(number, host_id=desk.ada)
    after = {stream: cursor.seq for stream, cursor in desk.store.rows.heads.items()}
    rung = {stream for stream in after if after[stream] > before.get(stream, 0)}
    evening, daytime = desk.evening, desk.daytime
    # Ada answers in the daytime clinic too: her new session is a possible conflict there (S42).
    assert rung == {
        f"clinic:{evening.id}",
        f"clinic:{daytime.id}",
        f"host:{desk.ada}",
        f"patient:{desk.mia}",
        f"request:{desk.request(number).id}",
    }
