"""A board that was cut off while its person's clinics changed comes back as the board that it is now."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, WebSocketRoute, expect

from tests.journeys.board_page import BOARD, numbers
from tests.journeys.desk_server import DeskServer, desk_server


@pytest.fixture
async def desk(tmp_path: Path, browser: Browser) -> AsyncIterator[DeskServer]:
    async with desk_server(tmp_path, browser) as running:
        yield running
        for context in browser.contexts:
            await context.close()


class Cable:
    """What is between the page's sockets and the server: a test pulls it out and puts it back."""

    def __init__(self) -> None:
        self.is_out = False
        self.tries = 0
        self._lines: list[WebSocketRoute] = []

    def plug(self, line: WebSocketRoute) -> None:
        self.tries += 1
        if self.is_out:
            asyncio.ensure_future(line.close(code=1012))  # noqa: RUF006 - the page hears of it
            return
        line.connect_to_server()
        self._lines.append(line)

    async def pull(self) -> None:
        self.is_out = True
        for line in self._lines:
            await line.close(code=1012)

    async def push(self, page: Page) -> None:
        self.is_out = False
        await page.evaluate("() => dispatchEvent(new Event('online'))")


def schedules(desk: DeskServer, *, loses: str, gains: str) -> None:
    """Give Sam another clinic for one of theirs, without an event: nobody who is here is told."""
    clinics, sam = desk.desk.clinics, desk.desk.people["Sam Ortiz"].person_id
    path = desk.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, timeout=10)) as file, file:
        left = (clinics[loses].id, sam)
        gone = file.execute(
            "DELETE FROM clinic_scheduler WHERE clinic_id = ? AND person_id = ?", left
        )
        assert gone.rowcount == 1
        if gains:
            file.execute(
                "INSERT INTO clinic_scheduler (clinic_id, person_id) VALUES (?, ?)",
                (clinics[gains].id, sam),
            )


@pytest.mark.parametrize("gains", ["", "Eastside"])
async def test_a_board_that_lost_one_of_two_clinics_while_it_was_away_shows_what_is_left(
    desk: DeskServer, gains: str
) -> None:
    # issue 3, point 7: neither emptied nor ended, nor still showing what is not theirs any more
    people = [("Jordan Park", "Northside"), ("Mia Wells", "Southside"), ("Noah Brook", "Eastside")]
    asked = {clinic: str(await desk.desk.ask(name, clinic=clinic)) for name, clinic in people}
    context = await desk.enter("Sam Ortiz")
    page, cable = await context.new_page(), Cable()
    await page.route_web_socket("**/live", cable.plug)
    await page.goto(BOARD)
    status = page.locator(".board-head live-status")
    await expect(status).to_have_text("Live")
    assert set(await numbers(page)) == {asked["Northside"], asked["Southside"]}
    await cable.pull()
    await expect(status).not_to_have_text("Live")
    schedules(desk, loses="Southside", gains=gains)
    async with page.expect_navigation():
        await cable.push(page)
    await expect(status).to_have_text("Live")
    left = {asked["Northside"]} | ({asked[gains]} if gains else set())
    assert set(await numbers(page)) == left
    later = str(await desk.desk.ask("Zoe Hart", clinic="Northside"))
    await expect(page.locator(f"[data-board] tr[data-number='{later}']")).to_be_visible()
    tries = cable.tries
    await page.evaluate("() => dispatchEvent(new Event('online'))")
    await expect(status).to_have_text("Live")
    assert cable.tries == tries, "it is not loaded again and again"
