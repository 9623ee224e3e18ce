"""Who loses the right to a stream loses the line, and nothing is written to them afterwards."""

from dataclasses import replace
from typing import Any

from dispatch.events import CONTROL
from dispatch.stream import Cursor
from dispatch.usecases.logins import (
    BeginLogin,
    EndLogin,
    SetDisabled,
    begin_login,
    end_login,
    set_disabled,
)
from dispatch.vocabulary import LoginId, PersonId
from server.live.seams import Visitor
from tests.live.rig import FakeWire, Rig


def disable(rig: Rig, person: PersonId, *, is_disabled: bool = True) -> None:
    root = rig.town.actor(rig.town.root)
    rig.town.store.run(set_disabled, SetDisabled(person, is_disabled), root)


def control_says_of(rig: Rig, person: PersonId) -> None:
    """Have an event name the person, whatever changed."""
    disable(rig, person, is_disabled=False)


async def test_signing_out_closes_the_sockets_of_that_sign_in_alone(rig: Rig) -> None:
    sam = rig.town.actor(rig.town.sam)
    login = LoginId(rig.town.store.run(begin_login, BeginLogin("hash"), sam).entity.id)
    _, mine = rig.open(rig.town.sam, login=login)
    _, elsewhere = rig.open(rig.town.sam, login=login + 7, tab="tab-of-another")
    rig.town.store.run(end_login, EndLogin(login), sam)
    await rig.catch_up()
    assert (mine.code, elsewhere.code) == (4401, None)


async def test_who_is_disabled_is_told_so_and_hears_nothing_of_the_same_look(rig: Rig) -> None:
    connection, wire = await rig.sam_watches()
    sue, sues = rig.open(rig.town.sue)
    await rig.follow(sue, rig.board)
    said = len(wire.messages)
    rig.town.ask()  # earlier than the revocation, and in the same look: still nothing
    disable(rig, rig.town.sam)
    await rig.catch_up()
    assert (wire.code, len(wire.messages)) == (4403, said)
    assert len(sues.frames) == 2
    assert connection.is_closed


async def test_what_waited_for_a_revoked_page_is_thrown_away(rig: Rig) -> None:
    connection, wire = await rig.sam_watches()
    wire.pause()
    rig.town.ask()
    await rig.catch_up()
    disable(rig, rig.town.sam)
    await rig.catch_up()
    said = len(wire.messages)
    wire.resume()
    connection.flush()
    assert len(wire.messages) == said


async def test_a_page_revoked_while_it_is_told_gets_nothing(rig: Rig) -> None:
    rig.town.ask()
    connection, wire = rig.open(rig.town.sam)

    async def meanwhile() -> None:
        disable(rig, rig.town.sam)
        await rig.catch_up()

    rig.store.after_read = [meanwhile]
    await rig.follow(connection, rig.board)
    assert wire.code == 4403
    assert wire.messages == []


async def test_new_memberships_reload_the_page(rig: Rig) -> None:
    _, wire = await rig.sam_watches()
    rig.town.store.rows.schedulers.add((rig.town.daytime.id, rig.town.sam))
    control_says_of(rig, rig.town.sam)
    await rig.catch_up()
    assert wire.code == 4410


async def test_a_lost_membership_reloads_the_page(rig: Rig) -> None:  # S55
    _, wire = await rig.sam_watches()
    rig.town.store.rows.schedulers.remove((rig.town.evening.id, rig.town.sam))
    control_says_of(rig, rig.town.sam)
    rig.town.ask()
    said = len(wire.messages)
    await rig.catch_up()
    assert (wire.code, len(wire.messages)) == (4410, said)


async def test_a_change_that_moves_no_right_leaves_the_page_alone(rig: Rig) -> None:
    connection, wire = await rig.sam_watches()
    people = rig.town.store.rows.people
    people[rig.town.sam] = replace(people[rig.town.sam], name="Sam Ortiz-Lind")
    control_says_of(rig, rig.town.sam)
    await rig.catch_up()
    assert wire.code is None
    assert connection.visitor.actor.name == "Sam Ortiz-Lind"


async def test_people_without_a_socket_are_not_even_read(rig: Rig) -> None:
    await rig.sam_watches()
    control_says_of(rig, rig.town.tom)
    await rig.catch_up()
    assert rig.tailer.control == rig.head(CONTROL)


