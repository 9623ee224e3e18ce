"""The Assign dialog in a real browser: it lives, it keeps what was typed, and it says who was first."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Route, expect

from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.claims import ClaimRequest, claim_request
from dispatch.vocabulary import RequestNumber, RequestStatus
from server.web.login import cookie_name
from tests.journeys.board_dialog import assign, line, radio, soon
from tests.journeys.board_page import opened
from tests.journeys.desk_server import DeskServer, desk_server


@pytest.fixture
async def desk(tmp_path: Path, browser: Browser) -> AsyncIterator[DeskServer]:
    async with desk_server(tmp_path, browser) as running:
        yield running
        for context in browser.contexts:
            await context.close()


async def status_of(desk: DeskServer, number: int = 1001) -> RequestStatus:
    account = desk.desk.account
    found = await desk.desk.store.read(lambda r: r.request(account, RequestNumber(number)))
    assert found
    return found.status


async def accepted_by_rosa(desk: DeskServer, number: int, host: str, at: datetime | None) -> None:
    who = desk.desk.people[host].person_id
    yes = frozenset({"unavailable", *(f"session:{n}" for n in range(1, 9))})
    command = AcceptRequest(RequestNumber(number), 1, who, at, "", yes)
    await desk.desk.does("Rosa Lind", accept_request, command)


async def test_availability_changes_in_an_open_dialog_and_moves_nothing(
    desk: DeskServer,
) -> None:  # S41 S87
    await desk.desk.ask("Jordan Park")
    page = await opened(desk)
    dialog = await assign(page)
    names = dialog.locator(".provider-option__name")
    order = await names.all_text_contents()
    await radio(dialog, "Max Roy").check()
    await dialog.get_by_label("Response to Requester").fill("Be right there")
    await expect(line(dialog, "Max Roy")).to_contain_text("Not Available")
    await desk.desk.toggle("Max Roy")
    await expect(line(dialog, "Max Roy")).to_contain_text("Available until")
    await desk.desk.toggle("Max Roy", False)
    await expect(line(dialog, "Max Roy")).to_contain_text("Not Available")
    await expect(radio(dialog, "Max Roy")).to_be_checked()
    await expect(dialog.get_by_label("Response to Requester")).to_have_value("Be right there")
    assert await names.all_text_contents() == order


async def test_slots_and_sessions_change_an_open_dialog_too(
    desk: DeskServer,
) -> None:  # S40 S41 S66
    at = soon(5)
    await desk.desk.ask("Jordan Park", at, clinic="Eastside")
    await desk.desk.ask("Mia Wells", at, clinic="Eastside")
    page = await opened(desk, "Tom Vale")
    dialog = await assign(page)
    await radio(dialog, "Eva Stone").check()
    await expect(line(dialog, "Eva Stone")).to_contain_text("Not Available at this time")
    await desk.desk.slot("Eva Stone", at, at + timedelta(hours=1))
    await expect(line(dialog, "Eva Stone")).to_contain_text("Available by appointment slot")
    eva = desk.desk.people["Eva Stone"].person_id
    other = AcceptRequest(RequestNumber(1002), 1, eva, at)
    await desk.desk.does("Tom Vale", accept_request, other)
    await expect(line(dialog, "Eva Stone")).to_contain_text("Overlaps")
    await expect(radio(dialog, "Eva Stone")).to_be_checked()


async def test_a_dialog_that_cannot_be_had_says_so_where_it_is_seen(
    desk: DeskServer,
) -> None:  # S85
    await desk.desk.ask("Jordan Park")
    page = await opened(desk)
    sheet = "**/requests/1001/assignment"
    await page.route(sheet, lambda route: route.fulfill(status=503))
    await page.get_by_role("button", name="Assign… request 1001").click()
    notice = page.locator("#anew")
    await expect(notice).to_be_in_viewport()
    await expect(notice).to_contain_text("We can't open this request just now. Try again")
    await expect(page.locator("#announce-assertive")).to_contain_text("can't open this request")
    await page.unroute(sheet)
    await assign(page)


async def test_a_dialog_fetched_before_a_change_is_shown_after_it(
    desk: DeskServer,
) -> None:  # S41 S90
    await desk.desk.ask("Jordan Park")
    page = await opened(desk)
    fetched, moved_on = asyncio.Event(), asyncio.Event()
    held: list[int] = []

    async def hold(route: Route) -> None:
        answer = await route.fetch()
        if not held:
            held.append(1)
            fetched.set()
            await moved_on.wait()
        await route.fulfill(response=answer)

    await page.route("**/requests/1001/assignment", hold)
    await page.get_by_role("button", name="Assign… request 1001").click()
    await fetched.wait()
    await desk.desk.toggle("Lee Chen")
    await expect(page.locator("[data-tally=available]")).to_have_text("1")  # the page is further on
    await page.evaluate(
        """() => { const dialog = document.querySelector('[data-assign-dialog]');
        new MutationObserver(() => { window.shown ??= dialog.textContent.includes('Available until'); })
          .observe(dialog, {attributes: true, attributeFilter: ['open']}); }"""
    )
    moved_on.set()
    dialog = page.get_by_role("dialog", name="Assign request 1001")
    await expect(line(dialog, "Lee Chen")).to_contain_text("Available until")
    assert await page.evaluate("shown")


async def test_the_chosen_providers_conflicts_show_at_once(desk: DeskServer) -> None:  # S42 S47
    at = soon(5)
    await desk.desk.ask("Mia Wells", at + timedelta(minutes=30))
    await accepted_by_rosa(desk, 1001, "Lee Chen", at + timedelta(minutes=30))
    await desk.desk.ask("Jordan Park", at)
    dialog = await assign(await opened(desk), 1002)
    heading = dialog.get_by_role("heading", name="Possible Conflicting Sessions")
    await expect(heading).to_be_hidden()
    await expect(line(dialog, "Lee Chen")).to_contain_text("1 possible conflict")
    await radio(dialog, "Lee Chen").check()
    await expect(heading).to_be_visible()
    await expect(line(dialog, "Lee Chen").locator(".near__session")).to_contain_text("10 min after")
    await radio(dialog, "Max Roy").check()
    await expect(heading).to_be_hidden()
    await expect(line(dialog, "Max Roy").locator(".near__none")).to_be_visible()
    await expect(line(dialog, "Ana Ruiz").locator(".near__none")).to_be_hidden()


async def test_accept_opens_a_menu_of_the_requested_times(
    desk: DeskServer,
) -> None:  # S48 S49 S60 S64
    times = [soon(hours) for hours in (5, 29, 53)]
    await desk.desk.ask("Jordan Park", *times)
    await desk.desk.toggle("Lee Chen")
    page = await opened(desk)
    other = await opened(desk, "Rosa Lind")
    dialog = await assign(page)
    await radio(dialog, "Lee Chen").check()
    await dialog.get_by_label("Response to Requester").fill("Bring your list")
    await dialog.get_by_role("button", name="Accept for Lee Chen").click()
    items = dialog.get_by_role("menuitem")
    await expect(items).to_have_count(3)
    await expect(items.first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(items.nth(1)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    for board in (page, other):
        await expect(
            board.locator("[data-board] tr[data-number='1001']:not([data-left])")
        ).to_have_count(0)
    account = desk.desk.account
    found = await desk.desk.store.read(lambda r: r.request(account, RequestNumber(1001)))
    assert found
    assert found.decision
    assert (found.decision.chosen_at, found.decision.response) == (times[1], "Bring your list")


async def test_without_a_provider_accept_says_to_choose_one(desk: DeskServer) -> None:  # S50 S52
    await desk.desk.ask("Jordan Park")
    dialog = await assign(await opened(desk))
    await expect(dialog.locator("[data-choose-first]")).to_be_visible()
    await dialog.get_by_role("button", name="Accept now").click()
    await expect(dialog.locator("[data-error-for=host]")).to_have_text("Choose a provider first.")
    await radio(dialog, "Lee Chen").check()
    await expect(dialog.locator("[data-choose-first]")).to_be_hidden()
    await expect(dialog.get_by_role("button", name="Accept for Lee Chen now")).to_be_visible()
    assert await status_of(desk) is RequestStatus.PENDING


async def test_a_not_available_provider_is_accepted_after_a_second_yes(
    desk: DeskServer,
) -> None:  # S53
    await desk.desk.ask("Jordan Park")
    dialog = await assign(await opened(desk))
    await radio(dialog, "Max Roy").check()
    await dialog.get_by_role("button", name="Accept for Max Roy now").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Max Roy is not available.")
    assert await status_of(desk) is RequestStatus.PENDING
    await dialog.get_by_role("button", name="Accept anyway").click()
    await expect(dialog).to_be_hidden()
    assert await status_of(desk) is RequestStatus.ACCEPTED


async def test_the_loser_is_told_who_was_first_and_keeps_their_text(
    desk: DeskServer,
) -> None:  # S65
    await desk.desk.ask("Jordan Park")
    page = await opened(desk)
    dialog = await assign(page)
    await dialog.get_by_label("Response to Requester").fill("Hello Jordan")
    await accepted_by_rosa(desk, 1001, "Lee Chen", None)
    answered = page.get_by_role("dialog", name="Request 1001 is already answered")
    await expect(answered).to_contain_text("Rosa Lind accepted this for Lee Chen at")
    await expect(answered).to_contain_text("Nothing was sent by you.")
    await expect(answered.get_by_label("What you had typed")).to_have_value("Hello Jordan")
    await answered.get_by_role("link", name="Close").click()
    await expect(answered).to_be_hidden()


async def test_a_decline_runs_ten_seconds_and_can_be_undone_in_the_row(
    desk: DeskServer,
) -> None:  # S36 S51
    await desk.desk.ask("Jordan Park")
    page = await opened(desk)
    dialog = await assign(page)
    await dialog.get_by_text("Decline…").click()
    await dialog.get_by_label("Already asked for").check()
    await dialog.get_by_role("button", name="Decline request 1001").click()
    row = page.locator("[data-board] tr[data-number='1001']")
    await expect(row).to_contain_text("You are declining this")
    await expect(page.locator("#announce-polite")).to_have_text(
        "Request 1001 will be declined in 10 seconds. Undo is on its row."
    )
    await row.get_by_role("button", name="Undo decline of request 1001").click()
    await expect(row.get_by_role("button", name="Assign… request 1001")).to_be_visible()
    assert await status_of(desk) is RequestStatus.PENDING


async def test_the_typed_reply_outlives_closing(desk: DeskServer) -> None:  # S48
    await desk.desk.ask("Jordan Park")
    await desk.desk.ask("Mia Wells")
    page = await opened(desk)
    dialog = await assign(page)
    await dialog.get_by_label("Response to Requester").fill("Half a thought")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    other = await assign(page, 1002)
    await expect(other.get_by_label("Response to Requester")).to_have_value("")
    await other.get_by_role("button", name="Close").click()
    again = await assign(page)
    await expect(again.get_by_label("Response to Requester")).to_have_value("Half a thought")


async def test_a_half_written_reply_is_not_given_to_whoever_signs_in_next(
    desk: DeskServer,
) -> None:
    # They would send it as their own, or read what they were not told.
    await desk.desk.ask("Jordan Park")
    page = await opened(desk)
    dialog = await assign(page)
    await dialog.get_by_label("Response to Requester").fill("Half a thought")
    await page.keyboard.press("Escape")
    for name, typed in (("Rosa Lind", ""), ("Sam Ortiz", "Half a thought")):
        token = await desk.desk.sign_in(name)
        cookie = cookie_name(desk.settings)
        await page.context.add_cookies([{"name": cookie, "value": token, "url": desk.address}])
        await page.reload()
        dialog = await assign(page)
        await expect(dialog.get_by_label("Response to Requester")).to_have_value(typed)
        await page.keyboard.press("Escape")


async def test_a_claim_shows_to_others_and_can_be_taken_over(desk: DeskServer) -> None:
    await desk.desk.ask("Jordan Park")
    sam, rosa = await opened(desk), await opened(desk, "Rosa Lind")
    sams = await assign(sam)
    await expect(rosa.locator("[data-board] tbody tr")).to_contain_text("Sam Ortiz is assigning")
    rosas = await assign(rosa)
    await expect(rosas).to_contain_text("Sam Ortiz is assigning this request.")
    await rosas.get_by_role("button", name="Take over").click()
    await expect(sams).to_contain_text("Rosa Lind took over this request.")
    await expect(sam.locator("#announce-assertive")).to_have_text(
        "Rosa Lind took over this request."
    )
    await rosa.keyboard.press("Escape")
    await expect(sam.locator("[data-board] tr", has_text="Rosa Lind is assigning")).to_have_count(0)


async def test_a_claim_blocks_nobody_who_may_accept(desk: DeskServer) -> None:
    number = await desk.desk.ask("Jordan Park")
    await desk.desk.toggle("Lee Chen")
    await desk.desk.does("Rosa Lind", claim_request, ClaimRequest(number, "a-tab-of-rosas"))
    dialog = await assign(await opened(desk))
    await radio(dialog, "Lee Chen").check()
    await dialog.get_by_label("Response to Requester").press("Control+Enter")
    await expect(dialog).to_be_hidden()
    assert await status_of(desk) is RequestStatus.ACCEPTED
