"""A request by its link, in a browser that is signed in as nobody: its place, its end, and what it never says."""

import os
import re

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, expect

from dispatch.status_link import write_token
from dispatch.usecases.assignment import (
    UNAVAILABLE,
    AcceptRequest,
    ReturnToQueue,
    accept_request,
    return_to_queue,
)
from dispatch.usecases.refusal import DeclineRequest, decline_request
from dispatch.vocabulary import RequestNumber, RequestStatus
from tests.journeys.console import LIVE, Console

PHONE: ViewportSize = {"width": 390, "height": 844}
SEEN = frozenset({UNAVAILABLE, *(f"session:{n}" for n in range(1, 40))})


async def path_to(console: Console, number: int) -> str:
    request = await console.request(number)
    secret = await console.desk.store.read(lambda reading: reading.link_secret())
    return f"/r/{write_token(request.id, console.clock.now(), secret)}"


async def open_link(console: Console, browser: Browser, number: int) -> tuple[BrowserContext, Page]:
    """Open it as whoever got the message would: no cookie, a phone."""
    context = await browser.new_context(base_url=console.address, viewport=PHONE)
    context.on("weberror", lambda trouble: console.accidents.append(str(trouble.error)))
    page = await context.new_page()
    await page.goto(await path_to(console, number))
    await expect(page.locator(LIVE).first).to_be_attached()
    return context, page


async def accept(console: Console, number: RequestNumber) -> None:
    desk = console.desk
    host = desk.people["Lee Chen"].person_id
    command = AcceptRequest(number, await desk.version(number), host, confirmed=SEEN)
    await desk.does("Rosa Lind", accept_request, command)


async def a_morning(console: Console) -> None:
    """Have eight people seen, each of them after three minutes."""
    await console.desk.toggle("Lee Chen")
    for _ in range(8):
        number = await console.desk.ask("Zoe Hart")
        console.clock.put_on(180)
        await accept(console, number)
        console.clock.put_on(60)


async def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("DISPATCH_TEST_PICTURES"):
        await page.screenshot(path=f"{folder}/{name}.png", full_page=True)


async def test_a_place_in_line_moves_and_the_answer_comes_by_itself(
    console: Console, browser: Browser
) -> None:
    # S58 S59 S88
    await a_morning(console)
    first = await console.desk.ask("Noah Brook")
    mine = await console.desk.ask("Jordan Park", note="Private words")
    context, page = await open_link(console, browser, mine)
    await expect(page.get_by_text("You are 2nd in line.")).to_be_visible()
    await expect(page.get_by_text(re.compile(r"Most people like you wait \d+ to \d+ minutes today."))).to_be_visible()  # fmt: skip
    await expect(page).to_have_title("2nd in line · Northside · Dispatch")
    await picture(page, "waiting")
    await accept(console, first)
    await expect(page.get_by_text("You are 1st in line.")).to_be_visible()
    await expect(page).to_have_title("1st in line · Northside · Dispatch")
    await expect(page.locator("#announce-polite")).to_contain_text("You are now 1st in line.")
    command = ReturnToQueue(first, await console.desk.version(first))
    await console.desk.does("Rosa Lind", return_to_queue, command)
    await expect(page.get_by_text("You are 2nd in line.")).to_be_visible()
    await expect(page.locator("[data-moved]")).to_have_text(
        "Someone who was in line before you is back."
    )
    await picture(page, "moved-back")
    await accept(console, mine)
    await expect(page.locator("[data-status=accepted]")).to_contain_text("Lee Chen")
    await expect(page).to_have_title("Accepted · Northside · Dispatch")
    await picture(page, "accepted")
    assert "Private words" not in await page.content()
    assert await context.cookies() == []
    await context.close()


