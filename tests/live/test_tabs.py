"""A tab has one socket, a person ten pages, and a claim lives with its page."""

from dispatch.usecases.claims import EndClaims, RenewClaims
from dispatch.vocabulary import LoginId
from server.live.connection import Connection
from server.live.seams import Visitor
from tests.dispatch.desk import TAB
from tests.live.rig import FakeWire, Rig


async def test_a_second_socket_of_a_tab_replaces_the_first(rig: Rig) -> None:
    first, old = rig.open(rig.town.sam)
    second, new = rig.open(rig.town.sam)
    assert (old.code, new.code) == (4409, None)
    assert rig.hub.leave(first) is False  # the page is still there
    assert rig.hub.leave(second) is True


async def test_nobody_can_take_over_the_tab_of_another_person(rig: Rig) -> None:
    _, sams = rig.open(rig.town.sam)
    rig.open(rig.town.sue)
    assert sams.code is None


async def test_ten_pages_are_enough(rig: Rig) -> None:
    connections = [rig.open(rig.town.sam, tab=f"tab-number-{n}")[0] for n in range(10)]
    visitor = Visitor(rig.town.actor(rig.town.sam), LoginId(1))
    eleventh = rig.hub.admit(FakeWire(), visitor)
    assert eleventh
    assert not rig.hub.greet(eleventh, "tab-number-10")
    assert rig.hub.greet(eleventh, "tab-number-9")  # but a hand-over is no new page
    rig.hub.leave(connections[0])
    rig.open(rig.town.sam, tab="tab-number-11")
    rig.open(rig.town.sue)  # and it is ten for each person


async def test_sockets_that_never_say_hello_are_bounded_too(rig: Rig) -> None:
    visitor = Visitor(rig.town.actor(rig.town.sam), LoginId(1))
    admitted = [rig.hub.admit(FakeWire(), visitor) for _ in range(25)]
    assert sum(1 for connection in admitted if connection) == 20


async def test_nothing_is_left_of_a_page_that_left(rig: Rig) -> None:
    connection, _ = await rig.sam_watches()
    rig.hub.leave(connection)
    hub = rig.hub
    assert not hub.connections
    assert not hub.streams
    assert not hub.places
    assert not hub._people
    assert not hub._tabs


async def test_claims_are_renewed_every_ten_seconds_while_the_page_is_there(rig: Rig) -> None:
    number = rig.town.ask()
    rig.town.claim(number)
    connection, _ = rig.open(rig.town.sam, tab=TAB)
    await rig.follow(connection, rig.board)
    await look_and_go(rig, connection)
    rig.town.wait(9)
    rig.elapsed += 9
    await rig.live.rounds.go()
    assert rig.store.performed == [RenewClaims(TAB)]
    rig.town.wait(1)
    rig.elapsed += 1
    await rig.live.rounds.go()
    assert rig.store.performed == [RenewClaims(TAB)] * 2
    claim = rig.town.store.rows.claims[rig.town.request(number).id]
    assert (claim.lease_until - rig.town.now).total_seconds() == 30


async def test_a_claim_is_renewed_in_the_round_after_it_shows_and_its_end_says_when(
    rig: Rig,
) -> None:
    connection, _ = rig.open(rig.town.sam, tab=TAB)
    await rig.follow(connection, rig.board)
    await look_and_go(rig, connection)
    assert rig.store.performed == []
    rig.town.claim(rig.town.ask())
    rig.town.wait(2)
    await look_and_go(rig, connection)
    assert rig.store.performed == [RenewClaims(TAB)]
    renewed_at = rig.town.now
    rig.town.wait(3)
    await rig.live.rounds.end_claims(connection)
    assert rig.store.performed[1:] == [EndClaims(TAB, renewed_at)]


async def test_a_renewal_that_failed_is_made_in_the_next_round(rig: Rig) -> None:
    rig.town.claim(rig.town.ask())
    connection, _ = rig.open(rig.town.sam, tab=TAB)
    await rig.follow(connection, rig.board)
    rig.store.is_away = True
    rig.live.rounds.begin(connection)
    await rig.live.rounds.go()
    rig.store.is_away = False
    await rig.live.rounds.go()
    assert rig.store.performed == [RenewClaims(TAB)]


async def test_where_no_claim_lives_none_is_renewed(rig: Rig) -> None:
    connection, _ = await rig.sam_watches()
    await look_and_go(rig, connection)
    assert rig.store.performed == []


async def test_pages_that_only_see_a_claim_renew_nothing(rig: Rig) -> None:
    # each renewal is a transaction, and there may be a thousand such pages
    rig.town.claim(rig.town.ask())
    same_person, _ = rig.open(rig.town.sam, tab="tab-of-another")
    other, _ = rig.open(rig.town.sue, tab=TAB)
    for connection in (same_person, other):
        await rig.follow(connection, rig.board)
        await look_and_go(rig, connection)
    assert rig.store.performed == []


async def test_a_page_that_closes_keeps_its_claims_for_five_seconds(rig: Rig) -> None:
    number = rig.town.ask()
    rig.town.claim(number)
    connection, _ = rig.open(rig.town.sam, tab=TAB)
    await rig.live.rounds.end_claims(connection)
    assert rig.store.performed == [EndClaims(TAB, None)]
    claim = rig.town.store.rows.claims[rig.town.request(number).id]
    assert (claim.lease_until - rig.town.now).total_seconds() == 5


async def test_somebody_disabled_meanwhile_ends_nothing_and_breaks_nothing(rig: Rig) -> None:
    connection, _ = rig.open(rig.town.sam)
    people = rig.town.store.rows.people
    del people[rig.town.sam]
    await rig.live.rounds.end_claims(connection)


async def test_without_a_database_renewing_is_left_for_later(rig: Rig) -> None:
    connection, wire = await rig.sam_watches()
    rig.store.is_away = True
    rig.live.rounds.begin(connection)
    rig.elapsed += 40
    await rig.live.rounds.go()
    assert wire.code is None


async def look_and_go(rig: Rig, connection: Connection) -> None:
    await rig.live.heart.look()
    rig.live.rounds.begin(connection)
    await rig.live.rounds.go()
