"""A process says which providers have a dashboard open in it: at once, every ten seconds, and last."""

from dispatch.stream import Projection
from dispatch.usecases.connectedness import KeepConnected, LetGo
from dispatch.vocabulary import PersonId
from server.live.codes import Close
from server.live.connection import Connection
from tests.live.rig import Rig


async def dashboard(rig: Rig, host: PersonId, tab: str = "tab-of-a-test") -> Connection:
    connection, _ = rig.open(host, tab=tab)
    await rig.follow(connection, (f"host:{host}", Projection.HOST))
    return connection


async def later(rig: Rig, seconds: float) -> None:
    rig.elapsed += seconds
    rig.town.wait(seconds)
    await rig.live.presence.look()


async def test_a_dashboard_is_told_within_a_second_and_kept_every_ten() -> None:
    rig = Rig()
    await later(rig, 1)
    await dashboard(rig, rig.town.ada)
    await later(rig, 1)
    assert rig.store.performed == [KeepConnected((rig.town.ada,))]
    await later(rig, 1)
    assert len(rig.store.performed) == 1
    await later(rig, 9)
    assert rig.store.performed == [KeepConnected((rig.town.ada,))] * 2
    assert set(rig.town.store.rows.connected) == {rig.town.ada}


async def test_two_pages_of_one_provider_are_one_and_the_last_to_close_lets_go() -> None:
    rig = Rig()
    one = await dashboard(rig, rig.town.ada, "tab-one-1")
    two = await dashboard(rig, rig.town.ada, "tab-two-2")
    await later(rig, 1)
    rig.hub.leave(one)
    await later(rig, 1)
    assert LetGo((rig.town.ada,)) not in rig.store.performed
    rig.hub.leave(two)
    await later(rig, 1)
    assert rig.store.performed[-1] == LetGo((rig.town.ada,))
    await later(rig, 10)
    assert rig.store.performed[-1] == LetGo((rig.town.ada,))


async def test_a_board_and_a_page_that_was_sent_away_connect_nobody() -> None:
    rig = Rig()
    await rig.sam_watches()
    gone = await dashboard(rig, rig.town.ada)
    gone.end(Close.BUSY)
    await later(rig, 1)
    assert rig.store.performed == []


async def test_without_a_database_it_is_told_when_that_is_back() -> None:
    rig = Rig()
    await dashboard(rig, rig.town.ada)
    rig.store.is_away = True
    await later(rig, 1)
    rig.store.is_away = False
    await later(rig, 1)
    assert rig.store.performed == [KeepConnected((rig.town.ada,))]
