"""What stands around the rows: filter, pause, keys, sound, announcements, and the lists beside the board."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from dispatch.vocabulary import RequestNumber
from tests.journeys.board_page import BOARD, answer, numbers, opened, row
from tests.journeys.desk_server import DeskServer, desk_server

BURST = ("Jordan Park", "Mia Wells", "Noah Brook")  # who ask in one instant


@pytest.fixture
async def desk(tmp_path: Path, browser: Browser) -> AsyncIterator[DeskServer]:
    async with desk_server(tmp_path, browser) as running:
        yield running
        for context in browser.contexts:
            await context.close()


async def test_requests_of_a_filtered_out_clinic_are_counted_and_never_shown(
    desk: DeskServer,
) -> None:  # S35
    north = desk.desk.clinics["Northside"].id
    page = await opened(desk, path=f"{BOARD}?clinic={north}")
    await desk.desk.ask("Jordan Park", clinic="Southside")
    await expect(page.locator("[data-tally=all]")).to_have_text("1")
    await desk.desk.ask("Mia Wells")
    await expect(row(page, 1002)).to_be_visible()
    assert await numbers(page) == ["1002"]
    await expect(page.get_by_text("Jordan Park")).to_be_hidden()
    await expect(page.locator("[data-tally=all]")).to_have_text("2")


async def test_the_filter_button_narrows_and_clears(desk: DeskServer) -> None:  # S32 S33
    await desk.desk.ask("Jordan Park")
    await desk.desk.ask("Mia Wells", clinic="Southside")
    page = await opened(desk)
    await page.get_by_role("button", name="Filter").click()
    await page.get_by_label("Northside").uncheck()
    await page.get_by_role("button", name="Show these clinics").click()
    await expect(row(page, 1001)).to_be_hidden()
    assert await numbers(page) == ["1002"]
    await page.get_by_role("link", name="Clear filter").last.click()
    await expect(row(page, 1001)).to_be_visible()


async def test_a_paused_board_holds_still_and_catches_up(desk: DeskServer) -> None:
    await desk.desk.ask("Jordan Park")
    page = await opened(desk)
    pause = page.get_by_role("button", name="Pause updates")
    await pause.click()
    await expect(page.get_by_text("No changes waiting.")).to_be_visible()
    digits = row(page, 1001).locator(".elapsed__digits")
    held = await digits.text_content()
    await expect(page.locator("body")).to_have_attribute("data-paused", "held")
    await desk.desk.ask("Mia Wells")
    await answer(desk, RequestNumber(1001))
    await expect(page.get_by_text("2 changes waiting.")).to_be_visible()
    assert await numbers(page) == ["1001"]
    await page.wait_for_timeout(1100)
    assert await digits.text_content() == held
    await page.get_by_role("button", name="Resume").click()
    await expect(row(page, 1002)).to_be_visible()
    await expect(page.locator("[data-tally=waiting]")).to_have_text("1")
    await expect(pause).to_be_focused()


async def test_single_keys_walk_the_board(desk: DeskServer) -> None:
    for patient in ("Jordan Park", "Mia Wells"):
        await desk.desk.ask(patient)
    page = await opened(desk)
    await page.keyboard.press("j")
    await expect(row(page, 1001).get_by_role("button")).to_be_focused()
    await page.keyboard.press("j")
    await expect(row(page, 1002).get_by_role("button")).to_be_focused()
    await page.keyboard.press("k")
    await page.keyboard.press("a")
    dialog = page.get_by_role("dialog", name="Assign request 1001")
    await expect(dialog).to_be_visible()
    await page.keyboard.type("jad")
    await expect(dialog.get_by_label("Response to Requester")).to_have_value("jad")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(row(page, 1001).get_by_role("button")).to_be_focused()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys for the board")).to_be_visible()
    await page.get_by_label("Use single keys").uncheck()
    await page.keyboard.press("Escape")
    await page.keyboard.press("j")
    await expect(row(page, 1001).get_by_role("button")).to_be_focused()


async def test_sound_is_armed_by_one_press_and_a_burst_sounds_once(desk: DeskServer) -> None:
    page = await opened(desk)
    await page.evaluate(
        "document.addEventListener('dispatch:sound', e => (window.heard ??= []).push(e.detail.notes))"
    )
    button = page.get_by_role("button", name="Turn on sound")
    await button.click()
    await expect(page.get_by_role("button", name="Sound is on")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert await page.evaluate("heard") == [2]
    await page.wait_for_timeout(1600)  # the sample just heard counts as part of a burst
    await asyncio.gather(*map(desk.desk.ask, BURST))
    await expect(row(page, 1003)).to_be_visible()
    assert await page.evaluate("heard") == [2, 2]


async def test_arrivals_are_announced_once_for_a_burst(desk: DeskServer) -> None:
    page = await opened(desk)
    polite = page.locator("#announce-polite")
    await page.evaluate(
        """() => { window.said = []; const region = document.querySelector('#announce-polite');
        new MutationObserver(() => said.push(region.textContent)).observe(region, {childList: true}); }"""
    )
    await asyncio.gather(*map(desk.desk.ask, BURST))
    await expect(polite).to_have_text(
        "3 new requests. 3 waiting. Longest wait under 1 minute.", timeout=8000
    )
    assert len(await page.evaluate("said")) == 1


async def test_how_a_request_ended_is_said_aloud_too(desk: DeskServer) -> None:
    number = await desk.desk.ask("Jordan Park")
    page = await opened(desk)
    await answer(desk, number)
    await expect(row(page, number)).to_contain_text("Accepted by Rosa Lind for Lee Chen")
    await expect(page.locator("#announce-polite")).to_contain_text(
        "Request 1001: Accepted by Rosa Lind for Lee Chen", timeout=8000
    )


async def test_the_filter_opened_by_its_key_is_where_tab_leads(desk: DeskServer) -> None:
    page = await opened(desk)
    await page.keyboard.press("f")
    await page.keyboard.press("Tab")
    await expect(page.locator("#filter input").first).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator("[data-filter]")).to_be_focused()


async def test_recently_decided_and_sessions_live_and_search(desk: DeskServer) -> None:
    numbers_ = [await desk.desk.ask(name) for name in ("Jordan Park", "Mia Wells")]
    context = await desk.enter("Sam Ortiz")
    decided, sessions = await context.new_page(), await context.new_page()
    await decided.goto("/scheduling/decided")
    await sessions.goto("/scheduling/sessions")
    await expect(decided.get_by_text("Nothing was decided")).to_be_visible()
    await answer(desk, numbers_[0])
    await answer(desk, numbers_[1], "Max Roy")
    for page in (decided, sessions):
        await expect(page.locator("tr[data-entity]")).to_have_count(2)
        await page.get_by_label("Search by request number or name").fill("mia")
        await expect(page.locator("tr[data-number='1001']")).to_be_hidden()
        await expect(page.locator("tr[data-number='1002']")).to_be_visible()
        await page.get_by_label("Search by request number or name").fill("nobody")
        await expect(page.get_by_text("Nothing matches this search")).to_be_visible()
        await page.get_by_label("Search by request number or name").fill("")
    back = decided.locator("tr[data-number='1001']")
    await back.get_by_text("Return to queue…").click()
    await back.get_by_role("button", name="Return request 1001 to the queue").click()
    await expect(back).to_have_count(0)
    await expect(sessions.locator("tr[data-number='1001']")).to_have_count(0)
