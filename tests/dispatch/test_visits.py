"""The patient arrives first, the host sees it, starts and ends; what nobody ends ends by itself."""

import pytest

from dispatch.errors import DecidedError, InvalidError, NotAllowedError, NotFoundError
from dispatch.events import EntityRef
from dispatch.lease import LEASE
from dispatch.people import system_actor
from dispatch.session import VideoSession
from dispatch.stream import Projection
from dispatch.usecases.claims import EndClaims, RenewClaims
from dispatch.usecases.session_pages import entrance
from dispatch.usecases.sweep import Settle, settle
from dispatch.usecases.visits import Arrive, Depart, FinishVisit, MissPatient, StartVisit
from dispatch.video import Entrance
from dispatch.views import PatientCard, SessionRow
from dispatch.vocabulary import EntityKind, NoticeKind, SessionStatus
from tests.builders import hours, minutes
from tests.dispatch.desk import Desk
from tests.dispatch.sittings import TAB, does, planned, session


def at_the_door(desk: Desk) -> VideoSession:
    """Return a session that can be entered."""
    of = planned(desk)
    desk.clock.set(of.starts_at - minutes(10))
    return of


def host_row(desk: Desk, host: int) -> SessionRow:
    shown = desk.snapshot(f"host:{host}", Projection.HOST)
    return next(view for view in shown.views if isinstance(view, SessionRow))


def test_the_patient_arrives_first_and_the_host_sees_since_when(desk: Desk) -> None:
    # V2 V10
    of = at_the_door(desk)
    before = desk.snapshot(f"host:{desk.ben}", Projection.HOST)
    came_at = desk.now
    waiting = does(desk, desk.mia, Arrive(of.id, TAB))
    assert (waiting.status, waiting.arrived_at) == (SessionStatus.PATIENT_WAITING, came_at)
    row = host_row(desk, desk.ben)
    assert (row.status, row.arrived_at) == (SessionStatus.PATIENT_WAITING, came_at)
    told = desk.delta(before)
    assert told is not None
    assert row in told.views


def test_it_goes_on_to_its_end_and_every_page_says_so(desk: Desk) -> None:
    # S59 S88 V6
    of = at_the_door(desk)
    does(desk, desk.mia, Arrive(of.id, TAB))
    started = does(desk, desk.ben, StartVisit(of.id))
    assert desk.store.rows.attendances == {}, "from here on the video service has them"
    card = next(v for v in desk.snapshot(f"patient:{desk.mia}", Projection.PATIENT).views)
    assert isinstance(card, PatientCard)
    assert (card.session_status, started.started_at) == (SessionStatus.IN_PROGRESS, desk.now)
    desk.wait(600)
    ended = does(desk, desk.ben, FinishVisit(of.id))
    assert (ended.status, ended.ended_at) == (SessionStatus.COMPLETED, desk.now)
    assert not [
        v
        for v in desk.snapshot(f"host:{desk.ben}", Projection.HOST).views
        if isinstance(v, SessionRow)
    ]
    room = desk.snapshot(f"patient:{desk.mia}", Projection.ROOM).views
    assert [v.status for v in room if isinstance(v, SessionRow)] == [SessionStatus.COMPLETED]


def test_a_page_that_is_gone_makes_its_patient_away_and_never_ends_the_session(desk: Desk) -> None:
    # V10
    of = at_the_door(desk)
    does(desk, desk.mia, Arrive(of.id, TAB))
    desk.does(desk.mia, EndClaims(TAB))
    desk.wait(4.999)
    assert desk.sweep() == []
    left_at = desk.wait(0.001)
    assert desk.sweep() == ["absence"]
    away = session(desk, of.id)
    assert (away.status, away.left_at) == (SessionStatus.PATIENT_AWAY, left_at)
    again = does(desk, desk.mia, Arrive(of.id, TAB))
    assert (again.status, again.left_at) == (SessionStatus.PATIENT_WAITING, None)
    assert again.arrived_at == of.starts_at - minutes(10)


