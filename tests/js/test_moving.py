"""Asked to move, a page opens the new line first and leaves the old one last; nobody sees it."""

import json
from typing import Any

from playwright.async_api import Page, WebSocketRoute, expect

from tests.js.conftest import Stage

VIEW = {"stream": "host:7", "projection": "host", "seq": 10, "tag": "t10"}
PLACE = '<div data-place="request"><p data-entity="request:1" data-order="1">Somebody</p></div>'
WORDS = """
    window.said = [];
    document.addEventListener("dispatch:state", ({ detail }) => said.push(detail.state));
"""


def frame(after: int, seq: int, **more: Any) -> dict[str, Any]:
    ops = [
        {"op": "put", "entity": f"request:{n}", "version": 1, "html": row(n)}
        for n in range(after + 1, seq + 1)
    ]
    return {
        "type": "frame", "stream": "host:7", "projection": "host", "after": after,
        "seq": seq, "tag": f"t{seq}", "ops": ops, **more,
    }  # fmt: skip


def row(number: int) -> str:
    return (
        f'<p data-entity="request:{number}" data-version="1" data-order="{number}">No. {number}</p>'
    )


class Moving:
    """A page on a line of its own, and what happens to its lines."""

    def __init__(self, stage: Stage, page: Page) -> None:
        self.stage, self.page = stage, page
        self.closed: list[tuple[int, int | None]] = []  # which line the page closed, with what

    def line(self, number: int) -> WebSocketRoute:
        line = self.stage.live.lines[number]

        async def note(code: int | None, _reason: str | None) -> None:
            self.closed.append((number, code))

        line.on_close(note)
        return line

    async def until(self, happened: Any) -> None:
        await self.stage.until(self.page, happened)

    async def greeted(self, times: int) -> None:
        await self.until(lambda: len(self.stage.live.asked("hello")) == times)

    async def read(self, seq: int) -> None:
        await self.page.wait_for_function(
            f"document.querySelector('main').dataset.live.includes('t{seq}')"
        )

    async def said(self) -> list[str]:
        said: list[str] = await self.page.evaluate("window.said")
        return said


async def opened(stage: Stage) -> Moving:
    page = await stage.open(PLACE, live=[VIEW])
    await expect(page.locator("live-status")).to_have_text("Live")
    await page.evaluate(WORDS)
    moving = Moving(stage, page)
    moving.line(0)
    stage.live.say(**frame(10, 10, view="page"))
    return moving


async def test_the_old_line_is_left_when_the_new_one_has_told_everything(stage: Stage) -> None:
    # F21
    moving = await opened(stage)
    old = stage.live.lines[0]
    stage.live.say(type="move")
    await moving.greeted(2)
    first, second = stage.live.asked("hello")
    assert second == first  # the same tab, from the same place
    new = moving.line(1)
    old.send(dumped(frame(10, 11)))  # the old line still speaks, and is heard
    await moving.read(11)
    assert moving.closed == []
    new.send(dumped(frame(10, 12, view="page")))  # what the new one tells begins before that
    await moving.read(12)
    await moving.until(lambda: moving.closed)
    assert moving.closed == [(0, 4409)]
    stage.live.say(**frame(12, 13))
    await moving.read(13)
    await expect(moving.page.locator("[data-entity]")).to_have_text(
        ["Somebody", "No. 11", "No. 12", "No. 13"]
    )
    assert await moving.said() == []
    assert stage.live.asked("resume") == []


async def test_refused_it_stays_where_it_is_and_asks_again(stage: Stage) -> None:
    moving = await opened(stage)
    old = stage.live.lines[0]
    stage.live.is_answering = False
    old.send(dumped({"type": "move"}))
    await moving.greeted(2)
    await stage.live.lines[1].close(code=1013)
    await moving.greeted(3)
    old.send(dumped(frame(10, 11)))
    await moving.read(11)
    moving.line(2).send(dumped(frame(10, 11, view="page")))
    await moving.until(lambda: moving.closed)
    assert moving.closed == [(0, 4409)]
    assert await moving.said() == []


async def test_a_line_that_ends_before_its_successor_speaks_is_not_waited_for(stage: Stage) -> None:
    moving = await opened(stage)
    old = stage.live.lines[0]
    old.send(dumped({"type": "move"}))
    await moving.greeted(2)
    await old.close(code=1012)
    stage.live.say(**frame(10, 12, view="page"))
    await moving.read(12)
    await expect(moving.page.locator("live-status")).to_have_text("Live")
    assert len(stage.live.lines) == 2


async def test_taken_over_by_its_own_successor_a_page_goes_on(stage: Stage) -> None:
    moving = await opened(stage)
    old = stage.live.lines[0]
    old.send(dumped({"type": "move"}))
    await moving.greeted(2)
    await old.close(code=4409)  # both lines led to one process
    stage.live.say(**frame(10, 12, view="page"))
    await moving.read(12)
    await expect(moving.page.locator("live-status")).to_have_text("Live")


async def test_signed_out_on_the_new_line_is_signed_out(stage: Stage) -> None:
    moving = await opened(stage)
    stage.live.say(type="move")
    await moving.greeted(2)
    await stage.live.lines[1].close(code=4401)
    await expect(moving.page.locator("live-status")).to_contain_text("You are signed out")
    await moving.until(lambda: moving.closed)
    assert moving.closed[0][0] == 0  # nothing is left open


def dumped(message: dict[str, Any]) -> str:
    return json.dumps(message)
