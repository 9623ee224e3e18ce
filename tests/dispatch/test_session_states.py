"""Every status of a session against every verb: what the table allows happens, the rest is refused."""

from collections.abc import Callable
from itertools import product

import pytest

from dispatch.errors import DecidedError, DispatchError, InvalidError
from dispatch.lifecycle import OPEN_SESSIONS, SESSION_TRANSITIONS
from dispatch.permissions import SESSION_PERMITTED
from dispatch.session import OVERRUN, VideoSession
from dispatch.vocabulary import PersonId, SessionStatus, SessionVerb
from tests.builders import NOON, a_session, hours, minutes, seconds

BEGUN = NOON + minutes(1)  # a minute after the start of a session of 20

# The mission's words, written out again: source, verb, target.
TO_COME = ("ready", "scheduled", "patient_waiting", "patient_away")
MISSION = {
    *((source, "arrive", "patient_waiting") for source in TO_COME),
    ("patient_waiting", "leave", "patient_away"),
    *((source, "start", "in_progress") for source in TO_COME),
    ("in_progress", "complete", "completed"),
    *((source, "reschedule", "scheduled") for source in TO_COME),
    *((source, "change_host", source) for source in TO_COME),
    ("ready", "remind", "ready"),
    ("scheduled", "remind", "scheduled"),
    ("patient_away", "remind", "patient_away"),
    *((source, "cancel", "cancelled") for source in TO_COME),
    *((source, "return", "cancelled") for source in TO_COME),
    *((source, "miss_patient", "no_show_patient") for source in TO_COME),
    ("patient_waiting", "miss_host", "no_show_host"),
    ("patient_away", "miss_host", "no_show_host"),
    ("ready", "presume", "completed"),
    ("scheduled", "presume", "completed"),
}


def by_time(session: VideoSession, *, has_room: bool) -> VideoSession:
    ended = session.ended_by_time(session.closes_at, has_room=has_room)
    assert ended or not session.is_open
    if ended is None:
        raise DecidedError("closed")
    return ended


def only(status: SessionStatus, after: VideoSession) -> VideoSession:
    if after.status is not status:
        raise DecidedError("that is another verb's")
    return after


def back(session: VideoSession) -> VideoSession:
    """Give it back in time: before its start where it is only planned."""
    is_due = session.status is SessionStatus.SCHEDULED
    return session.cancel(NOON - minutes(1) if is_due else BEGUN)


STEPS: dict[SessionVerb, Callable[[VideoSession], VideoSession]] = {
    SessionVerb.ARRIVE: lambda s: s.arrive(BEGUN),
    SessionVerb.LEAVE: lambda s: s.leave(BEGUN),
    SessionVerb.START: lambda s: s.start(BEGUN),
    SessionVerb.COMPLETE: lambda s: s.complete(BEGUN),
    SessionVerb.RESCHEDULE: lambda s: s.reschedule(NOON + hours(5), BEGUN),
    SessionVerb.CHANGE_HOST: lambda s: s.change_host(PersonId(8)),
    SessionVerb.REMIND: lambda s: s.remind(BEGUN),
    SessionVerb.CANCEL: lambda s: s.call_off(BEGUN, tells=True),
    SessionVerb.RETURN: back,
    SessionVerb.MISS_PATIENT: lambda s: s.miss_patient(BEGUN),
    SessionVerb.MISS_HOST: lambda s: only(SessionStatus.NO_SHOW_HOST, by_time(s, has_room=True)),
    SessionVerb.PRESUME: lambda s: _presumed(s),
}
BESIDE_THE_SESSION = {SessionVerb.FOLLOW}


def _presumed(session: VideoSession) -> VideoSession:
    if session.status is SessionStatus.IN_PROGRESS:
        raise DecidedError("it is completed, for it has begun")
    return only(SessionStatus.COMPLETED, by_time(session, has_room=False))


def test_the_table_is_the_missions_and_no_verb_is_forgotten() -> None:
    assert {(str(s), str(v), str(t)) for (s, v), t in SESSION_TRANSITIONS.items()} == MISSION
    assert set(STEPS) | BESIDE_THE_SESSION == set(SessionVerb) == set(SESSION_PERMITTED)
    assert {s for s, _ in SESSION_TRANSITIONS} == OPEN_SESSIONS


@pytest.mark.parametrize(("status", "verb"), list(product(SessionStatus, STEPS)))
def test_a_step_leads_where_the_table_says_or_is_refused(
    status: SessionStatus, verb: SessionVerb
) -> None:
    # A manual outcome is never overwritten: nothing leads on from one.
    session = a_session(status=status)
    target = SESSION_TRANSITIONS.get((status, verb))
    if target is None:
        with pytest.raises(DispatchError):
            STEPS[verb](session)
        return
    after = STEPS[verb](session)
    assert (after.status, after.version) == (target, session.version + 1)
    changes_plan = verb in {
        SessionVerb.RESCHEDULE,
        SessionVerb.CHANGE_HOST,
        SessionVerb.CANCEL,
        SessionVerb.RETURN,
    }
    assert after.revision == session.revision + changes_plan