def test_who_comes_back_before_the_sweep_acts_is_there(desk: Desk) -> None:
    # V10
    of = at_the_door(desk)
    does(desk, desk.mia, Arrive(of.id, TAB))
    desk.wait(LEASE.total_seconds())
    [seen] = desk.store.ask(lambda reading: reading.due(desk.now, 100))
    does(desk, desk.mia, Arrive(of.id, TAB))
    assert desk.store.run(settle, Settle(seen), system_actor(seen.account_id)).was_there
    assert session(desk, of.id).status is SessionStatus.PATIENT_WAITING
    assert desk.store.rows.attendances


def test_a_socket_that_answers_keeps_its_patient_there_without_an_event(desk: Desk) -> None:
    of = at_the_door(desk)
    does(desk, desk.mia, Arrive(of.id, TAB))
    rung = len(desk.rung())
    for _ in range(6):
        desk.wait(10)
        desk.does(desk.mia, RenewClaims(TAB))
        desk.sweep()
    assert len(desk.rung()) == rung
    assert session(desk, of.id).status is SessionStatus.PATIENT_WAITING
    about = EntityRef(EntityKind.SESSION, of.id)
    stream = f"patient:{desk.mia}"
    leases = desk.store.ask(lambda reading: reading.leases([stream]))
    assert leases[stream][about].lease_until == desk.now + LEASE
    desk.wait(LEASE.total_seconds())
    desk.sweep()
    assert session(desk, of.id).status is SessionStatus.PATIENT_AWAY


def test_another_page_of_the_patient_does_not_keep_the_first_ones_lease(desk: Desk) -> None:
    of = at_the_door(desk)
    does(desk, desk.mia, Arrive(of.id, TAB))
    desk.does(desk.mia, EndClaims("another-tab"))
    desk.does(desk.omar, RenewClaims(TAB))
    desk.wait(29)
    assert desk.sweep() == []
    does(desk, desk.mia, Arrive(of.id, "another-tab"))  # the last page that came keeps it
    desk.does(desk.mia, EndClaims(TAB))
    desk.wait(29)
    assert desk.sweep() == []


def test_a_page_without_scripts_is_believed_for_ten_minutes(desk: Desk) -> None:
    of = at_the_door(desk)
    does(desk, desk.mia, Arrive(of.id))
    desk.wait(599)
    assert desk.sweep() == []
    desk.wait(1)
    assert desk.sweep() == ["absence"]


def test_arriving_twice_is_arriving_once(desk: Desk) -> None:
    of = at_the_door(desk)
    does(desk, desk.mia, Arrive(of.id, TAB))
    rung = len(desk.rung())
    does(desk, desk.mia, Arrive(of.id, TAB))
    does(desk, desk.ben, StartVisit(of.id))
    does(desk, desk.ben, StartVisit(of.id))
    does(desk, desk.mia, Arrive(of.id, TAB))
    assert desk.rung(rung) == ["session.started"]
    assert session(desk, of.id).status is SessionStatus.IN_PROGRESS


def test_who_leaves_is_away_at_once(desk: Desk) -> None:
    of = at_the_door(desk)
    does(desk, desk.mia, Arrive(of.id, TAB))
    assert does(desk, desk.mia, Depart(of.id)).status is SessionStatus.PATIENT_AWAY
    assert does(desk, desk.mia, Depart(of.id)).left_at == desk.now
    desk.wait(60)
    assert desk.sweep() == []


def test_too_early_is_told_from_when_on(desk: Desk) -> None:
    # V10
    of = planned(desk)
    for command, who in ((Arrive(of.id, TAB), desk.mia), (StartVisit(of.id), desk.ben)):
        with pytest.raises(InvalidError) as refused:
            does(desk, who, command)
        assert refused.value.at == of.starts_at - minutes(10)


