"""What each kind of page costs whoever opens it for the first time, in the real browser and as numbers."""

import gzip
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from tests.journeys.console import Console
from tests.journeys.test_public_calendar import open_calendar
from tests.journeys.test_status_link import path_to

KB = 1000
AT_HOME: dict[str, Any] = {
    "timezone_id": "America/New_York"
}  # elsewhere a calendar is asked for again, in that zone
ROWS = 60


@dataclass(frozen=True)
class Budget:
    """What a page may cost at most: requests, and bytes as they come over the wire, their headers with them."""

    requests: int
    js: float
    css: float
    total: float


@dataclass
class Cost:
    """What a page did cost; the socket is no part of it, for nothing waits for it."""

    requests: int = 0
    wire: dict[str, int] = field(default_factory=dict)
    packed_html: int = 0

    @property
    def total(self) -> int:
        return sum(self.wire.values())


async def cost_of(context: BrowserContext, path: str) -> Cost:
    """Open the page with an empty cache and count until nothing more comes."""
    page = await context.new_page()
    devtools, cost, kinds = await context.new_cdp_session(page), Cost(), dict[str, str]()
    await devtools.send("Network.enable")
    await devtools.send("Network.clearBrowserCache")
    devtools.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))

    def finished(event: dict[str, object]) -> None:
        kind = kinds.get(str(event["requestId"]), "Other")
        if not event["encodedDataLength"]:
            return  # once more from what it already has
        cost.requests += 1
        cost.wire[kind] = cost.wire.get(kind, 0) + int(str(event["encodedDataLength"]))

    devtools.on("Network.loadingFinished", finished)
    answer = await page.goto(path, wait_until="networkidle")
    assert answer is not None
    cost.packed_html = len(gzip.compress(await answer.body(), mtime=0))
    await started(page)
    await page.close()
    return cost


async def started(page: Page) -> None:
    """A page that is cheap because its script failed is no cheap page."""
    if await page.locator("main[data-live]").count():
        await page.wait_for_selector("live-status[data-state=live]", state="attached")


async def crowd(console: Console) -> None:
    """Fill Northside's board."""
    desk = console.desk
    north = desk.clinics["Northside"]
    for n in range(ROWS):
        await desk.add(f"Patient {n}", asks_in={north.patient_group.id})
        await desk.ask(f"Patient {n}")


async def one_request(console: Console) -> None:
    await console.desk.ask("Jordan Park")


async def link_path(console: Console) -> str:
    await console.desk.ask("Jordan Park")
    return await path_to(console, 1001)


async def form_path(console: Console) -> str:
    return f"/requests/new?clinic={console.desk.clinics['Northside'].id}"


PAGES: dict[str, tuple[str, Callable[[Console], Awaitable[object]], str, Budget]] = {
    "board": ("Rosa Lind", crowd, "/scheduling/requests", Budget(5, 26, 14, 190)),
    "host": ("Lee Chen", one_request, "/dashboard", Budget(5, 19, 8, 50)),
    "patient": ("Jordan Park", one_request, "/requests/1001", Budget(5, 14, 7, 40)),
    "link": ("", link_path, "", Budget(5, 14, 7, 40)),
    "asking": ("Jordan Park", form_path, "", Budget(5, 5, 7, 40)),
    "booking": ("", open_calendar, "/book/north", Budget(5, 4, 8, 60)),
    "sign-in": ("", one_request, "/sign-in", Budget(5, 4, 8, 25)),
}


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_opened_cold_keeps_its_budget(
    console: Console, browser: Browser, name: str
) -> None:
    who, prepare, path, budget = PAGES[name]
    made = await prepare(console)
    context = (
        await console.enter(who)
        if who
        else await browser.new_context(base_url=console.address, **AT_HOME)
    )
    cost = await cost_of(context, path or str(made))
    assert cost.requests <= budget.requests, cost
    assert cost.wire["Script"] <= budget.js * KB, cost
    assert cost.wire["Stylesheet"] <= budget.css * KB, cost
    assert cost.total <= budget.total * KB, cost
    assert cost.packed_html <= 25 * KB, cost
    await context.close()
