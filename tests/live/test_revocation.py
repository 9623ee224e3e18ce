"""Who loses the right to a stream loses the line, and nothing is written to them afterwards."""

from dataclasses import replace

from dispatch.events import CONTROL
from dispatch.stream import Projection
from dispatch.usecases.groups import RemoveMember
from dispatch.usecases.logins import (
    BeginLogin,
    EndLogin,
    SetDisabled,
    begin_login,
    end_login,
    set_disabled,
)
from dispatch.usecases.people import EndSignIns, end_sign_ins
from dispatch.usecases.schedulers import RemoveScheduler
from dispatch.vocabulary import GroupKind, LoginId, PersonId
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


async def test_whoever_is_signed_out_everywhere_hears_nothing_of_the_same_look(rig: Rig) -> None:
    # A page on a machine that was stolen is shut at once, not when its sign-in is next looked at.
    town, wires = rig.town, []
    for number in (1, 2):
        sam = town.actor(town.sam)
        done = town.store.run(begin_login, BeginLogin(f"hash {number}"), sam)
        connection, wire = rig.open(town.sam, LoginId(done.entity.id), f"tab-of-page-{number}")
        await rig.follow(connection, rig.board)
        wires.append(wire)
    _, sues = rig.open(town.sue, LoginId(99))
    said = [len(wire.messages) for wire in wires]
    town.ask()
    town.store.run(end_sign_ins, EndSignIns(town.sam), town.actor(town.root))
    await rig.catch_up()
    assert [wire.code for wire in wires] == [4401, 4401]
    assert [len(wire.messages) for wire in wires] == said
    assert sues.code is None


async def test_a_sign_in_that_was_ended_is_over_though_its_person_may_come_again(rig: Rig) -> None:
    sam = rig.town.actor(rig.town.sam)
    login = LoginId(rig.town.store.run(begin_login, BeginLogin("hash"), sam).entity.id)
    _, wire = rig.open(rig.town.sam, login)
    disable(rig, rig.town.sam)
    disable(rig, rig.town.sam, is_disabled=False)  # before anybody looked
    await rig.catch_up()
    assert wire.code == 4401


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


async def test_who_is_taken_out_of_a_group_loses_its_line_and_hears_nothing_more(rig: Rig) -> None:
    town, ben = rig.town, rig.town.ben
    connection, wire = rig.open(ben)
    await rig.follow(connection, (f"hosts:{town.evening.host_group.id}", Projection.HOST))
    said = len(wire.messages)
    town.ask()
    command = RemoveMember(GroupKind.HOSTS, town.evening.host_group.id, PersonId(ben))
    town.does(town.root, command)
    await rig.catch_up()
    assert (wire.code, len(wire.messages)) == (4410, said)


async def test_a_patient_taken_out_of_one_of_their_groups_keeps_their_page_open(rig: Rig) -> None:
    # S67 S88
    town = rig.town
    number = town.ask()
    connection, wire = rig.open(town.mia)
    await rig.follow(connection, (f"patient:{town.mia}", Projection.PATIENT))
    town.does(town.root, RemoveMember(GroupKind.PATIENTS, town.evening.patient_group.id, town.mia))
    await rig.catch_up()
    assert wire.code is None
    town.turn_on(town.ben)
    town.accept(number)
    await rig.catch_up()
    puts = [op for op in wire.frames[-1]["ops"] if op["op"] == "put"]
    assert [op["version"] for op in puts] == [town.request(number).version]


async def test_a_patient_of_no_group_any_more_is_loaded_anew_and_let_in_again(rig: Rig) -> None:
    # S67 S88: their page offers nothing new then, and shows what they have
    town = rig.town
    number = town.ask()
    connection, wire = rig.open(town.mia)
    key = (f"patient:{town.mia}", Projection.PATIENT)
    await rig.follow(connection, key)
    for clinic in (town.evening, town.daytime):
        command = RemoveMember(GroupKind.PATIENTS, clinic.patient_group.id, town.mia)
        town.does(town.root, command)
    await rig.catch_up()
    assert wire.code == 4410
    connection, wire = rig.open(town.mia, login=2, tab="tab-that-was-loaded-anew")
    assert key[1] in connection.visitor.may_join[key[0]]
    await rig.follow(connection, key)
    town.withdraw(number)
    await rig.catch_up()
    assert wire.code is None
    assert wire.frames[-1]["ops"][0]["version"] == town.request(number).version


async def test_who_schedules_no_more_loses_the_board(rig: Rig) -> None:  # S55
    _, wire = await rig.sam_watches()
    said = len(wire.messages)
    rig.town.ask()
    command = RemoveScheduler(rig.town.evening.id, PersonId(rig.town.sam))
    rig.town.does(rig.town.root, command)
    await rig.catch_up()
    assert (wire.code, len(wire.messages)) == (4410, said)