@pytest.mark.parametrize(
    ("command", "may"),
    [
        (Arrive, {"mia"}),
        (Depart, {"mia"}),
        (StartVisit, {"ben"}),
        (FinishVisit, {"ben", "sam", "sue"}),
        (MissPatient, {"ben", "sam", "sue"}),
    ],
)
def test_each_does_their_own_part_and_to_strangers_there_is_no_session(
    command: type, may: set[str]
) -> None:
    # S55 S67: Ada could have answered the request, and the session is no business of hers
    knows = {"mia", "ben", "sam", "sue"}
    for who in ("mia", "omar", "ada", "ben", "dan", "sam", "sue", "tom", "root", "zoe", "sid"):
        desk = Desk()
        of = at_the_door(desk)
        desk.wait(660)
        if command is FinishVisit:
            does(desk, desk.ben, StartVisit(of.id))
        refused = NotAllowedError if who in knows else NotFoundError
        if who in may:
            does(desk, getattr(desk, who), command(of.id))
            continue
        with pytest.raises(refused):
            does(desk, getattr(desk, who), command(of.id))


def test_a_session_that_is_gone_back_is_nobodys_to_enter(desk: Desk) -> None:
    of = at_the_door(desk)
    desk.give_back(1001)
    with pytest.raises(NotFoundError):
        does(desk, desk.mia, Arrive(of.id, TAB))


def test_a_patient_who_does_not_come_is_noted_after_the_start(desk: Desk) -> None:
    of = at_the_door(desk)
    with pytest.raises(InvalidError) as refused:
        does(desk, desk.sam, MissPatient(of.id))
    assert refused.value.at == of.starts_at
    desk.clock.set(of.starts_at)
    missed = does(desk, desk.sam, MissPatient(of.id))
    assert missed.status is SessionStatus.NO_SHOW_PATIENT
    with pytest.raises(DecidedError):
        does(desk, desk.mia, Arrive(of.id, TAB))


@pytest.mark.parametrize(
    ("came", "began", "outcome"),
    [
        (False, False, SessionStatus.NO_SHOW_PATIENT),
        (True, False, SessionStatus.NO_SHOW_HOST),
        (True, True, SessionStatus.COMPLETED),
    ],
)
def test_what_nobody_ends_the_sweep_ends_once(
    desk: Desk, came: bool, began: bool, outcome: SessionStatus
) -> None:
    of = at_the_door(desk)
    if came:
        does(desk, desk.mia, Arrive(of.id, TAB))
    if began:
        does(desk, desk.ben, StartVisit(of.id))
    desk.clock.set(of.ends_at + hours(1))
    assert "visit" in desk.sweep()
    assert session(desk, of.id).status is outcome
    assert desk.sweep() == []


def test_an_outcome_that_somebody_gave_is_not_overwritten(desk: Desk) -> None:
    of = at_the_door(desk)
    desk.clock.set(of.starts_at)
    does(desk, desk.ben, MissPatient(of.id))
    kept = session(desk, of.id)
    desk.clock.set(of.ends_at + hours(3))
    desk.sweep()
    assert session(desk, of.id) == kept


def test_only_the_two_are_let_through_the_door_and_only_while_it_goes_on(desk: Desk) -> None:
    # V10: the link is made then, for them, and stands nowhere
    of = at_the_door(desk)

    def door(who: int) -> Entrance | None:
        return desk.store.ask(lambda r: entrance(r, desk.actor(who), of.id, desk.now))

    assert (door(desk.mia), door(desk.ben)) == (None, None)
    does(desk, desk.ben, StartVisit(of.id))
    for who, is_host in ((desk.mia, False), (desk.ben, True)):
        found = door(who)
        assert found is not None
        assert (found.is_host, found.room) == (is_host, of.room)
    for stranger in (desk.sam, desk.ada, desk.omar, desk.root, desk.sid):
        with pytest.raises(NotFoundError):
            door(stranger)
    does(desk, desk.ben, FinishVisit(of.id))
    assert (door(desk.mia), door(desk.ben)) == (None, None)


def test_a_visit_of_now_is_open_at_once_and_goes_back_while_nobody_started_it(desk: Desk) -> None:
    desk.turn_on(desk.ben)
    number = desk.ask()
    of = desk.accept(number)
    does(desk, desk.mia, Arrive(of.id, TAB))
    desk.wait(25 * 60)  # its time is over, and its patient still waits
    desk.give_back(number)
    assert session(desk, of.id).status is SessionStatus.CANCELLED
    assert desk.store.rows.attendances == {}
    assert desk.notices(NoticeKind.CANCELLED) == sorted([desk.mia, desk.ben])