async def test_a_hole_in_control_has_every_sign_in_checked_again(rig: Rig) -> None:
    connection, wire = await rig.sam_watches()

    async def still_me() -> Visitor | None:
        return None

    rig.live.rounds.begin(connection, still_me)
    for person in (rig.town.tom, rig.town.tom):
        control_says_of(rig, person)
    log = rig.town.store.rows.log
    log[CONTROL] = log[CONTROL][:-2] + log[CONTROL][-1:]
    await rig.catch_up()
    assert rig.tailer.holes == 1
    await rig.live.rounds.go()
    assert wire.code == 4401


async def test_a_restored_control_tells_nobody_anything_before_their_sign_in_is_checked(
    rig: Rig,
) -> None:
    # F22 F12: rights that came after the backup are gone with it, and no event says so
    control_says_of(rig, rig.town.tom)
    await rig.catch_up()
    wires: list[FakeWire] = []
    for person, remains in ((rig.town.sam, True), (rig.town.sue, False)):
        connection, wire = rig.open(person)
        await rig.follow(connection, rig.board)

        async def check(visitor: Visitor | None = connection.visitor if remains else None) -> Any:
            return visitor

        rig.live.rounds.begin(connection, check)
        wires.append(wire)
    log = rig.town.store.rows.log[CONTROL]
    rig.town.store.rows.log[CONTROL] = (*log[:-1], log[-1]._replace(tag="other"))
    rig.town.store.rows.heads[CONTROL] = Cursor(log[-1].seq, "other")
    rig.town.ask()
    await rig.catch_up()
    assert [len(wire.frames) for wire in wires] == [1, 1]  # not the new request either
    while not rig.hub.lagging.empty():
        await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    sams, sues = wires
    assert (sams.code, sues.code) == (None, 4401)
    assert len(sues.frames) == 1
    assert (sams.frames[-1]["after"], sams.frames[-1]["why"]) == (None, "history")


async def test_while_sign_ins_cannot_be_checked_a_doubted_page_is_told_nothing(rig: Rig) -> None:
    connection, wire = await rig.sam_watches()
    answers: list[Any] = [ConnectionResetError("away"), connection.visitor]

    async def check() -> Visitor | None:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    rig.live.rounds.begin(connection, check)
    rig.hub.doubt_everybody("history")
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    assert len(wire.frames) == 1
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())  # it is asked again by itself
    assert (len(wire.frames), wire.frames[-1]["why"]) == (2, "history")


async def test_a_doubt_that_comes_up_during_a_check_is_not_settled_by_it(rig: Rig) -> None:
    connection, _ = await rig.sam_watches()
    asked = []

    async def check() -> Visitor | None:
        asked.append(None)
        if len(asked) == 1:
            rig.hub.doubt_everybody()
        return connection.visitor

    rig.live.rounds.begin(connection, check)
    rig.elapsed += 37
    await rig.live.rounds.go()
    await rig.live.rounds.go()
    await rig.live.rounds.go()
    assert len(asked) == 2


async def test_a_board_whose_history_changed_has_every_sign_in_checked(rig: Rig) -> None:
    # whoever signed in after the backup was made: that rang nothing
    rig.town.ask()
    connection, wire = await rig.sam_watches()

    async def check() -> Visitor | None:
        return None

    rig.live.rounds.begin(connection, check)
    rows = rig.town.store.rows
    rows.log[rig.board[0]], rows.heads[rig.board[0]] = (), Cursor(0, "")
    await rig.catch_up()
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    assert (wire.code, len(wire.frames)) == (4401, 1)


async def test_every_sign_in_is_checked_again_within_36_s(rig: Rig) -> None:
    wires: list[FakeWire] = []
    visitor: list[Visitor | None] = []
    for number in range(5):
        connection, wire = rig.open(rig.town.sam, tab=f"tab-number-{number}")
        visitor = [connection.visitor]

        async def check(who: list[Visitor | None] = visitor) -> Visitor | None:
            return who[0]

        rig.live.rounds.begin(connection, check)
        wires.append(wire)
    rig.elapsed += 37
    await rig.live.rounds.go()
    assert [wire.code for wire in wires] == [None] * 5
    visitor[0] = None  # the last one's sign-in runs out; no event says so
    rig.elapsed += 23
    await rig.live.rounds.go()
    assert wires[-1].code is None
    rig.elapsed += 14
    await rig.live.rounds.go()
    assert [wire.code for wire in wires] == [None] * 4 + [4401]


async def test_a_check_that_cannot_be_made_is_made_later(rig: Rig) -> None:
    connection, wire = await rig.sam_watches()
    answers: list[Visitor | Exception | None] = [ConnectionResetError(), None]

    async def check() -> Visitor | None:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    rig.live.rounds.begin(connection, check)
    rig.elapsed += 40
    await rig.live.rounds.go()
    assert wire.code is None
    await rig.live.rounds.go()
    assert wire.code == 4401
