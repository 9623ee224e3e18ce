"""A stranger asks on a public calendar in a browser of another zone, and is on the board once they confirm."""

from datetime import timedelta

from playwright.async_api import Browser, expect

from dispatch.people import system_actor
from dispatch.usecases.booking_confirmation import GiveLink, give_link
from dispatch.usecases.booking_setup import (
    SetBooking,
    SetCalendar,
    SetEveryHost,
    set_booking,
    set_calendar,
    set_every_host,
)
from dispatch.vocabulary import NoticeKind
from server.tokens import hash_of
from tests.journeys.console import Console

TOKEN = "a-token-that-nobody-guesses-0123456789abcdef"


async def open_calendar(console: Console) -> None:
    desk = console.desk
    north, system = desk.clinics["Northside"], system_actor(desk.account)
    booking = SetBooking(True, frozenset({north.services[0].id}))
    await desk.store.perform(set_booking, booking, system)
    own = SetCalendar(north.id, None, "north", True, takes_unknown=True)
    await desk.store.perform(set_calendar, own, system)
    await desk.store.perform(set_every_host, SetEveryHost(north.id, True), system)
    start = console.clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    await desk.slot("Lee Chen", start, start + timedelta(hours=3))


async def link(console: Console) -> str:
    """Let the message have gone out; return where its link leads."""
    desk = console.desk
    posted = await desk.store.read(lambda r: r.posted(desk.account, only_failed=False, limit=9))
    notice = next(each.id for each in posted if each.kind is NoticeKind.CONFIRM_BOOKING)
    command = GiveLink(notice, hash_of(TOKEN))
    await desk.store.perform(give_link, command, system_actor(desk.account))
    return f"{console.address}/booking/{TOKEN}"


async def test_a_stranger_asks_and_is_on_the_live_board_once_they_confirm(
    console: Console, browser: Browser
) -> None:
    # S12 S14 S69 S85 S91 V7
    await open_calendar(console)
    board = await console.open("Rosa Lind", "/scheduling/requests")
    context = await browser.new_context(
        timezone_id="Asia/Tokyo", viewport={"width": 390, "height": 844}
    )
    page = await context.new_page()
    await page.goto(f"{console.address}/book/north")
    await page.wait_for_url("**zone=Asia**")  # the device's zone, said in words
    await expect(page.locator("[data-zone-shown]")).to_contain_text("Tokyo time (JST)")
    times = page.locator("a.time:not(.time--chosen)")
    assert (await times.first.inner_text()).endswith("JST")
    await times.nth(2).click()
    await times.nth(0).click()
    chosen = page.locator(".chosen__time strong")
    await expect(chosen).to_have_count(2)
    first, second = await chosen.all_inner_texts()
    await page.get_by_role("link", name=f"Up {second}").click()
    await expect(chosen.first).to_have_text(second)
    await page.get_by_role("link", name="Continue").click()
    await page.get_by_label("Your name").fill("Vera <b>New</b>")
    await page.get_by_label("E-mail address").fill("vera@example.net")
    await expect(page.locator("#zone")).to_have_value("Asia/Tokyo")
    await page.get_by_role("button", name="Continue").click()
    await page.locator("#note").fill("My knee")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.locator(".asked-times li")).to_have_text([second, first])
    await page.get_by_role("button", name="Send request").click()
    await expect(page.locator("h1")).to_contain_text("look into your mailbox")

    await page.goto(await link(console))
    await expect(page.locator("h1")).to_have_text("Was it you who asked for this?")
    assert await board.locator("[data-board] tr[data-number]").count() == 0
    await page.get_by_role("button", name="Yes, confirm the request").click()
    await expect(page.locator("h1")).to_contain_text("1001")
    row = board.locator("[data-board] tr[data-number='1001']")
    await expect(row).to_contain_text("Vera <b>New</b>")
    await expect(row).to_contain_text("My knee")
    await context.close()


async def test_the_administrator_copies_the_link_of_a_calendar(console: Console) -> None:
    # S14
    await open_calendar(console)
    context = await console.enter("Ruth Gold", permissions=["clipboard-read", "clipboard-write"])
    page = await context.new_page()
    await page.goto("/admin/booking")
    button = page.locator("button[data-copy]").first
    await button.click()
    await expect(button).to_contain_text("Copied")
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{console.address}/book/north"