async def test_what_takes_longer_than_was_said_is_apologised_for_and_seen_by_the_schedulers(
    console: Console, browser: Browser
) -> None:
    await a_morning(console)
    mine = await console.desk.ask("Jordan Park")
    context, page = await open_link(console, browser, mine)
    said = page.get_by_text(re.compile(r"Most people like you wait"))
    await expect(said).to_contain_text("5 to 10 minutes")
    board = await console.open("Rosa Lind", "/scheduling/requests")
    await expect(board.locator("tr.request .told")).to_have_text("told 5 to 10 min")
    await picture(board, "board")
    console.clock.put_on(11 * 60)
    await expect(page.get_by_text("Sorry, this is taking longer than usual.")).to_be_visible(
        timeout=15_000
    )
    await expect(said).to_have_count(0)
    await picture(page, "late")
    await context.close()


async def test_a_dropped_line_keeps_the_place_and_says_so(
    console: Console, browser: Browser
) -> None:
    mine = await console.desk.ask("Jordan Park")
    context, page = await open_link(console, browser, mine)
    await expect(page.get_by_text("Your place in line is safe.")).to_be_hidden()
    await context.set_offline(True)
    await expect(page.get_by_text("Your place in line is safe.")).to_be_visible(timeout=20_000)
    await picture(page, "offline")
    await context.set_offline(False)
    await expect(page.get_by_text("Your place in line is safe.")).to_be_hidden(timeout=20_000)
    await expect(page.get_by_text("You are 1st in line.")).to_be_visible()
    assert (await console.request(mine)).status is RequestStatus.PENDING
    await context.close()


async def test_a_refusal_is_read_and_dismissed_by_the_link(
    console: Console, browser: Browser
) -> None:
    # S56 S57, V3
    mine = await console.desk.ask("Jordan Park")
    context, page = await open_link(console, browser, mine)
    command = DeclineRequest(mine, 1, response="Please see your own doctor.")
    await console.desk.does("Rosa Lind", decline_request, command)
    console.clock.put_on(11)
    await expect(page.locator("[data-status=declined]")).to_contain_text(
        "Please see your own doctor.", timeout=15_000
    )
    await expect(page).to_have_title("Declined · Northside · Dispatch")
    await picture(page, "declined")
    await page.get_by_role("button", name="Dismiss").click()
    await expect(page.get_by_role("button", name="Dismiss")).to_have_count(0)
    assert not (await console.request(mine)).awaits_dismissal
    await context.close()


async def test_an_open_page_of_a_link_stays_in_the_waiting_room(
    console: Console, browser: Browser
) -> None:
    # V2
    mine = await console.desk.ask("Jordan Park")
    await accept(console, mine)
    context = await browser.new_context(base_url=console.address, viewport=PHONE)
    page = await context.new_page()
    await page.clock.install()
    await page.goto(await path_to(console, mine))
    await page.get_by_role("button", name="Enter waiting room").click()
    await expect(page.get_by_text("You are in the waiting room, and")).to_be_visible()
    [(came,)] = console.rows("SELECT came_at FROM attendance")
    console.clock.put_on(180)
    async with page.expect_response(lambda reply: reply.request.method == "POST") as said:
        await page.clock.fast_forward("03:01")
    assert (await said.value).ok
    [(again,)] = console.rows("SELECT came_at FROM attendance")
    assert str(again) > str(came), "ten minutes begin anew"
    await context.close()


async def test_a_request_is_taken_back_without_scripts_and_the_link_ends_in_a_form(
    console: Console, browser: Browser
) -> None:
    mine = await console.desk.ask("Jordan Park")
    context = await browser.new_context(
        base_url=console.address, viewport=PHONE, java_script_enabled=False
    )
    page = await context.new_page()
    path = await path_to(console, mine)
    await page.goto(path)
    await page.get_by_text("Withdraw request…").click()
    await page.get_by_role("button", name=f"Withdraw request {mine}").click()
    await expect(page.locator("[data-status=withdrawn]")).to_be_visible()
    assert (await console.request(mine)).status is RequestStatus.WITHDRAWN
    console.clock.put_on(8 * 24 * 3600)
    await page.goto(path)
    await expect(page.get_by_role("heading", name="This link has ended")).to_be_visible()
    await picture(page, "ended")
    await page.get_by_label("Your e-mail address").fill("nobody@example.org")
    await page.get_by_role("button", name="Send me a new link").click()
    await expect(page.get_by_text("a new link is on its way to it.")).to_be_visible()
    await picture(page, "sent")
    await context.close()
