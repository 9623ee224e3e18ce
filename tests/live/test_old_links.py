"""Pages behind old links hear of other words together, beside what a board waits for."""

import asyncio

import pytest

from dispatch.status_link import StatusLink
from dispatch.stream import Projection
from dispatch.usecases.groups import AddMember, CreateGroup, RemoveMember
from dispatch.usecases.intake import DismissAnswer
from dispatch.usecases.own_settings import SetZone
from dispatch.vocabulary import GroupKind, PersonId
from server.live.connection import Connection
from server.live.limits import Pace
from server.live.seams import Holder, Key
from tests.builders import hours
from tests.live.rig import FakeWire, Page, Rig
from tests.live.test_link_holders import renamed
from tests.live.test_revocation import disable


def answered(rig: Rig, by: PersonId) -> Key:
    """Return what the link of a request follows that was declined just now."""
    number = rig.town.ask(by=by)
    rig.town.decline(number, by=rig.town.sam)
    rig.town.wait(11)
    rig.town.sweep()
    return f"request:{rig.town.request(number).id}", Projection.LINK


async def opened(rig: Rig, key: Key, tab: str = "tab-of-a-link") -> tuple[Connection, FakeWire]:
    """Open the page of a link that was given out when the request was answered."""
    request = next(r for r in rig.town.store.rows.requests.values() if key[0] == f"request:{r.id}")
    assert request.decision
    wire = FakeWire()
    link = StatusLink(request.id, request.decision.at)
    page = rig.hub.admit(wire, Holder(link, request.decision.at))
    assert page
    assert rig.hub.greet(page, tab)
    rig.live.rounds.begin(page)
    await rig.follow(page, key)
    return page, wire


@pytest.fixture
async def old(rig: Rig) -> list[tuple[Connection, FakeWire]]:
    """The pages of two links whose requests were answered yesterday."""
    rig.renderer.names_clinics = True
    keys = [answered(rig, who) for who in (rig.town.mia, rig.town.omar)]
    rig.town.clock.advance(hours(25))
    await rig.catch_up()
    return [await opened(rig, key) for key in keys]


def shown(wire: FakeWire) -> str:
    page = Page()
    for frame in wire.frames:
        page.hear(frame)
    assert page.asks == 0
    return "".join(html for _, html in page.entities.values())


async def test_all_of_them_are_told_by_one_read_that_no_board_waits_for(
    rig: Rig, old: list[tuple[Connection, FakeWire]]
) -> None:
    # S85
    renamed(rig, "Lakeside")
    await rig.catch_up()
    assert rig.hub.lagging.empty()
    before = rig.store.reads
    await rig.live.old_links.refresh()
    assert rig.store.reads == before + 1
    for _, wire in old:
        assert "Lakeside" in shown(wire)
        assert (wire.frames[-1]["after"], wire.frames[-1]["why"]) == (None, "new")
    assert not rig.live.old_links.is_due


async def test_a_board_that_lags_is_told_while_old_links_are_still_being_read(
    rig: Rig, old: list[tuple[Connection, FakeWire]]
) -> None:
    board, wire = await rig.sam_watches()
    board.revalidate_at = float("inf")
    renamed(rig, "Lakeside")
    await rig.catch_up()
    began, go_on = asyncio.Event(), asyncio.Event()

    async def takes_its_time() -> None:
        began.set()
        await go_on.wait()

    rig.store.after_read = [takes_its_time]
    reading = asyncio.create_task(rig.live.old_links.refresh())
    await began.wait()
    board.lag("lagging")
    async with asyncio.timeout(2):
        await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    assert (wire.frames[-1]["why"], reading.done()) == ("lagging", False)
    assert all("Lakeside" not in shown(link) for _, link in old)
    go_on.set()
    await reading
    assert all("Lakeside" in shown(link) for _, link in old)


async def test_what_the_office_changes_in_quick_succession_costs_one_read(
    rig: Rig, old: list[tuple[Connection, FakeWire]]
) -> None:
    telling = asyncio.create_task(rig.live.old_links.refresh_for_ever())
    await asyncio.sleep(0)
    for name in ("Lakeside", "Hillside", "Seaside"):
        renamed(rig, name)
        await rig.catch_up()
    before = len(old[0][1].frames)
    for _ in range(50):
        await asyncio.sleep(0)
    telling.cancel()
    assert rig.slept[0] == Pace().sweep, "a little is waited for what comes with it"
    assert len(old[0][1].frames) == before + 1
    assert "Seaside" in shown(old[0][1])


