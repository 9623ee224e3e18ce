"""The browser that the journeys stand on really opens pages, on one event loop with its fixtures."""

import asyncio

import pytest
from playwright.async_api import Browser


@pytest.fixture
async def loop_of_a_fixture() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


async def test_a_page_opens_and_runs_its_script(browser: Browser) -> None:
    async with await browser.new_context() as context:
        page = await context.new_page()
        await page.set_content("<p id=greeting>Hello</p>")
        assert await page.evaluate("document.getElementById('greeting').textContent") == "Hello"


async def test_a_browser_test_and_its_fixtures_share_one_loop(
    browser: Browser, loop_of_a_fixture: asyncio.AbstractEventLoop
) -> None:
    assert browser.is_connected()
    assert loop_of_a_fixture is asyncio.get_running_loop()


async def test_any_other_test_shares_a_loop_of_its_own_with_its_fixtures(
    loop_of_a_fixture: asyncio.AbstractEventLoop,
) -> None:
    assert loop_of_a_fixture is asyncio.get_running_loop()