@pytest.mark.parametrize("step", [SessionVerb.ARRIVE, SessionVerb.START])
def test_the_door_opens_ten_minutes_before_and_at_once_for_a_now_request(step: SessionVerb) -> None:
    # V10
    session = a_session(NOON + minutes(11))
    early, in_time = NOON + seconds(59.999), NOON + seconds(60)
    act = {SessionVerb.ARRIVE: session.arrive, SessionVerb.START: session.start}[step]
    with pytest.raises(InvalidError) as refused:
        act(early)
    assert refused.value.at == in_time
    assert act(in_time).is_open
    now = a_session(NOON, status=SessionStatus.READY)
    assert now.arrive(NOON).status is SessionStatus.PATIENT_WAITING


def test_who_comes_back_has_waited_since_they_first_came() -> None:
    came = a_session().arrive(NOON)
    again = came.leave(NOON + minutes(1)).arrive(NOON + minutes(2))
    assert (again.arrived_at, again.left_at) == (NOON, None)


@pytest.mark.parametrize(
    ("status", "has_room", "outcome", "after_end"),
    [
        (SessionStatus.SCHEDULED, True, SessionStatus.NO_SHOW_PATIENT, minutes(0)),
        (SessionStatus.READY, True, SessionStatus.NO_SHOW_PATIENT, minutes(0)),
        (SessionStatus.SCHEDULED, False, SessionStatus.COMPLETED, minutes(0)),
        (SessionStatus.PATIENT_WAITING, True, SessionStatus.NO_SHOW_HOST, OVERRUN),
        (SessionStatus.PATIENT_AWAY, True, SessionStatus.NO_SHOW_HOST, OVERRUN),
        (SessionStatus.IN_PROGRESS, True, SessionStatus.COMPLETED, OVERRUN),
        (SessionStatus.IN_PROGRESS, False, SessionStatus.COMPLETED, OVERRUN),
    ],
)
def test_what_nobody_ends_ends_by_time(
    status: SessionStatus, has_room: bool, outcome: SessionStatus, after_end: object
) -> None:
    session = a_session(status=status)
    closes_at = session.ends_at + after_end
    assert session.ended_by_time(closes_at - seconds(0.001), has_room=has_room) is None
    ended = session.ended_by_time(closes_at, has_room=has_room)
    assert ended is not None
    assert (ended.status, ended.ended_at) == (outcome, closes_at)


def test_a_visit_that_began_late_has_its_whole_time_and_an_hour_more() -> None:
    late = a_session().arrive(NOON).start(NOON + minutes(50))
    assert late.closes_at == NOON + minutes(50 + 20) + OVERRUN


@pytest.mark.parametrize(("after", "is_late"), [(300, False), (300.001, True)])
def test_five_minutes_after_its_start_cancel_becomes_remove(after: float, is_late: bool) -> None:
    # V11
    session, at = a_session(), NOON + seconds(after)
    assert session.is_late(at) is is_late
    assert session.call_off(at, tells=not is_late).status is SessionStatus.CANCELLED
    with pytest.raises(InvalidError):
        session.call_off(at, tells=is_late)


def test_a_session_moves_to_a_time_to_come_within_a_year_and_not_to_its_own() -> None:
    # V11
    session = a_session(NOON + hours(1))
    for wrong in (NOON, NOON - hours(1), NOON + hours(1), NOON + hours(24 * 366)):
        with pytest.raises(InvalidError) as refused:
            session.reschedule(wrong, NOON)
        assert refused.value.field == "time"
    moved = session.arrive(NOON + minutes(55)).reschedule(NOON + hours(7), NOON + minutes(56))
    assert (moved.ends_at - moved.starts_at, moved.arrived_at) == (minutes(20), None)


def test_three_reminders_at_most_five_minutes_apart() -> None:
    # V10
    session, at = a_session(NOON + hours(2)), NOON
    for _ in range(3):
        session = session.remind(at)
        with pytest.raises(InvalidError) as refused:
            session.remind(at + minutes(5) - seconds(0.001))
        assert refused.value.at in {at, None}
        at += minutes(5)
    with pytest.raises(InvalidError, match="invalid") as often:
        session.remind(at + hours(1))
    assert "3 times" in often.value.sentence


def test_one_that_ended_early_gives_back_the_rest_of_its_time() -> None:
    # S42: it is listed as before, and does not overlap what comes after it
    session = a_session(NOON, minutes(60)).start(NOON).complete(NOON + minutes(20))
    assert session.held == (NOON, NOON + minutes(20))
    early = a_session(NOON + minutes(5)).start(NOON).complete(NOON + minutes(1))
    assert early.held[0] == early.held[1]
