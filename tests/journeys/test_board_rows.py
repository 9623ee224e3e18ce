"""The board in a real browser: rows come, change and go, and nothing moves under the hand."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect

from dispatch.usecases.assignment import (
    AcceptRequest,
    ReturnToQueue,
    accept_request,
    return_to_queue,
)
from dispatch.usecases.claims import ClaimRequest, claim_request
from dispatch.usecases.refusal import DeclineRequest, decline_request
from dispatch.vocabulary import RequestNumber
from tests.journeys.board_page import answer, numbers, opened, row
from tests.journeys.desk_server import DeskServer, desk_server


@pytest.fixture
async def desk(tmp_path: Path, browser: Browser) -> AsyncIterator[DeskServer]:
    async with desk_server(tmp_path, browser) as running:
        yield running
        for context in browser.contexts:
            await context.close()


async def top(locator: Locator) -> float:
    box = await locator.bounding_box()
    assert box
    return box["y"]


async def test_a_new_request_appears_at_the_end_without_a_reload(
    desk: DeskServer,
) -> None:  # S31 S85
    await desk.desk.ask("Jordan Park")
    page = await opened(desk)
    before = await top(row(page, 1001))
    await desk.desk.ask("Mia Wells", clinic="Southside", note="<i>Cough</i>")
    await expect(row(page, 1002)).to_be_visible()
    assert await numbers(page) == ["1001", "1002"]
    assert await top(row(page, 1001)) == before
    await expect(row(page, 1002).locator(".note")).to_have_text("<i>Cough</i>")  # S77
    await expect(page.locator("[data-tally=waiting]")).to_have_text("2")
    await expect(page).to_have_title("(2) Requests · Dispatch")


async def test_a_row_that_leaves_under_the_pointer_stays_as_a_placeholder(
    desk: DeskServer,
) -> None:  # S64
    for patient in ("Jordan Park", "Mia Wells", "Noah Brook"):
        await desk.desk.ask(patient)
    page = await opened(desk)
    await row(page, 1003).hover()
    before = await top(row(page, 1003))
    await answer(desk, RequestNumber(1001))
    await answer(desk, RequestNumber(1002), "Max Roy")
    gone = row(page, 1001)
    await expect(gone).to_contain_text("Accepted by Rosa Lind for Lee Chen at")
    await expect(gone.locator("button")).to_have_count(0)
    await expect(row(page, 1002)).to_contain_text("for Max Roy")
    assert await top(row(page, 1003)) == before
    assert await numbers(page) == ["1003"]
    await expect(page.locator("[data-tally=waiting]")).to_have_text("1")
    await page.mouse.move(700, 30)
    await expect(gone).to_have_count(0)
    assert await top(row(page, 1003)) < before


async def test_a_press_that_began_on_a_row_that_left_does_nothing(desk: DeskServer) -> None:
    for patient in ("Jordan Park", "Mia Wells"):
        await desk.desk.ask(patient)
    page = await opened(desk)
    button = row(page, 1001).get_by_role("button")
    await button.hover()
    await page.mouse.down()
    await answer(desk, RequestNumber(1001))
    await expect(row(page, 1001)).to_contain_text("Accepted by")
    await page.mouse.up()
    await expect(page.locator("dialog[open]")).to_have_count(0)


async def test_the_last_row_leaves_an_empty_board_that_says_so(desk: DeskServer) -> None:
    await desk.desk.ask("Jordan Park")
    page = await opened(desk)
    await answer(desk, RequestNumber(1001))
    await expect(page.get_by_text("No requests are waiting")).to_be_visible()
    await desk.desk.ask("Mia Wells")
    await expect(row(page, 1002)).to_be_visible()
    await expect(page.get_by_text("No requests are waiting")).to_be_hidden()


async def test_focus_stays_on_the_request_and_goes_on_when_it_leaves(desk: DeskServer) -> None:
    for patient in ("Jordan Park", "Mia Wells", "Noah Brook"):
        await desk.desk.ask(patient)
    page = await opened(desk)
    await row(page, 1002).get_by_role("button").focus()
    await answer(desk, RequestNumber(1001))
    await expect(row(page, 1001)).to_contain_text("Accepted by")
    await expect(row(page, 1002).get_by_role("button")).to_be_focused()
    await answer(desk, RequestNumber(1002), "Max Roy")
    await expect(row(page, 1003).get_by_role("button")).to_be_focused()


async def test_a_returned_request_waits_until_it_is_asked_for(desk: DeskServer) -> None:  # S30
    at = datetime.now(UTC) + timedelta(hours=5)
    number = await desk.desk.ask("Jordan Park", at)
    await desk.desk.ask("Mia Wells")
    yes = frozenset({"unavailable"})
    lee = desk.desk.people["Lee Chen"].person_id
    await desk.desk.does("Rosa Lind", accept_request, AcceptRequest(number, 1, lee, at, "", yes))
    page = await opened(desk)
    await row(page, 1002).hover()
    before = await top(row(page, 1002))
    await desk.desk.does("Rosa Lind", return_to_queue, ReturnToQueue(number, 2))
    back = page.locator("[data-line=returned]")
    await expect(back).to_contain_text("1001 is back.")
    assert await numbers(page) == ["1002"]
    assert await top(row(page, 1002)) == before
    await back.get_by_role("button", name="Show").click()
    await expect(row(page, 1001)).to_be_visible()
    assert await numbers(page) == ["1001", "1002"]
    await expect(back).to_be_hidden()


async def test_a_claim_and_a_toggle_show_on_the_board(desk: DeskServer) -> None:  # S87
    number = await desk.desk.ask("Jordan Park")
    page = await opened(desk)
    await expect(page.locator("[data-tally=available]")).to_have_text("0")
    await desk.desk.toggle("Lee Chen")
    await expect(page.locator("[data-tally=available]")).to_have_text("1")
    await desk.desk.does("Rosa Lind", claim_request, ClaimRequest(number, "a-tab-of-rosas"))
    await expect(row(page, 1001)).to_contain_text("Rosa Lind is assigning")
    await expect(row(page, 1001)).to_have_attribute("data-claimed", "other")


async def test_a_claim_or_a_decline_moves_no_row(desk: DeskServer) -> None:
    numbers_ = [await desk.desk.ask(name) for name in ("Jordan Park", "Mia Wells", "Noah Brook")]
    page = await opened(desk)
    before = await top(row(page, 1003))
    command = ClaimRequest(numbers_[0], "a-tab-of-rosas")
    await desk.desk.does("Rosa Lind", claim_request, command)
    await desk.desk.does("Rosa Lind", decline_request, DeclineRequest(numbers_[1], 1))
    await expect(row(page, 1001)).to_contain_text("Rosa Lind is assigning")
    await expect(row(page, 1002)).to_contain_text("Rosa Lind is declining this")
    assert await top(row(page, 1003)) == before
