"""What another clinic does with a shared host reaches an open dialog, and tells nothing of itself."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from dispatch.choice import Assignment
from dispatch.stream import Projection
from dispatch.usecases.dialog import assignment
from dispatch.usecases.groups import RemoveMember
from dispatch.usecases.sessions import CancelSession, RescheduleSession
from dispatch.views import ProviderRow
from dispatch.vocabulary import EntityKind, GroupKind, PersonId, RequestNumber
from tests.builders import hours
from tests.dispatch.desk import Desk
from tests.dispatch.sittings import given_to, planned

Scene = Callable[[Desk], Iterator[None]]
SURE = ("unavailable", *(f"session:{n}" for n in range(1, 9)))


def dialog(desk: Desk, number: int, by: int) -> Assignment:
    actor = desk.actor(by)
    return desk.store.ask(lambda r: assignment(r, actor, RequestNumber(number), desk.now))


def booked(desk: Desk) -> Iterator[None]:
    number = desk.ask(desk.now + hours(4), by=desk.omar)
    yield
    desk.accept(number, *SURE, host_id=desk.ada, time=desk.request(number).times[0])


def moved(desk: Desk) -> Iterator[None]:
    of = planned(desk, ahead=4, host=desk.ada, by=desk.omar)
    yield
    desk.does(desk.sam, RescheduleSession(of.id, of.revision, desk.now + hours(5), frozenset(SURE)))


def given(desk: Desk) -> Iterator[None]:
    of = planned(desk, ahead=4, by=desk.omar)
    yield
    given_to(desk, of, desk.ada, *SURE)


def taken(desk: Desk) -> Iterator[None]:
    of = planned(desk, ahead=4, host=desk.ada, by=desk.omar)
    yield
    given_to(desk, of, desk.ben, *SURE)


def called_off(desk: Desk) -> Iterator[None]:
    of = planned(desk, ahead=4, host=desk.ada, by=desk.omar)
    yield
    desk.does(desk.sam, CancelSession(of.id, of.revision))


def returned(desk: Desk) -> Iterator[None]:
    number = desk.ask(desk.now + hours(4), by=desk.omar)
    desk.accept(number, *SURE, host_id=desk.ada, time=desk.request(number).times[0])
    yield
    desk.give_back(number)


def wanted(desk: Desk) -> int:
    return desk.ask(desk.now + hours(4), by=desk.omar, target_host_id=desk.ada)


def asked(desk: Desk) -> Iterator[None]:
    yield
    wanted(desk)


def withdrawn(desk: Desk) -> Iterator[None]:
    number = wanted(desk)
    yield
    desk.withdraw(number, by=desk.omar)


def declined(desk: Desk) -> Iterator[None]:
    desk.decline(wanted(desk))
    yield
    desk.wait(10)
    assert "decline" in desk.sweep()


def accepted_for_somebody_else(desk: Desk) -> Iterator[None]:
    number = wanted(desk)
    yield
    desk.accept(number, *SURE, time=desk.request(number).times[0])


def back_from_somebody_else(desk: Desk) -> Iterator[None]:
    number = wanted(desk)
    desk.accept(number, *SURE, time=desk.request(number).times[0])
    yield
    desk.give_back(number)


def expired(desk: Desk) -> Iterator[None]:
    wanted(desk)
    yield
    desk.wait(hours(4).total_seconds())
    desk.sweep()


ELSEWHERE: tuple[Scene, ...] = (
    booked,
    moved,
    given,
    taken,
    called_off,
    returned,
    asked,
    withdrawn,
    declined,
    accepted_for_somebody_else,
    back_from_somebody_else,
    expired,
)


@pytest.mark.parametrize("scene", ELSEWHERE, ids=lambda scene: scene.__name__)
def test_an_open_dialog_hears_of_it_and_of_nothing_else(desk: Desk, scene: Scene) -> None:
    # S41 S42 S66 S87: Ada answers in both clinics, Tom schedules the daytime alone
    times = desk.now + hours(4), desk.now + hours(30)
    number = desk.ask(*times, clinic=desk.daytime, target_host_id=desk.ada)
    steps = scene(desk)
    next(steps)
    page = desk.snapshot(f"clinic:{desk.daytime.id}", Projection.BOARD)
    before = replace(dialog(desk, number, by=desk.tom), heads={})
    assert next(steps, "done") == "done"
    after = dialog(desk, number, by=desk.tom)
    assert replace(after, heads={}) != before
    delta = desk.delta(page)
    assert delta
    assert delta.cursor.seq > page.cursor.seq, "the dialog has changed, and nobody says so"
    # S55: what is said names the host they share, or a session that has no row here
    named = {view.entity for view in delta.views} | {entity for entity, _ in delta.gone}
    assert {entity.kind for entity in named} <= {EntityKind.PROVIDER, EntityKind.SESSION}
    assert {view.clinic_id for view in delta.views if isinstance(view, ProviderRow)} <= {
        desk.daytime.id
    }
    assert len(delta.views) == sum(isinstance(view, ProviderRow) for view in delta.views)
    assert all(outcome is None for _, outcome in delta.gone)


def test_a_rival_of_another_clinic_is_counted_and_not_named(desk: Desk) -> None:
    # S55 S66: Sam schedules the evening alone, Sue both
    wish = desk.now + hours(3)
    mine = desk.ask(wish, target_host_id=desk.ada)
    near = desk.ask(wish, by=desk.omar, target_host_id=desk.ada)
    far = desk.ask(wish, by=desk.omar, clinic=desk.daytime, target_host_id=desk.ada)
    to_sam, to_sue = (dialog(desk, mine, by=who) for who in (desk.sam, desk.sue))
    assert (to_sam.rivals, to_sam.rivals_elsewhere) == ((near,), 1)
    assert (to_sue.rivals, to_sue.rivals_elsewhere) == ((near, far), 0)


def test_who_does_not_answer_here_any_more_is_wanted_by_nobody_here(desk: Desk) -> None:
    # S66: it could not be accepted for them, so nothing stands against it
    wish = desk.now + hours(3)
    mine = desk.ask(wish, target_host_id=desk.ada)
    desk.ask(wish, by=desk.omar, clinic=desk.daytime, target_host_id=desk.ada)
    group = desk.evening.host_group.id
    desk.does(desk.root, RemoveMember(GroupKind.HOSTS, group, PersonId(desk.ada)))
    shown = dialog(desk, mine, by=desk.sam)
    assert (shown.rivals, shown.rivals_elsewhere) == ((), 0)


def test_what_wants_nobody_at_no_time_rings_its_own_clinic_alone(desk: Desk) -> None:
    # S45: a request for now has no time to share, and one to a group no host
    stream = f"clinic:{desk.daytime.id}"
    desk.turn_on(desk.ada, desk.ben)
    before = desk.store.rows.heads[stream]
    desk.ask(target_host_id=desk.ada)
    desk.ask(desk.now + hours(3), by=desk.omar)
    assert desk.store.rows.heads[stream] == before
