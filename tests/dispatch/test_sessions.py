"""A session is moved, given to another host, called off, reminded of: everybody hears what is theirs."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.errors import (
    ConfirmationError,
    DecidedError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    StaleError,
)
from dispatch.session import VideoSession
from dispatch.stream import Projection
from dispatch.usecases.following import ScheduleNext
from dispatch.usecases.sessions import CancelSession, ChangeHost, RemindPatient, RescheduleSession
from dispatch.usecases.visits import Arrive, StartVisit
from dispatch.views import DecidedRow, PatientCard
from dispatch.vocabulary import NoticeKind, RequestStatus, SessionId, SessionStatus
from tests.builders import hours, minutes, seconds
from tests.dispatch.desk import Desk
from tests.dispatch.sittings import TAB, does, given_to, planned, session


@pytest.fixture
def of(desk: Desk) -> VideoSession:
    desk.turn_on(desk.ada, desk.ben)
    return planned(desk)


def moved(desk: Desk, of: VideoSession, ahead: float, *yes: str, by: int = 0) -> VideoSession:
    at = desk.now + hours(ahead)
    return does(desk, by or desk.sam, RescheduleSession(of.id, of.revision, at, frozenset(yes)))


def occasions(desk: Desk, kind: NoticeKind) -> list[tuple[int, int]]:
    rows = desk.store.rows.outbox.values()
    return sorted((n.occasion, n.recipient_id or 0) for n in rows if n.kind is kind)


def letters(desk: Desk, kind: NoticeKind) -> dict[int, Any]:
    sent = [n for n in desk.store.rows.outbox.values() if n.kind is kind]
    return desk.store.ask(lambda r: {n.recipient_id or 0: r.letter(n.id) for n in sent})


def test_who_moves_a_session_has_both_told_each_time(desk: Desk, of: VideoSession) -> None:
    # V11
    first = moved(desk, of, 5)
    assert (first.starts_at, first.ends_at) == (
        desk.now + hours(5),
        desk.now + hours(5) + minutes(20),
    )
    second = moved(desk, first, 6, by=desk.ben)
    assert occasions(desk, NoticeKind.RESCHEDULED) == sorted(
        (revision, person) for revision in (2, 3) for person in (desk.mia, desk.ben)
    )
    assert second.revision == 3
    for letter in letters(desk, NoticeKind.RESCHEDULED).values():
        meeting = letter.meeting
        assert (meeting.revision, meeting.starts_at) == (3, desk.now + hours(6))


def test_every_page_that_names_its_time_or_host_is_told(desk: Desk, of: VideoSession) -> None:
    # S85 V12
    decided = desk.snapshot(f"clinic:{desk.evening.id}", Projection.DECIDED)
    patient = desk.snapshot(f"patient:{desk.mia}", Projection.PATIENT)
    other = desk.snapshot(f"clinic:{desk.daytime.id}", Projection.SESSIONS)
    again = given_to(desk, moved(desk, of, 5), desk.ada)
    for before, kind in ((decided, DecidedRow), (patient, PatientCard)):
        told = desk.delta(before)
        assert told is not None
        (view,) = told.views
        assert isinstance(view, kind)
        assert (view.provider, view.session_at) == ("Dr. Ada Berg", again.starts_at)
    heads = desk.delta(other)
    assert heads is not None
    assert heads.cursor.seq > other.cursor.seq, "Ada answers there too: it may be a conflict"


def test_moving_over_another_session_asks_first_and_names_it(desk: Desk, of: VideoSession) -> None:
    # S44 S66
    another = planned(desk, ahead=5, by=desk.omar)
    with pytest.raises(ConfirmationError) as asked:
        moved(desk, of, 5.1)
    assert asked.value.confirm == (f"session:{another.id}",)
    assert "Dr. Ben Cole has another session" in asked.value.sentence
    assert moved(desk, of, 5.1, f"session:{another.id}").starts_at == desk.now + hours(5.1)


def test_its_own_old_time_is_no_overlap(desk: Desk, of: VideoSession) -> None:
    assert moved(desk, of, 2.1).starts_at == desk.now + hours(2.1)


def test_of_two_who_plan_at_once_the_second_sees_what_is_true(desk: Desk, of: VideoSession) -> None:
    # S65
    moved(desk, of, 5)
    for command in (
        RescheduleSession(of.id, of.revision, desk.now + hours(7)),
        ChangeHost(of.id, of.revision, desk.ada),
        CancelSession(of.id, of.revision),
    ):
        rows = desk.store.rows
        with pytest.raises(StaleError):
            does(desk, desk.sue, command)
        assert desk.store.rows is rows


def test_a_patient_who_arrives_makes_no_plan_stale(desk: Desk, of: VideoSession) -> None:
    desk.clock.set(of.starts_at - minutes(5))
    does(desk, desk.mia, Arrive(of.id, TAB))
    assert moved(desk, of, 5).status is SessionStatus.SCHEDULED
    assert desk.store.rows.attendances == {}


def test_the_same_key_moves_once(desk: Desk, of: VideoSession) -> None:
    command = RescheduleSession(of.id, of.revision, desk.now + hours(5))
    does(desk, desk.sam, command, key="k" * 20)
    does(desk, desk.sam, command, key="k" * 20)
    assert session(desk, of.id).revision == 2


def test_all_three_are_told_of_another_host(desk: Desk, of: VideoSession) -> None:
    # V12
    given = given_to(desk, of, desk.ada)
    assert (given.host_id, given.starts_at) == (desk.ada, of.starts_at)
    assert desk.notices(NoticeKind.HOST_CHANGED) == [desk.mia]
    assert desk.notices(NoticeKind.UNASSIGNED) == [desk.ben]
    assert occasions(desk, NoticeKind.ASSIGNED) == [(0, desk.ben), (2, desk.ada)]
    theirs = {
        person: letter.meeting.is_theirs
        for kind in (NoticeKind.HOST_CHANGED, NoticeKind.UNASSIGNED, NoticeKind.ASSIGNED)
        for person, letter in letters(desk, kind).items()
    }
    assert theirs == {desk.mia: True, desk.ben: False, desk.ada: True}


def test_the_new_host_holds_it_and_the_old_one_does_not(desk: Desk, of: VideoSession) -> None:
    # S61 V12
    given_to(desk, of, desk.ada)
    desk.clock.set(of.starts_at)
    with pytest.raises(NotFoundError):
        does(desk, desk.ben, StartVisit(of.id))
    assert does(desk, desk.ada, StartVisit(of.id)).status is SessionStatus.IN_PROGRESS


def test_only_hosts_of_the_clinic_can_be_given_it(desk: Desk, of: VideoSession) -> None:
    # S54
    for wrong in (desk.dan, desk.mia, desk.hal, 999, of.host_id):
        with pytest.raises(InvalidError) as refused:
            given_to(desk, of, wrong)
        assert refused.value.field == "host"
    with pytest.raises(InvalidError):
        does(desk, desk.sam, ChangeHost(of.id, of.revision, None))


def test_a_host_who_is_away_or_busy_is_given_it_on_purpose_only(
    desk: Desk, of: VideoSession
) -> None:
    # S44 S53
    desk.turn_off(desk.ada)
    busy = planned(desk, ahead=2, by=desk.omar, host=desk.ada)
    with pytest.raises(ConfirmationError) as asked:
        given_to(desk, of, desk.ada)
    assert asked.value.confirm == (f"session:{busy.id}", "unavailable")
    with pytest.raises(ConfirmationError):
        given_to(desk, of, desk.ada, "unavailable")
    assert given_to(desk, of, desk.ada, *asked.value.confirm).host_id == desk.ada


@pytest.mark.parametrize(
    ("command", "may"),
    [
        (lambda s: RescheduleSession(s.id, 1, s.starts_at + hours(3)), {"sam", "sue", "ben"}),
        (lambda s: ChangeHost(s.id, 1, None), set()),
        (lambda s: CancelSession(s.id, 1), {"sam", "sue", "ben"}),
        (lambda s: RemindPatient(s.id), {"sam", "sue", "ben"}),
    ],
)
def test_plans_are_the_clinics_and_its_hosts(
    command: Callable[[VideoSession], object], may: set[str]
) -> None:
    # S55
    for who in ("mia", "omar", "ada", "ben", "dan", "sam", "sue", "tom", "root", "sid"):
        desk = Desk()
        wish = command(planned(desk))
        if who in may:
            does(desk, getattr(desk, who), wish)
            continue
        is_scheduler = who in {"sam", "sue"}
        knows = NotAllowedError if who in {"mia", "ben"} else NotFoundError
        with pytest.raises(InvalidError if is_scheduler else knows):
            does(desk, getattr(desk, who), wish)


def test_cancelled_both_are_told_and_nothing_goes_back(desk: Desk, of: VideoSession) -> None:
    # V11 S46
    off = does(desk, desk.sam, CancelSession(of.id, of.revision))
    assert (off.status, off.revision) == (SessionStatus.CANCELLED, 2)
    assert desk.notices(NoticeKind.CALLED_OFF) == sorted([desk.mia, desk.ben])
    assert desk.request(1001).status is RequestStatus.ACCEPTED
    with pytest.raises(DecidedError):
        does(desk, desk.sue, CancelSession(of.id, 2))
    desk.ask()  # they may ask again


def test_later_than_five_minutes_after_its_start_it_is_removed_in_silence(
    desk: Desk, of: VideoSession
) -> None:
    # V11
    desk.clock.set(of.starts_at + minutes(5) + seconds(0.001))
    with pytest.raises(InvalidError):
        does(desk, desk.sam, CancelSession(of.id, of.revision))
    off = does(desk, desk.sam, CancelSession(of.id, of.revision, tells=False))
    assert off.status is SessionStatus.CANCELLED
    assert desk.notices(NoticeKind.CALLED_OFF) == []
    assert desk.rung()[-1] == "session.removed"


def test_a_visit_that_goes_on_is_not_planned_any_more(desk: Desk, of: VideoSession) -> None:
    desk.clock.set(of.starts_at)
    does(desk, desk.ben, StartVisit(of.id))
    for command in (
        RescheduleSession(of.id, of.revision, desk.now + hours(7)),
        ChangeHost(of.id, of.revision, desk.ada),
        CancelSession(of.id, of.revision),
        RemindPatient(of.id),
    ):
        with pytest.raises(DecidedError) as refused:
            does(desk, desk.sam, command)
        assert "has started" in refused.value.sentence


def test_each_reminder_is_a_message_of_its_own_to_the_patient(desk: Desk, of: VideoSession) -> None:
    # V10
    for _ in range(3):
        does(desk, desk.ben, RemindPatient(of.id))
        desk.wait(300)
    assert occasions(desk, NoticeKind.REMINDER) == [(n, desk.mia) for n in (1, 2, 3)]
    with pytest.raises(InvalidError):
        does(desk, desk.ben, RemindPatient(of.id))
    assert session(desk, of.id).revision == 1, "a reminder changes no plan"


def test_a_moved_session_that_goes_back_is_cancelled_under_its_last_revision(
    desk: Desk, of: VideoSession
) -> None:
    late = moved(desk, of, 1)
    desk.give_back(1001)
    assert occasions(desk, NoticeKind.CANCELLED) == sorted((3, p) for p in (desk.mia, desk.ben))
    (letter, *_) = letters(desk, NoticeKind.CANCELLED).values()
    meeting = letter.meeting
    assert (meeting.id, meeting.revision, meeting.is_cancelled) == (late.id, 3, True)


def test_one_moved_beyond_all_times_asked_for_cannot_go_back(desk: Desk, of: VideoSession) -> None:
    moved(desk, of, 9)
    desk.wait(3 * 3600)
    with pytest.raises(InvalidError) as refused:
        desk.give_back(1001)
    assert "Reschedule or cancel" in refused.value.sentence


def follow(desk: Desk, of: VideoSession, days: float, *yes: str, by: int = 0) -> VideoSession:
    command = ScheduleNext(of.id, of.starts_at + hours(24 * days), frozenset(yes))
    done = desk.does(by or desk.sam, command)
    return session(desk, SessionId(done.entity.id))


def test_the_next_one_is_a_request_of_its_own_accepted_at_once(
    desk: Desk, of: VideoSession
) -> None:
    # V11: Schedule Next
    desk.ask()  # an open request does not stand in its way
    after = follow(desk, of, 7, by=desk.ben)
    request = next(r for r in desk.store.rows.requests.values() if r.session_id == after.id)
    assert (request.status, request.times) == (RequestStatus.ACCEPTED, (after.starts_at,))
    assert (after.host_id, after.requester_id) == (of.host_id, of.requester_id)
    assert after.room != of.room
    assert desk.notices(NoticeKind.INVITATION) == [desk.mia, desk.mia]
    assert session(desk, of.id) == of


def test_the_next_one_asks_before_it_overlaps_and_refuses_what_cannot_be(
    desk: Desk, of: VideoSession
) -> None:
    first = follow(desk, of, 7)
    with pytest.raises(ConfirmationError) as asked:
        follow(desk, of, 7)
    assert asked.value.confirm == (f"session:{first.id}",)
    for days in (-1, 400):
        with pytest.raises(InvalidError):
            follow(desk, of, days)
    for stranger in (desk.ada, desk.tom, desk.root):
        with pytest.raises(NotFoundError):
            follow(desk, of, 8, by=stranger)
    with pytest.raises(NotAllowedError):
        follow(desk, of, 8, by=desk.mia)
