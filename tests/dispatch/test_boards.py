"""A page follows a stream: whole, or what became of it since a place that it knows."""

import pytest

from dispatch.events import Change, EntityRef
from dispatch.people import system_actor
from dispatch.ports import Done, Unit
from dispatch.stream import Cursor, Projection, Snapshot
from dispatch.usecases import boards
from dispatch.views import BoardRow, HostCard, PatientCard
from dispatch.vocabulary import EntityKind, RequestStatus
from tests.builders import ACCOUNT, an_actor, hours, minutes
from tests.dispatch.desk import Desk

BOARD = Projection.BOARD


def page(desk: Desk) -> Snapshot:
    return desk.snapshot(f"clinic:{desk.evening.id}", BOARD)


def at(before: Snapshot, seq: int, tag: str) -> Snapshot:
    return Snapshot(before.stream, before.projection, Cursor(seq, tag), ())


def ring(desk: Desk, times: int) -> None:
    """Let the same provider change that often in the evening clinic."""
    entity = EntityRef(EntityKind.PROVIDER, desk.ada)
    change = Change("provider.moved", entity, frozenset({f"clinic:{desk.evening.id}"}))

    def usecase(command: int, actor: object, unit: Unit, now: object) -> Done:
        unit.record(system_actor(ACCOUNT), *[change] * command)
        return Done(entity)

    desk.store.run(usecase, times, system_actor(ACCOUNT))


def test_a_new_request_comes_last_and_moves_nobody(desk: Desk) -> None:
    # S30 S31
    numbers = [
        desk.ask(),
        desk.ask(by=desk.omar),
        desk.ask(by=desk._person("Pia", asks=[desk.evening])),
    ]
    rows = [view for view in page(desk).views if isinstance(view, BoardRow)]
    assert [row.number for row in rows] == numbers, "all of one instant: by number"
    desk.wait(1)
    desk.withdraw(numbers[0])
    numbers.append(desk.ask())
    rows = [view for view in page(desk).views if isinstance(view, BoardRow)]
    assert [row.number for row in rows] == numbers[1:]


def test_a_page_that_is_up_to_date_gets_an_empty_stretch(desk: Desk) -> None:
    # S90
    desk.ask()
    before = page(desk)
    delta = desk.delta(before)
    assert delta is not None
    assert (delta.after, delta.cursor, delta.views, delta.gone) == (
        before.cursor.seq,
        before.cursor,
        (),
        (),
    )


def test_an_empty_stream_is_followed_from_zero(desk: Desk) -> None:
    # S90
    before = desk.snapshot(f"patient:{desk.mia}", Projection.PATIENT)
    assert before.cursor == Cursor(0, "")
    assert desk.delta(before) is not None
    number = desk.ask()
    delta = desk.delta(before)
    assert delta is not None
    assert (delta.after, delta.cursor.seq) == (0, 1)
    assert [view.number for view in delta.views if isinstance(view, PatientCard)] == [number]


def test_many_changes_of_one_row_come_as_the_row_that_now_is(desk: Desk) -> None:
    # S85 S90
    number, before = desk.ask(), page(desk)
    desk.claim(number)
    desk.decline(number)
    desk.undo(number)
    delta = desk.delta(before)
    assert delta is not None
    (row,) = delta.views
    assert isinstance(row, BoardRow)
    assert (row.version, row.declining, row.claim and row.claim.name) == (3, None, "Sam Ortiz")
    assert delta.cursor.seq == before.cursor.seq + 3
    assert delta.gone == ()


def test_what_left_is_gone_with_its_outcome_in_words(desk: Desk) -> None:
    # S64 S65
    desk.turn_on(desk.ben)
    number, before = desk.ask(), page(desk)
    before = page(desk)
    desk.accept(number)
    delta = desk.delta(before)
    assert delta is not None
    gone = {str(ref): outcome for ref, outcome in delta.gone}
    outcome = gone.pop(f"request:{desk.request(number).id}")
    assert outcome is not None
    assert (outcome.by, outcome.provider, outcome.at) == ("Sam Ortiz", "Dr. Ben Cole", desk.now)
    assert outcome.status is RequestStatus.ACCEPTED
    assert set(gone.values()) <= {None}, "only a request has an outcome"
    assert delta.views == ()


def test_a_request_that_is_back_is_put_and_not_gone(desk: Desk) -> None:
    desk.turn_on(desk.ben)
    number, before = desk.ask(), page(desk)
    desk.accept(number)
    desk.give_back(number)
    delta = desk.delta(before)
    assert delta is not None
    assert [view.entity for view in delta.views] == [
        EntityRef(EntityKind.REQUEST, desk.request(number).id)
    ]
    assert EntityKind.REQUEST not in {ref.kind for ref, _ in delta.gone}