async def test_a_change_that_moves_no_right_leaves_the_page_alone(rig: Rig) -> None:
    connection, wire = await rig.sam_watches()
    people = rig.town.store.rows.people
    people[rig.town.sam] = replace(people[rig.town.sam], name="Sam Ortiz-Lind")
    control_says_of(rig, rig.town.sam)
    await rig.catch_up()
    assert wire.code is None
    assert isinstance(connection.visitor, Visitor)
    assert connection.visitor.actor.name == "Sam Ortiz-Lind"


async def test_people_without_a_socket_are_not_even_read(rig: Rig) -> None:
    await rig.sam_watches()
    control_says_of(rig, rig.town.tom)
    await rig.catch_up()
    assert rig.tailer.control == rig.head(CONTROL)


async def test_a_hole_in_control_has_every_sign_in_checked_again(rig: Rig) -> None:
    connection, wire = await rig.sam_watches()  # by a sign-in that the database does not know
    rig.live.rounds.begin(connection)
    for person in (rig.town.tom, rig.town.tom):
        control_says_of(rig, person)
    log = rig.town.store.rows.log
    log[CONTROL] = log[CONTROL][:-2] + log[CONTROL][-1:]
    await rig.live.rounds.go()
    assert wire.code is None
    await rig.catch_up()
    assert rig.tailer.holes == 1
    await rig.live.rounds.go()
    assert wire.code == 4401


def signed_in(rig: Rig, person: PersonId, tab: str) -> tuple[LoginId, FakeWire]:
    """Return a page's socket whose sign-in the rounds check."""
    rig.sign_in(person)
    login = max(rig.town.store.rows.logins)
    connection, wire = rig.open(person, login=login, tab=tab)
    rig.live.rounds.begin(connection)
    return login, wire


def run_out(rig: Rig, login: LoginId) -> None:
    """Have a sign-in be over, without an event that says so."""
    logins = rig.town.store.rows.logins
    logins[login] = logins[login]._replace(until=rig.town.now)


async def test_every_sign_in_is_checked_again_within_36_s(rig: Rig) -> None:
    pages = [signed_in(rig, rig.town.sam, f"tab-number-{number}") for number in range(5)]
    wires = [wire for _, wire in pages]
    rig.elapsed += 37
    await rig.live.rounds.go()
    assert [wire.code for wire in wires] == [None] * 5
    run_out(rig, pages[-1][0])
    rig.elapsed += 23
    await rig.live.rounds.go()
    assert wires[-1].code is None
    rig.elapsed += 14
    await rig.live.rounds.go()
    assert [wire.code for wire in wires] == [None] * 4 + [4401]


async def test_sign_ins_that_are_due_are_asked_about_in_one_read(rig: Rig) -> None:
    pages = [signed_in(rig, rig.town.sam, f"tab-number-{number}") for number in range(5)]
    _, elsewhere = rig.open(rig.town.sam, login=pages[0][0], tab="tab-of-another")
    for login, _ in pages[:3]:
        run_out(rig, login)
    rig.elapsed += 37
    rig.store.reads = 0
    await rig.live.rounds.go()
    assert rig.store.reads == 1
    assert [wire.code for _, wire in pages] == [4401] * 3 + [None] * 2
    assert elsewhere.code == 4401, "a sign-in's other pages hear of it at once"
    rig.elapsed += 23  # none is due before 80 % of half a minute
    await rig.live.rounds.go()
    assert rig.store.reads == 1


async def test_sign_ins_that_came_together_are_not_due_together(rig: Rig) -> None:
    for number in range(10):
        signed_in(rig, rig.town.sam, f"tab-number-{number}")
    due = sorted(connection.revalidate_at for connection in rig.hub.connections)
    assert all(24 <= at - rig.elapsed <= 36 for at in due)
    assert due[-1] - due[0] > 6


async def test_pages_of_one_sign_in_share_what_is_known_of_it(rig: Rig) -> None:
    login, _ = signed_in(rig, rig.town.sam, "tab-number-1")
    rig.open(rig.town.sam, login=login, tab="tab-number-2")
    first, second = rig.hub.connections
    assert first.visitor is second.visitor
    rig.elapsed += 37
    await rig.live.rounds.go()
    assert first.visitor is second.visitor


async def test_a_check_that_cannot_be_made_is_made_later(rig: Rig) -> None:
    login, wire = signed_in(rig, rig.town.sam, "tab-number-1")
    run_out(rig, login)
    rig.elapsed += 40
    rig.store.is_away = True
    await rig.live.rounds.go()
    assert wire.code is None
    rig.store.is_away = False
    await rig.live.rounds.go()
    assert wire.code == 4401
