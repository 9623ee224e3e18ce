"""A provider changes their calendar in one browser, and an open Assign dialog in another follows."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.journeys.desk_server import DeskServer, desk_server

THERE = ZoneInfo("America/New_York")
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
async def desk(tmp_path: Path, browser: Browser) -> AsyncIterator[DeskServer]:
    async with desk_server(tmp_path, browser) as running:
        yield running
        for context in browser.contexts:
            await context.close()


def noon_on(day: date) -> datetime:
    return datetime.combine(day, time(12), THERE).astimezone(UTC)


async def open_dialog(desk: DeskServer, number: int) -> Locator:
    page = await (await desk.enter("Tom Vale")).new_page()
    await page.goto("/scheduling/requests")
    await expect(page.locator(".board-head live-status[data-state=live]")).to_be_visible()
    await page.get_by_role("button", name=f"Assign… request {number}").click()
    dialog = page.get_by_role("dialog", name=f"Assign request {number}")
    await expect(dialog).to_be_visible()
    return dialog.locator(".provider-option").filter(has_text="Eva Stone")


async def calendar(desk: DeskServer) -> Page:
    page = await (await desk.enter("Eva Stone", **PHONE)).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    await page.goto("/dashboard")
    await page.get_by_role("link", name="My slots").click()
    return page


async def test_slots_and_time_off_made_on_the_providers_page_show_in_an_open_dialog(
    desk: DeskServer,
) -> None:
    # S12 S40 S41 S87 V8
    today = datetime.now(THERE).date()
    days = [today + timedelta(days=n) for n in (2, 9, 10)]
    number = await desk.desk.ask("Jordan Park", *map(noon_on, days), clinic="Eastside")
    eva = await open_dialog(desk, number)
    await expect(eva).to_contain_text("Not Available")
    page = await calendar(desk)
    await page.get_by_role("link", name="Add a slot").click()
    await page.get_by_label(f"{days[0]:%A}").check()
    await page.get_by_label("From").fill("10:00")
    await page.get_by_label("To", exact=True).fill("15:00")
    await page.get_by_role("button", name="Add a slot").click()
    await expect(page.locator(".hours__time", has_text="10am to 3pm")).to_be_visible()
    await expect(eva).to_contain_text("Available for 2 of 3")
    await page.get_by_role("link", name="Add time off").click()
    await page.get_by_label("First day off").fill(days[1].isoformat())
    await page.get_by_role("button", name="Add time off").click()
    await expect(eva).to_contain_text("Available for 1 of 3")
    await page.get_by_role("link", name="Change").last.click()
    await page.get_by_role("button", name="Remove this time off").click()
    await expect(eva).to_contain_text("Available for 2 of 3")
    await expect(page.get_by_text("No time off.")).to_be_visible()


async def test_only_what_the_choice_needs_is_asked_and_without_scripts_all_of_it_works(
    desk: DeskServer,
) -> None:
    # S12: the form is a plain one
    context = await desk.enter("Eva Stone", java_script_enabled=False, **PHONE)
    page = await context.new_page()
    await page.goto("/me/slots/new")
    await page.get_by_label("Once").check()
    await expect(page.get_by_text("On which days?")).to_be_hidden()
    await page.get_by_label("Every week").check()
    await expect(page.get_by_text("On which days?")).to_be_visible()
    await page.get_by_label("Monday").check()
    await page.get_by_label("From").fill("10:00")
    await page.get_by_label("To", exact=True).fill("09:00")
    await page.get_by_role("button", name="Add a slot").click()
    await expect(page.get_by_text("It ends before it starts.").first).to_be_visible()
    await page.get_by_label("To", exact=True).fill("11:00")
    await page.get_by_role("button", name="Add a slot").click()
    await expect(page.locator(".hours__time", has_text="10am to 11am")).to_be_visible()
    await page.get_by_text("Copy Monday to other days…").click()
    await page.get_by_role("group", name="Copy Monday to").get_by_label("Friday").check()
    await page.get_by_role("button", name="Copy Monday").click()
    await expect(page.locator(".hours__time", has_text="10am to 11am")).to_have_count(2)
