"""A page that was open all day shows what a page shows that is opened now (S90), in the real browser."""

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Page

from dispatch.errors import DispatchError
from tests.builders import NOON
from tests.deeds import usecase_of
from tests.house.convergence_day import Day
from tests.journeys.console import Console

# The pages of everybody, each as (whose, where); Sam's board and Ana's dashboard mix several streams.
PAGES = (
    ("Sam Ortiz", "/scheduling/requests"),
    ("Tom Vale", "/scheduling/decided"),
    ("Tom Vale", "/scheduling/sessions"),
    ("Ana Ruiz", "/dashboard"),
    ("Jordan Park", "/requests"),
)
SHOWN = """
() => [...document.querySelectorAll("main [data-place] > [data-entity]:not([data-left])")]
  .filter((element) => !element.hidden)
  .map((element) => {
    const copy = element.cloneNode(true);
    for (const part of copy.querySelectorAll("elapsed-time, .visually-hidden, .chip--claim")) part.remove();
    return [element.dataset.entity, element.dataset.version, copy.textContent.replace(/\\s+/g, " ").trim()];
  })
"""
CURSORS = "() => document.querySelector('main').dataset.live"


class Desk:
    """The running console as the day by chance knows it."""

    def __init__(self, console: Console) -> None:
        self.console, self.desk = console, console.desk
        self.store, self.clock = console.desk.store, console.clock

    async def tries(self, who: str, command: object) -> str:
        try:
            await self.desk.does(who, usecase_of(command), command)
        except DispatchError as refused:
            return refused.code
        return "done"

    async def wait(self, seconds: float) -> None:
        self.clock.put_on(seconds)


async def seen(page: Page) -> tuple[str, list[list[str]]]:
    """Return how far the page has read, and what it shows."""
    return await page.evaluate(CURSORS), await page.evaluate(SHOWN)


@pytest.mark.parametrize("seed", [5])
async def test_a_page_left_open_all_day_is_a_page_opened_now(console: Console, seed: int) -> None:
    # S64 S85 S87 S90
    console.clock.ahead = NOON - datetime.now(UTC)
    desk: Any = Desk(console)
    pages = [(name, path, await console.open(name, path)) for name, path in PAGES]
    day = Day(desk, seed)
    for _ in range(45):
        await day.step()
    console.clock.put_on(31)  # leases, declines and toggles that still run, end
    for name, path, page in pages:
        fresh = await page.context.new_page()
        for _ in range(20):
            await fresh.goto(path)
            if await seen(fresh) == (wanted := await seen(page)):
                break
            await page.evaluate("new Promise((resolve) => setTimeout(resolve, 250))")
        assert wanted == await seen(fresh), (name, path, seed, day.done)
        await fresh.close()