async def test_nothing_is_read_for_what_no_card_shows(
    rig: Rig, old: list[tuple[Connection, FakeWire]]
) -> None:
    town = rig.town
    town.does(town.root, CreateGroup(GroupKind.HOSTS, "Night nurses"))
    town.does(town.sam, SetZone("Europe/Paris"))
    town.does(town.root, RemoveMember(GroupKind.HOSTS, town.evening.host_group.id, town.ada))
    town.does(town.root, AddMember(GroupKind.HOSTS, town.evening.host_group.id, town.ada))
    await rig.catch_up()
    assert not rig.live.old_links.is_due
    town.does(town.root, RemoveMember(GroupKind.PATIENTS, town.evening.patient_group.id, town.mia))
    await rig.catch_up()
    assert rig.live.old_links.is_due


async def test_nothing_is_said_to_a_page_whose_link_ended_before_or_during_the_read(
    rig: Rig, old: list[tuple[Connection, FakeWire]]
) -> None:
    # V15
    (_, mias), (_, omars) = old
    renamed(rig, "Lakeside")
    disable(rig, rig.town.mia)
    await rig.catch_up()

    async def meanwhile() -> None:
        disable(rig, rig.town.omar)
        await rig.catch_up()

    rig.store.after_read = [lambda: None, meanwhile]  # the check, then the cards
    await rig.live.old_links.refresh()
    assert mias.code is not None
    assert all("Lakeside" not in shown(wire) for wire in (mias, omars))
    assert rig.live.old_links.is_due
    await rig.live.old_links.refresh()
    assert omars.code is not None
    assert "Lakeside" not in shown(omars)


async def test_what_is_told_while_the_cards_are_read_comes_after_them(
    rig: Rig, old: list[tuple[Connection, FakeWire]]
) -> None:
    # S90
    [(page, wire), _] = old
    [key] = page.keys
    renamed(rig, "Lakeside")
    await rig.catch_up()
    [request] = [r for r in rig.town.store.rows.requests.values() if key[0] == f"request:{r.id}"]

    async def meanwhile() -> None:
        rig.town.does(rig.town.mia, DismissAnswer(request.number))
        await rig.catch_up()

    rig.store.after_read = [meanwhile]
    await rig.live.old_links.refresh()
    anew, after = wire.frames[-2:]
    assert (anew["after"], after["after"]) == (None, anew["seq"])
    assert after["seq"] == rig.head(key[0]).seq == rig.hub.places[key].seq
    assert "Lakeside" in shown(wire)


async def test_a_page_that_is_being_told_something_older_is_told_again(
    rig: Rig, old: list[tuple[Connection, FakeWire]]
) -> None:
    [(page, wire), (_, other)] = old
    page.hold()  # a snapshot for it is being read, perhaps from before the change
    renamed(rig, "Lakeside")
    await rig.catch_up()
    await rig.live.old_links.refresh()
    assert ("Lakeside" in shown(wire), "Lakeside" in shown(other)) == (False, True)
    assert rig.live.old_links.is_due
    page.release()
    await rig.live.old_links.refresh()
    assert "Lakeside" in shown(wire)
    assert not rig.live.old_links.is_due


async def test_a_page_that_reads_nothing_is_told_once_it_can_take_it(
    rig: Rig, old: list[tuple[Connection, FakeWire]]
) -> None:
    [(_, wire), _] = old
    wire.pause()
    for name in ("Lakeside", "Hillside", "Seaside"):
        renamed(rig, name)
        await rig.catch_up()
        await rig.live.old_links.refresh()
    wire.resume()
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    assert "Seaside" in shown(wire)
    assert len(wire.frames) == 2, "not one for each change"


async def test_without_a_database_they_are_told_when_it_is_back(
    rig: Rig, old: list[tuple[Connection, FakeWire]]
) -> None:
    renamed(rig, "Lakeside")
    await rig.catch_up()
    rig.store.is_away = True
    await rig.live.old_links.refresh()
    assert rig.live.old_links.is_due
    rig.store.is_away = False
    await rig.live.old_links.refresh()
    assert all("Lakeside" in shown(wire) for _, wire in old)
