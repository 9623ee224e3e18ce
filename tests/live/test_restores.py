"""The database was put back, or another took its place: the tailer sees it below its own cursors."""

from dispatch.events import CONTROL
from dispatch.stream import Cursor
from dispatch.vocabulary import LoginId
from tests.fakes.memory import Event
from tests.live.rig import FakeWire, Rig
from tests.live.test_revocation import control_says_of, signed_in


async def sam_watches(rig: Rig) -> FakeWire:
    """Return Sam's page on the board, by a sign-in that the database knows."""
    _, wire = signed_in(rig, rig.town.sam, "tab-number-1")
    [connection] = rig.hub.connections
    await rig.follow(connection, rig.board)
    return wire


async def test_a_log_that_went_back_is_noticed(rig: Rig) -> None:
    rig.town.ask()
    wire = await sam_watches(rig)
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
    await sam_watches(rig)
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
    wire = await sam_watches(rig)
    log = rig.town.store.rows.log
    log[rig.board[0]] = tuple(replace_tag(e) for e in log[rig.board[0]])
    rig.town.ask(by=rig.town.omar)
    await rig.catch_up()
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    assert wire.frames[-1]["why"] == "history"


async def test_another_history_that_has_come_to_the_same_number_is_noticed(rig: Rig) -> None:
    # F12: the standby that took over lacked the last change, and made one of its own
    rig.town.ask()
    wire = await sam_watches(rig)
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
    wire = await sam_watches(rig)
    rig.town.ask(by=rig.town.omar)
    rig.town.store.rows.floors[rig.board[0]] = rig.hub.places[rig.board].seq
    await rig.catch_up()
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    assert (wire.frames[-1]["after"], wire.frames[-1]["why"]) == (None, "behind")
    assert (rig.tailer.holes, rig.tailer.restores) == (0, 0)


def replace_tag(event: Event) -> Event:
    return event._replace(tag="other")


async def recover_all(rig: Rig) -> None:
    while not rig.hub.lagging.empty():
        await rig.live.rounds.recover(rig.hub.lagging.get_nowait())


def forget_login(rig: Rig, login: LoginId) -> None:
    """Have the database not know a sign-in, as one does that was restored."""
    del rig.town.store.rows.logins[login]


async def test_a_restored_control_tells_nobody_anything_before_their_sign_in_is_checked(
    rig: Rig,
) -> None:
    # F22 F12: rights that came after the backup are gone with it, and no event says so
    control_says_of(rig, rig.town.tom)
    await rig.catch_up()
    _, sams = signed_in(rig, rig.town.sam, "tab-number-1")
    lost, sues = signed_in(rig, rig.town.sue, "tab-number-2")
    for connection in [*rig.hub.connections]:
        await rig.follow(connection, rig.board)
    rig.town.ask()
    forget_login(rig, lost)
    rows = rig.town.store.rows
    log = rows.log[CONTROL]
    rows.log[CONTROL] = (*log[:-1], replace_tag(log[-1]))
    rows.heads[CONTROL] = Cursor(log[-1].seq, "other")
    await rig.catch_up()
    assert [len(wire.frames) for wire in (sams, sues)] == [1, 1]  # not the new request either
    reads = rig.store.reads
    await recover_all(rig)
    assert (sams.code, sues.code, len(sues.frames)) == (None, 4401, 1)
    assert (sams.frames[-1]["after"], sams.frames[-1]["why"]) == (None, "history")
    assert rig.store.reads == reads + 2  # all sign-ins at once, and the one snapshot


async def test_while_sign_ins_cannot_be_checked_a_doubted_page_is_told_nothing(rig: Rig) -> None:
    _, wire = signed_in(rig, rig.town.sam, "tab-number-1")
    [connection] = rig.hub.connections
    await rig.follow(connection, rig.board)
    rig.hub.doubt_everybody("history")
    rig.store.is_away = True
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    assert len(wire.frames) == 1
    rig.store.is_away = False
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())  # it is asked again by itself
    assert (len(wire.frames), wire.frames[-1]["why"]) == (2, "history")


async def test_a_doubt_that_comes_up_during_a_check_is_not_settled_by_it(rig: Rig) -> None:
    login, wire = signed_in(rig, rig.town.sam, "tab-number-1")

    def restored() -> None:
        forget_login(rig, login)
        rig.hub.doubt_everybody()

    rig.elapsed += 37
    rig.store.after_read = [restored]
    await rig.live.rounds.go()
    assert wire.code is None
    await rig.live.rounds.go()
    assert wire.code == 4401


async def test_a_board_whose_history_changed_has_every_sign_in_checked(rig: Rig) -> None:
    # whoever signed in after the backup was made: that rang nothing
    rig.town.ask()
    login, wire = signed_in(rig, rig.town.sam, "tab-number-1")
    [connection] = rig.hub.connections
    await rig.follow(connection, rig.board)
    forget_login(rig, login)
    rows = rig.town.store.rows
    rows.log[rig.board[0]], rows.heads[rig.board[0]] = (), Cursor(0, "")
    await rig.catch_up()
    await recover_all(rig)
    assert (wire.code, len(wire.frames)) == (4401, 1)


async def test_a_sign_in_whose_number_is_anothers_now_is_over(rig: Rig) -> None:
    # Sue signs in after the restore and gets the number that Sam's lost sign-in had
    login, wire = signed_in(rig, rig.town.sam, "tab-number-1")
    logins = rig.town.store.rows.logins
    logins[login] = logins[login]._replace(person=rig.town.sue)
    rig.hub.doubt_everybody()
    await rig.live.rounds.go()
    assert wire.code == 4401
