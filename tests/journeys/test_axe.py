"""Every kind of page before axe-core, which reads it as screen readers and eyes of all kinds do: no violations."""

from collections.abc import Awaitable, Callable, Iterator
from importlib.resources import files
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from dispatch.usecases.assignment import UNAVAILABLE, AcceptRequest, accept_request
from dispatch.usecases.claims import ClaimRequest, claim_request
from dispatch.usecases.visits import Arrive, arrive
from dispatch.vocabulary import RequestNumber, SessionId
from tests.builders import hours
from tests.journeys.console import ADMINISTRATOR, LIVE, Console
from tests.journeys.test_public_calendar import open_calendar
from tests.journeys.test_status_link import path_to

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RUN = """(options) => axe.run(document, options).then(({ violations }) =>
  violations.flatMap(({ id, impact, nodes }) => nodes.map(({ target, failureSummary }) =>
    `${id} (${impact}) at ${target}: ${failureSummary.split("\\n").slice(1).join(";")}`)))"""
# The page is the same on a phone at night: what is looked at there is what light and room change.
NIGHT: dict[str, Any] = {
    "runOnly": ["color-contrast", "target-size", "scrollable-region-focusable"]
}
LOOKS: tuple[tuple[Literal["light", "dark"], int, dict[str, Any]], ...] = (
    ("light", 1440, {}),
    ("dark", 390, NIGHT),
)
BOARD = "/scheduling/requests"
Act = Callable[[Page], Awaitable[object]]


async def nothing(page: Page) -> None:
    """Take it as it comes."""


async def dialog(page: Page) -> None:
    await page.locator("tr[data-number='1005'] [data-action=assign]").click()
    await page.get_by_role("dialog").get_by_role("radio", name="Lee Chen").check()


async def times(page: Page) -> None:
    await dialog(page)
    await page.locator("[data-accept-menu]").click()
    await expect(page.get_by_role("menuitem").first).to_be_visible()


async def declining(page: Page) -> None:
    await dialog(page)
    await page.get_by_text("Decline…").click()


async def everything_open(page: Page) -> None:
    for summary in await page.locator("main details:not([open]) > summary").all():
        if await summary.is_visible():
            await summary.click()


async def pressed(page: Page) -> None:
    """Send the form as it is; what is wrong with it stands there then."""
    await page.locator("main form[method=post] .button--primary").last.click()
    await expect(page.locator(".error-summary")).to_be_visible()


def click(selector: str) -> Act:
    return lambda page: page.locator(selector).click()


Pages = Iterator[tuple[str, str, Act]]


def of_the_desk(console: Console, _: str) -> Pages:
    """Yield who opens which page, and what they do there."""
    yield from (("Tom Vale", BOARD, act) for act in (times, declining, click("[data-filter]")))
    yield "Tom Vale", BOARD, click(".providers-now > summary")
    filtered = f"{BOARD}?clinic={console.desk.clinics['Southside'].id}"
    yield "Tom Vale", filtered, click("[data-pause]")
    yield "Tom Vale", "/scheduling/requests/new", pressed
    for path in ("/scheduling/decided", "/scheduling/sessions", "/sessions/1/manage"):
        yield "Tom Vale", path, everything_open
    yield "Lee Chen", "/dashboard", everything_open
    yield "Eva Stone", "/me/slots", everything_open
    yield "Eva Stone", "/me/slots/new", pressed


def of_patients(console: Console, link: str) -> Pages:
    north = console.desk.clinics["Northside"].id
    yield from (("Jordan Park", path, everything_open) for path in ("/requests", "/requests/1004"))
    yield "Zoe Hart", f"/requests/new?clinic={north}", pressed
    for path in ("/requests/now", "/sessions/1", "/me/settings"):
        yield "Ivy Moss", path, nothing
    yield from (("", path, nothing) for path in ("/sign-in", "/nowhere", "/r", link, "/book/north"))


def of_the_office(console: Console, _: str) -> Pages:
    eva = console.desk.people["Eva Stone"].person_id
    for path in ("", "/clinics", "/services", "/groups", "/people", "/people/import",
                 f"/people/{eva}", "/booking", "/delivery", "/audit"):  # fmt: skip
        yield ADMINISTRATOR, f"/admin{path}", nothing
    clinic = f"/admin/clinics/{console.desk.clinics['Northside'].id}"
    for path in ("", "/hours", "/video", "/form", "/replies", "/preview"):
        yield ADMINISTRATOR, f"{clinic}{path}", nothing


async def a_day(console: Console) -> str:
    """Leave something on every page; return the path of a request's link."""
    desk = console.desk
    await open_calendar(console)
    for number, (name, host) in enumerate(
        (("Ivy Moss", "Lee Chen"), ("Leo Finch", "Ana Ruiz")), start=1001
    ):
        await desk.ask(name)
        command = AcceptRequest(
            RequestNumber(number),
            1,
            desk.people[host].person_id,
            confirmed=frozenset({UNAVAILABLE}),
        )
        await desk.does("Rosa Lind", accept_request, command)
    await desk.does("Ivy Moss", arrive, Arrive(SessionId(1)))
    await desk.toggle("Lee Chen")
    at = console.clock.now() + hours(30)
    await desk.slot("Eva Stone", at, at + hours(3))
    await desk.ask("Mia Wells", note="A rash", clinic="Southside")
    await desk.ask("Jordan Park", note="A sore throat since Monday")
    console.clock.put_on(301)
    await desk.ask("Noah Brook", at, at + hours(2), host="Lee Chen")
    await desk.does("Rosa Lind", claim_request, ClaimRequest(RequestNumber(1004), "a-tab-of-rosa"))
    return await path_to(console, 1004)


@pytest.mark.parametrize("pages", [of_the_desk, of_patients, of_the_office])
async def test_no_page_has_anything_that_axe_finds(
    console: Console, browser: Browser, pages: Callable[[Console, str], Pages]
) -> None:
    link = await a_day(console)
    contexts: dict[str, BrowserContext] = {"": await browser.new_context(base_url=console.address)}
    found = []
    for name, path, act in pages(console, link):
        if name not in contexts:
            contexts[name] = await console.enter(name)
        page = await contexts[name].new_page()
        for theme, width, options in LOOKS:
            await page.emulate_media(color_scheme=theme)
            await page.set_viewport_size({"width": width, "height": 900})
            if theme == "light":
                await page.goto(path)
                if await page.locator("main[data-live]").count():
                    await expect(page.locator(LIVE).first).to_be_attached()
                await act(page)
                await page.evaluate(AXE)
            said: list[Any] = await page.evaluate(RUN, options)
            wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
            found += [f"{path} {theme} {width}: {each}" for each in (*said, *["too wide"] * wide)]
        await page.close()
    await contexts[""].close()
    assert found == []
