"""Whether a provider has a page open is shown, by a lease, and decides nothing."""

import pytest

from dispatch.errors import NotAllowedError
from dispatch.people import system_actor
from dispatch.stream import Projection
from dispatch.usecases.connectedness import KeepConnected, LetGo, keep_connected, let_go
from dispatch.usecases.dialog import assignment
from dispatch.views import ProviderRow
from dispatch.vocabulary import NoticeKind, PersonId, RequestStatus
from tests.builders import ACCOUNT
from tests.dispatch.desk import Desk


def keep(desk: Desk, *hosts: PersonId) -> None:
    desk.store.run(keep_connected, KeepConnected(hosts), system_actor(ACCOUNT))


def go(desk: Desk, *hosts: PersonId) -> None:
    desk.store.run(let_go, LetGo(hosts), system_actor(ACCOUNT))


def is_shown(desk: Desk, host: int) -> bool:
    seen = desk.snapshot(f"clinic:{desk.evening.id}", Projection.BOARD)
    return next(v.is_connected for v in seen.views if isinstance(v, ProviderRow) and v.id == host)


def test_coming_and_going_is_told_to_the_boards_and_staying_is_not(desk: Desk) -> None:
    # S87
    rung = len(desk.rung())
    keep(desk, desk.ada, desk.ben)
    assert desk.rung(rung) == ["provider.connected"] * 2
    for _ in range(6):
        desk.wait(10)
        keep(desk, desk.ada)
        desk.sweep()
    assert desk.rung(rung) == ["provider.connected"] * 2 + ["provider.disconnected"]
    assert (is_shown(desk, desk.ada), is_shown(desk, desk.ben)) == (True, False)


def test_every_clinic_that_lists_the_provider_hears_and_nobody_else(desk: Desk) -> None:
    before = dict(desk.store.rows.heads)
    keep(desk, desk.ada)
    moved = {stream for stream, head in desk.store.rows.heads.items() if head != before.get(stream)}
    assert moved == {f"clinic:{desk.evening.id}", f"clinic:{desk.daytime.id}"}


def test_a_process_that_died_lets_go_of_its_providers_in_half_a_minute(desk: Desk) -> None:
    keep(desk, desk.ada)
    desk.wait(29.999)
    assert desk.sweep() == []
    desk.wait(0.001)
    assert desk.sweep() == ["connected"]
    assert not is_shown(desk, desk.ada)
    assert desk.sweep() == []


def test_a_closed_page_has_a_grace_in_which_another_may_speak_up(desk: Desk) -> None:
    # Two processes hold a page each; the one that closes must not make the other's flicker.
    keep(desk, desk.ada)
    rung = len(desk.rung())
    go(desk, desk.ada)
    desk.wait(10)  # the other process renews at least so often
    assert desk.sweep() == []
    keep(desk, desk.ada)
    desk.wait(29)
    assert desk.sweep() == []
    assert desk.rung(rung) == []
    go(desk, desk.ada)
    desk.wait(15)
    assert desk.sweep() == ["connected"]


def test_it_decides_nothing(desk: Desk) -> None:
    # S38 S39: available and not connected is available; connected and not available is not
    desk.turn_on(desk.ada)
    keep(desk, desk.ben)
    request = desk.request(desk.ask(target_host_id=desk.ada))
    assert request.status is RequestStatus.PENDING
    assert desk.ada in desk.notices(NoticeKind.NEW_REQUEST)
    found = desk.store.ask(lambda r: assignment(r, desk.actor(desk.sam), request.number, desk.now))
    said = {option.id: (option.is_available, option.is_connected) for option in found.providers}
    assert said == {desk.ada: (True, False), desk.ben: (False, True)}
    desk.accept(request.number, host_id=desk.ada)
    assert desk.request(request.number).status is RequestStatus.ACCEPTED
    toggle = desk.store.rows.toggle(desk.ben)
    keep(desk, desk.ben)
    go(desk, desk.ben)
    assert desk.store.rows.toggle(desk.ben) == toggle


def test_nobody_says_of_themself_or_of_others_that_they_are_there(desk: Desk) -> None:
    with pytest.raises(NotAllowedError):
        desk.does(desk.ada, KeepConnected((desk.ada,)))
    with pytest.raises(NotAllowedError):
        desk.does(desk.root, LetGo((desk.ada,)))
