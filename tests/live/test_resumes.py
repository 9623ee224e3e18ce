"""What a page that names a place gets over a real socket: the rest, or everything and why."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.stream import Cursor
from tests.live.rig import Page, Rig
from tests.live.serving import a_rig, hear, hello, say, serving

Place = Callable[[Rig], Cursor]


def swept(rig: Rig) -> Cursor:
    """Return the last place that is swept away, with the tag that it had."""
    first = rig.town.store.rows.log[rig.board[0]][0]
    rig.town.store.rows.floors[rig.board[0]] = first.seq
    return Cursor(first.seq, first.tag)


def of_an_empty_stream(rig: Rig) -> Cursor:
    """Return a place in a stream that the restored database has never heard of."""
    was = rig.head(rig.board[0])
    rows = rig.town.store.rows
    del rows.log[rig.board[0]], rows.heads[rig.board[0]]
    return was


BROKEN: dict[str, tuple[Place, str]] = {
    "another tag": (lambda rig: Cursor(rig.head(rig.board[0]).seq, "ffffffff"), "history"),
    "another tag below the head": (
        lambda rig: Cursor(rig.head(rig.board[0]).seq - 1, "ffffffff"),
        "history",
    ),
    "ahead": (lambda rig: Cursor(rig.head(rig.board[0]).seq + 1, "ffffffff"), "history"),
    "far ahead": (lambda rig: Cursor(2**53, "ffffffff"), "history"),
    "of a stream that is not there": (of_an_empty_stream, "history"),
    "below the floor": (swept, "behind"),
    "zero, of a swept stream": (lambda rig: (swept(rig), Cursor(0, ""))[1], "behind"),
}


@pytest.mark.parametrize("kind", ["hello", "resume"])
@pytest.mark.parametrize(("place", "why"), BROKEN.values(), ids=BROKEN.keys())
async def test_a_place_that_is_not_in_the_log_gets_a_snapshot_that_says_why(
    place: Place, why: str, kind: str
) -> None:
    # S90 F12
    rig = a_rig()
    for person in (rig.town.mia, rig.town.omar):
        rig.town.ask(by=person)
    named = place(rig)
    told = await answer(rig, kind, named)
    assert (told["after"], told["why"], told["view"]) == (None, why, "page")
    head = rig.head(rig.board[0])
    assert (told["seq"], told["tag"]) == (head.seq, head.tag)
    page = Page()
    page.hear(told)
    assert page.entities == rig.truth(rig.board)


@pytest.mark.parametrize("kind", ["hello", "resume"])
async def test_a_place_that_is_in_the_log_gets_what_came_after_it_and_no_reason(kind: str) -> None:
    # S90
    rig = a_rig()
    rig.town.ask()
    named = rig.head(rig.board[0])
    rig.town.ask(by=rig.town.omar)
    told = await answer(rig, kind, named)
    assert (told["after"], told["seq"]) == (named.seq, rig.head(rig.board[0]).seq)
    assert "why" not in told
    assert len(told["ops"]) == 1


async def answer(rig: Rig, kind: str, named: Cursor) -> dict[str, Any]:
    """Return the frame that a page gets that says hello, or asks again, with this place."""
    async with serving(rig) as place, place.connect(rig.town.sam) as browser:
        said = hello(rig, seq=named.seq, tag=named.tag)
        await say(browser, said if kind == "hello" else hello(rig) | {"views": []})
        if kind == "resume":
            await say(browser, {"type": "resume", **said["views"][0]})
        return await hear(browser, "frame")
