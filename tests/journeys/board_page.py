"""Knows the board in a browser: how it is opened, its rows, and how somebody else answers one."""

from playwright.async_api import Locator, Page, expect

from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.vocabulary import RequestNumber
from tests.journeys.desk_server import DeskServer

BOARD = "/scheduling/requests"
LIVE = ".board-head live-status[data-state=live]"


async def opened(desk: DeskServer, name: str = "Sam Ortiz", path: str = BOARD) -> Page:
    context = await desk.enter(name, viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    await page.goto(path)
    await expect(page.locator(LIVE)).to_be_visible()
    return page


async def answer(desk: DeskServer, number: RequestNumber, host: str = "Lee Chen") -> None:
    who = desk.desk.people[host].person_id
    command = AcceptRequest(number, 1, who, None, "", frozenset({"unavailable"}))
    await desk.desk.does("Rosa Lind", accept_request, command)


def row(page: Page, number: int) -> Locator:
    return page.locator(f"[data-board] tr[data-number='{number}']")


async def numbers(page: Page) -> list[str]:
    living = page.locator("[data-board] tr[data-entity]:not([data-left])")
    return await living.evaluate_all("rows => rows.map(row => row.dataset.number)")
