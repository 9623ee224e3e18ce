"""A page that comes or comes back has everything, whatever happens while it is being told."""

import pytest

from dispatch.stream import Cursor, Projection
from server.live.answers import Want
from server.live.settling import settle, settle_at_once
from tests.live.rig import FakeWire, Page, Rig


def heard(wire: FakeWire) -> Page:
    page = Page()
    for frame in wire.frames:
        page.hear(frame)
    return page


async def test_a_page_without_a_cursor_gets_everything(rig: Rig) -> None:  # S90
    rig.town.ask()
    _, wire = await rig.sam_watches()
    [told] = wire.frames
    assert (told["view"], told["why"], told["after"]) == ("page", "new", None)
    assert heard(wire).entities == rig.truth(rig.board)


async def test_a_page_that_comes_back_gets_what_it_missed(rig: Rig) -> None:  # S90
    rig.town.ask()
    before = rig.head(rig.board[0])
    rig.town.ask(by=rig.town.omar)
    sam, wire = rig.open(rig.town.sam)
    await rig.follow(sam, rig.board, cursor=before)
    [told] = wire.frames
    assert (told["after"], told["seq"]) == (before.seq, rig.head(rig.board[0]).seq)
    assert "why" not in told
    assert len(told["ops"]) == 1


async def test_a_page_that_missed_nothing_is_told_so(rig: Rig) -> None:
    rig.town.ask()
    sam, wire = rig.open(rig.town.sam)
    await rig.follow(sam, rig.board, cursor=rig.head(rig.board[0]))
    [told] = wire.frames
    assert told["after"] == told["seq"] == rig.head(rig.board[0]).seq
    assert told["ops"] == []


@pytest.mark.parametrize(
    ("cursor", "why"),
    [
        (Cursor(2, "other"), "history"),
        (Cursor(9_000, "abcd"), "history"),
        (Cursor(1, "abcd"), "behind"),
    ],
)
async def test_a_snapshot_says_why(rig: Rig, cursor: Cursor, why: str) -> None:
    for person in (rig.town.mia, rig.town.omar):
        rig.town.ask(by=person)
    rig.town.store.rows.floors[rig.board[0]] = 1
    sam, wire = rig.open(rig.town.sam)
    await rig.follow(sam, rig.board, cursor=cursor)
    assert (wire.frames[0]["after"], wire.frames[0]["why"]) == (None, why)


async def test_what_happens_during_the_read_comes_after_the_answer(rig: Rig) -> None:
    rig.town.ask()
    sue, _ = rig.open(rig.town.sue, tab="tab-of-another")
    await rig.follow(sue, rig.board)

    async def meanwhile() -> None:
        rig.town.ask(by=rig.town.omar)
        await rig.catch_up()

    rig.store.after_read = [meanwhile, lambda: None]
    _, wire = await rig.sam_watches()
    assert [said["after"] is None for said in wire.frames] == [True, False]
    assert len(wire.writes) == 1  # flushed together
    page = heard(wire)
    assert (page.asks, page.entities) == (0, rig.truth(rig.board))


async def test_what_was_told_before_the_read_was_seen_is_read_again(rig: Rig) -> None:
    """The first of a stream to come: it reads 5, then a look begins at 6 for another who was quicker."""
    rig.town.ask()

    async def another_starts_further_on() -> None:
        rig.town.ask(by=rig.town.omar)
        sue, _ = rig.open(rig.town.sue, tab="tab-of-another")
        rig.hub.follow(sue, [rig.board])
        rig.hub.is_told(rig.board, rig.head(rig.board[0]), None)  # it knows as far as it read

    rig.store.after_read = [another_starts_further_on]
    _, wire = await rig.sam_watches()
    page = heard(wire)
    assert (page.asks, page.entities) == (0, rig.truth(rig.board))
    assert page.cursor == rig.hub.places[rig.board].seq


async def test_a_look_under_way_cannot_slip_past_a_new_projection(rig: Rig) -> None:
    """A look that began before the page came renders only what was followed then."""
    decided = (rig.board[0], Projection.DECIDED)
    sue, _ = rig.open(rig.town.sue, tab="tab-of-another")
    await rig.follow(sue, rig.board)
    sam, wire = rig.open(rig.town.sam)
    number = rig.town.ask()
    rig.store.after_read = [lambda: rig.follow(sam, decided)]
    await rig.catch_up()
    rig.town.accept(number)
    await rig.catch_up()
    page = heard(wire)
    assert (page.asks, page.entities) == (0, rig.truth(decided))


async def test_a_storm_of_pages_is_answered_from_one_reading(rig: Rig) -> None:
    for person in (rig.town.mia, rig.town.omar):
        rig.town.ask(by=person)
    await rig.sam_watches()
    rendered = rig.renderer.rendered
    for number in range(8):
        sue, wire = rig.open(rig.town.sue, tab=f"tab-number-{number}")
        await rig.follow(sue, rig.board)
        assert heard(wire).entities == rig.truth(rig.board)
    assert rig.renderer.rendered == rendered


