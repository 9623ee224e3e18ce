"""The database was put back, or another took its place: the tailer sees it below its own cursors."""

from dispatch.stream import Cursor
from tests.fakes.memory import Event
from tests.live.rig import Rig


async def test_a_log_that_went_back_is_noticed(rig: Rig) -> None:
    rig.town.ask()
    _, wire = await rig.sam_watches()
    rows = rig.town.store.rows
    rows.log[rig.board[0]] = ()
    rows.heads[rig.board[0]] = Cursor(0, "")
    await rig.catch_up()
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    assert (wire.frames[-1]["after"], wire.frames[-1]["seq"]) == (None, 0)
    assert wire.frames[-1]["why"] == "history"
    assert (rig.tailer.holes, rig.tailer.restores) == (0, 1)


async def test_a_log_that_went_back_does_not_count_as_lag_for_ever(rig: Rig) -> None:
    # else the worker would say for hours that it is not ready
    rig.town.ask()
    await rig.sam_watches()
    lag, before = rig.live.heart.lag, rig.town.store.rows
    rig.town.ask(by=rig.town.omar)
    await rig.live.heart.look()
    assert lag.events == 1
    rig.town.store.rows = before
    await rig.catch_up()
    rig.elapsed += 60
    await rig.live.heart.look()
    rig.elapsed += 60
    assert (lag.events, lag.seconds) == (0, 0.0)


async def test_another_history_with_the_same_numbers_is_noticed_by_its_tag(rig: Rig) -> None:
    rig.town.ask()
    _, wire = await rig.sam_watches()
    log = rig.town.store.rows.log
    log[rig.board[0]] = tuple(replace_tag(e) for e in log[rig.board[0]])
    rig.town.ask(by=rig.town.omar)
    await rig.catch_up()
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    assert wire.frames[-1]["why"] == "history"


async def test_another_history_that_has_come_to_the_same_number_is_noticed(rig: Rig) -> None:
    # F12: the standby that took over lacked the last change, and made one of its own
    rig.town.ask()
    _, wire = await rig.sam_watches()
    rows, stream = rig.town.store.rows, rig.board[0]
    rows.log[stream] = (*rows.log[stream][:-1], replace_tag(rows.log[stream][-1]))
    rows.heads[stream] = Cursor(rows.heads[stream].seq, "other")
    rig.tailer.wake({stream: rows.heads[stream].seq})
    await rig.tailer.catch_up()
    assert rig.tailer.restores == 0  # a bell says numbers only
    await rig.catch_up()
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    told = wire.frames[-1]
    assert (told["after"], told["tag"], told["why"]) == (None, "other", "history")
    assert (rig.tailer.holes, rig.tailer.restores) == (0, 1)
    await rig.catch_up()
    assert rig.tailer.restores == 1  # it goes on from there


async def test_a_place_that_was_swept_away_is_behind_and_no_restore(rig: Rig) -> None:
    rig.town.ask()
    _, wire = await rig.sam_watches()
    rig.town.ask(by=rig.town.omar)
    rig.town.store.rows.floors[rig.board[0]] = rig.hub.places[rig.board].seq
    await rig.catch_up()
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    assert (wire.frames[-1]["after"], wire.frames[-1]["why"]) == (None, "behind")
    assert (rig.tailer.holes, rig.tailer.restores) == (0, 0)


def replace_tag(event: Event) -> Event:
    return event._replace(tag="other")