@pytest.mark.parametrize("what", ["another tag", "ahead", "far ahead", "before the first"])
def test_a_cursor_of_another_history_asks_for_a_snapshot(desk: Desk, what: str) -> None:
    # S90
    desk.ask()
    desk.ask(by=desk.omar)
    here = page(desk)
    cursors = {
        "another tag": (here.cursor.seq, "ffffffff"),
        "ahead": (here.cursor.seq + 1, here.cursor.tag),
        "far ahead": (10**9, here.cursor.tag),
        "before the first": (-1, ""),
    }
    assert desk.delta(at(here, *cursors[what])) is None


def test_an_empty_log_after_a_restore_is_noticed(desk: Desk) -> None:
    # S90
    desk.ask()
    before = page(desk)
    desk.store.rows.log.clear()
    desk.store.rows.heads.clear()
    assert desk.delta(before) is None


@pytest.mark.parametrize(
    ("floor", "cursor", "works"),
    [(0, 3, True), (3, 3, False), (3, 2, False), (3, 4, True), (9, 3, False), (9, 0, False)],
)
def test_below_the_floor_a_snapshot_is_taken(
    desk: Desk, floor: int, cursor: int, works: bool
) -> None:
    # S90: what was swept cannot be replayed
    ring(desk, 9)
    stream = f"clinic:{desk.evening.id}"
    tag = desk.store.rows.log[stream][cursor - 1].tag if cursor else ""
    desk.store.rows.floors[stream] = floor
    assert (desk.delta(at(page(desk), cursor, tag)) is not None) is works


def test_two_thousand_events_are_replayed_and_one_more_is_too_many(desk: Desk) -> None:
    # S90
    before = page(desk)
    ring(desk, boards.REPLAY_LIMIT)
    delta = desk.delta(before)
    assert delta is not None
    assert delta.cursor.seq == before.cursor.seq + 2000
    assert len(delta.views) == 1
    ring(desk, 1)
    assert desk.delta(before) is None


def test_a_change_elsewhere_is_no_change_here(desk: Desk) -> None:
    # S34 S35
    desk.ask()
    before = page(desk)
    desk.ask(clinic=desk.daytime)
    desk.ask(by=desk.zoe, clinic=desk.foreign)
    delta = desk.delta(before)
    assert delta is not None
    assert (delta.cursor, delta.views, delta.gone) == (before.cursor, (), ())


def test_a_host_sees_what_is_directed_to_them_or_their_group_and_nothing_else(desk: Desk) -> None:
    # S21 S28
    desk.turn_on(desk.ada)
    mine, ours = desk.ask(target_host_id=desk.ada), desk.ask(by=desk.omar)
    desk.ask(desk.now + hours(1), clinic=desk.daytime, target_host_id=desk.dan)

    def numbers(stream: str) -> list[int]:
        views = desk.snapshot(stream, Projection.HOST).views
        return [view.number for view in views if isinstance(view, HostCard)]

    assert numbers(f"host:{desk.ada}") == [mine]
    assert numbers(f"host:{desk.ben}") == []
    assert numbers(f"hosts:{desk.evening.host_group.id}") == [ours]


def test_a_requester_sees_only_their_own(desk: Desk) -> None:
    # S67
    mine, _theirs = desk.ask(), desk.ask(by=desk.omar)
    views = desk.snapshot(f"patient:{desk.mia}", Projection.PATIENT).views
    assert [view.number for view in views if isinstance(view, PatientCard)] == [mine]
    assert len(views) == 1


def test_everyone_may_join_their_own_streams_and_no_other(desk: Desk) -> None:
    # S28 S29 S34 S67
    board = frozenset({Projection.BOARD, Projection.DECIDED, Projection.SESSIONS})
    host = frozenset({Projection.HOST})
    patient = frozenset({Projection.PATIENT, Projection.ROOM})
    evening, daytime = desk.evening, desk.daytime
    expected = {
        desk.mia: {f"patient:{desk.mia}": patient},
        desk.ada: {
            f"hosts:{evening.host_group.id}": host,
            f"hosts:{daytime.host_group.id}": host,
            f"host:{desk.ada}": host,
        },
        desk.sam: {f"clinic:{evening.id}": board},
        desk.sue: {f"clinic:{evening.id}": board, f"clinic:{daytime.id}": board},
        desk.root: {},
    }
    for person, streams in expected.items():
        assert boards.joinable(desk.actor(person)) == streams
    assert boards.joinable(an_actor(5, is_administrator=True)) == {}


def test_the_counter_on_the_board_is_the_same_for_everyone_who_looks(desk: Desk) -> None:
    # S78 S80
    desk.ask()
    asked_at = desk.now
    early = page(desk)
    desk.wait(minutes(7).total_seconds())
    late = page(desk)
    assert {
        view.submitted_at
        for shown in (early, late)
        for view in shown.views
        if isinstance(view, BoardRow)
    } == {asked_at}