async def test_what_was_remembered_is_not_told_once_it_is_old(rig: Rig) -> None:
    rig.town.ask()
    await rig.sam_watches()
    rig.town.store.rows.requests.clear()  # as if time alone had taken it away
    rig.town.wait(6)
    sue, wire = rig.open(rig.town.sue)
    await rig.follow(sue, rig.board)
    assert heard(wire).entities == rig.truth(rig.board)


async def test_a_fragment_is_answered_by_its_own_name(rig: Rig) -> None:
    sam, wire = await rig.sam_watches()
    rig.town.ask()
    want = Want(rig.board, Cursor(0, ""), "dialog")
    await settle(sam, [want], rig.hub, rig.live.answers)
    assert wire.frames[-1]["view"] == "dialog"


async def test_a_page_that_leaves_while_it_is_told_leaves_nothing_behind(rig: Rig) -> None:
    connection, wire = rig.open(rig.town.sam)
    rig.store.after_read = [lambda: rig.hub.leave(connection) and None]
    await rig.follow(connection, rig.board)
    assert not rig.hub.places
    assert not rig.hub.streams
    assert wire.messages == []


def comes(rig: Rig, cursor: Cursor | None, tab: str = "tab-of-another") -> tuple[bool, FakeWire]:
    """Return whether the page of Sue had to ask nobody, and her wire."""
    sue, wire = rig.open(rig.town.sue, tab=tab)
    return settle_at_once(sue, [Want(rig.board, cursor, "page")], rig.hub, rig.live.answers), wire


async def test_who_stands_where_telling_goes_on_is_answered_without_a_read(rig: Rig) -> None:
    # S90: nearly every page that comes, and all that come back after a worker's end
    rig.town.ask()
    await rig.sam_watches()
    before, reads, counted = rig.head(rig.board[0]), rig.store.reads, rig.live.answers.resumes
    is_told, wire = comes(rig, before)
    [told] = wire.frames
    assert (is_told, rig.store.reads, rig.live.answers.resumes) == (True, reads, counted + 1)
    assert (told["view"], told["ops"]) == ("page", [])
    assert told["after"] == told["seq"] == before.seq
    rig.town.ask(by=rig.town.omar)
    await rig.catch_up()
    [_, change] = wire.frames
    assert (change["after"], len(change["ops"])) == (before.seq, 1)


async def test_who_stands_elsewhere_is_read_for_and_follows_nothing_yet(rig: Rig) -> None:
    rig.town.ask()
    await rig.sam_watches()
    head = rig.head(rig.board[0])
    elsewhere = (None, Cursor(head.seq - 1, head.tag), Cursor(head.seq, "other"))
    for number, cursor in enumerate(elsewhere):
        is_told, wire = comes(rig, cursor, f"tab-number-{number}")
        assert (is_told, wire.messages) == (False, [])
    rig.town.ask(by=rig.town.omar)
    await rig.catch_up()
    assert len(rig.hub.places) == 1
    assert all(not each.keys for each in rig.hub.of_person(rig.town.sue))


async def test_the_first_of_a_stream_is_read_for(rig: Rig) -> None:
    rig.town.ask()
    is_told, wire = comes(rig, rig.head(rig.board[0]))
    assert (is_told, wire.messages) == (False, [])


async def test_one_view_that_is_behind_has_the_whole_page_read_for(rig: Rig) -> None:
    rig.town.ask()
    before = rig.head(rig.board[0])
    rig.town.ask(by=rig.town.omar)
    await rig.sam_watches()
    sue, wire = rig.open(rig.town.sue, tab="tab-of-another")
    wants = [Want(rig.board, rig.head(rig.board[0]), "page"), Want(rig.board, before, "dialog")]
    assert not settle_at_once(sue, wants, rig.hub, rig.live.answers)
    assert wire.messages == []


async def test_who_was_answered_at_once_hears_too_that_the_log_is_another(rig: Rig) -> None:
    # F12: it named a place of the log that was lost, before anybody here had noticed the loss
    rig.town.ask()
    await rig.sam_watches()
    lost = rig.head(rig.board[0])
    rows, stream = rig.town.store.rows, rig.board[0]
    rows.log[stream], rows.heads[stream] = (), Cursor(0, "")
    is_told, wire = comes(rig, lost)
    assert is_told
    await rig.catch_up()
    [sue] = rig.hub.of_person(rig.town.sue)
    await settle(sue, [Want(rig.board, why=sue.recover())], rig.hub, rig.live.answers)
    assert (wire.frames[-1]["after"], wire.frames[-1]["why"]) == (None, "history")
