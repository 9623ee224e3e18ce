"""A provider's day in a real browser against the real console: two people, one socket each, no reload."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, WebSocketRoute, expect

from dispatch.people import system_actor
from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.claims import ClaimRequest, claim_request
from dispatch.usecases.groups import RenameGroup, rename_group
from dispatch.vocabulary import GroupKind
from tests.journeys.desk_server import DeskServer, desk_server

IN_TWO_DAYS = (datetime.now(UTC) + timedelta(days=2)).replace(second=0, microsecond=0)
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
async def console(tmp_path: Path, browser: Browser) -> AsyncIterator[DeskServer]:
    async with desk_server(tmp_path, browser) as running:
        yield running


async def dashboard(console: DeskServer, name: str) -> Page:
    page = await (await console.enter(name, **PHONE)).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    await page.goto("/dashboard")
    await expect(page.locator("live-status").first).to_have_text("Live")
    return page


async def test_a_request_arrives_is_accepted_in_one_press_and_leaves_the_other_page(
    console: DeskServer,
) -> None:
    # S21 S22 S23 S64 S85
    lee, ana = await dashboard(console, "Lee Chen"), await dashboard(console, "Ana Ruiz")
    await expect(lee.get_by_text("No requests for you")).to_be_visible()
    number = await console.desk.ask("Jordan Park", note="Since yesterday.")
    for page in (lee, ana):
        await expect(page.locator(f'article[data-number="{number}"]')).to_contain_text(
            "Jordan Park"
        )
    await lee.get_by_label("Note to Jordan Park").fill("I am on my way.")
    await lee.get_by_role("button", name="Accept", exact=True).click()
    await expect(lee.get_by_role("button", name="Start without waiting")).to_be_visible()
    await expect(ana.get_by_text("No requests for you")).to_be_visible()
    await expect(ana.get_by_text("Jordan Park")).to_have_count(0)


async def test_a_note_being_written_outlives_somebodys_claim(console: DeskServer) -> None:
    number = await console.desk.ask("Jordan Park")
    lee = await dashboard(console, "Lee Chen")
    note = lee.get_by_label("Note to Jordan Park")
    await note.click()
    await lee.keyboard.type("Please have ")
    await console.desk.does("Sam Ortiz", claim_request, ClaimRequest(number, tab="a-tab-of-sams"))
    await expect(lee.get_by_text("Sam Ortiz is assigning")).to_be_visible()
    await lee.keyboard.type("your list ready")
    await expect(note).to_have_value("Please have your list ready")
    await lee.get_by_role(
        "button", name="Accept", exact=True
    ).click()  # a claim is never in the way
    await expect(lee.get_by_role("button", name="Start without waiting")).to_be_visible()


async def test_a_decline_can_be_undone_and_a_pass_goes_behind_one_line(console: DeskServer) -> None:
    # S25
    await console.desk.ask("Mia Wells", IN_TWO_DAYS, host="Lee Chen")
    lee = await dashboard(console, "Lee Chen")
    await lee.get_by_role("button", name="Decline").click()
    await expect(lee.get_by_text("You are declining this")).to_be_visible()
    await lee.get_by_role("button", name="Undo decline").click()
    await expect(lee.get_by_role("button", name="Accept")).to_have_count(1)
    number = await console.desk.ask("Zoe Hart")
    await lee.get_by_role("button", name=f"Pass on request {number}").click()
    await expect(lee.get_by_role("heading", name="Mia Wells")).to_be_focused()
    await lee.get_by_text("You passed on 1 request").click()
    await expect(
        lee.get_by_text(f"Request {number} (Urgent care visit), left to the others")
    ).to_be_visible()
    await expect(lee.locator(f'article[data-number="{number}"]')).to_be_hidden()


async def test_the_toggle_is_the_same_on_every_page_that_is_open(console: DeskServer) -> None:
    # S39 S87 V5
    phone, desk = await dashboard(console, "Lee Chen"), await dashboard(console, "Lee Chen")
    await phone.get_by_label("for 1 hour").check()
    await phone.get_by_role("button", name="Turn on").click()
    for page in (phone, desk):
        await expect(page.locator(".toggle")).to_contain_text("You are available until")
        await expect(page.get_by_role("button", name="Turn on")).to_be_hidden()
    await desk.get_by_role("button", name="Turn off").click()
    for page in (phone, desk):
        await expect(page.locator(".toggle")).to_contain_text("You are not available")


async def test_the_groups_by_the_switch_are_called_what_they_are_called_now(
    console: DeskServer,
) -> None:  # S39 S85
    ana, north = await dashboard(console, "Ana Ruiz"), console.desk.clinics["Northside"]
    groups = ana.get_by_role("list", name="You answer for").get_by_role("listitem")
    await expect(groups).to_have_text(["Northside nurses", "Southside nurses"])
    rename = RenameGroup(GroupKind.HOSTS, north.host_group.id, "Walk-in team")
    await console.desk.store.perform(rename_group, rename, system_actor(console.desk.account))
    await expect(groups).to_have_text(["Southside nurses", "Walk-in team"])


async def test_an_end_that_is_refused_is_said_at_the_field(console: DeskServer) -> None:
    lee = await dashboard(console, "Lee Chen")
    await lee.get_by_label("until a set time").check()
    await lee.get_by_role("button", name="Turn on").click()
    field = lee.get_by_label("Set time, on your own clock")
    await expect(field).to_be_focused()
    await expect(field).to_have_accessible_description("Enter a time, like 5:00pm.")


async def test_an_overlap_is_asked_about_inline_and_accepted_on_a_second_press(
    console: DeskServer,
) -> None:
    # S44 S66
    await console.desk.ask("Mia Wells", IN_TWO_DAYS, host="Lee Chen")
    await console.desk.ask("Noah Brook", IN_TWO_DAYS, host="Lee Chen")
    lee = await dashboard(console, "Lee Chen")
    accept = lee.get_by_role("button", name="Accept")
    await accept.first.click()
    await expect(accept).to_have_count(1)
    await accept.click()
    await expect(lee.get_by_text("Lee Chen has another session at that time.")).to_be_visible()
    await lee.get_by_role("button", name="Accept anyway").click()
    await expect(lee.locator("article.session")).to_have_count(2)


async def test_an_overlap_can_be_confirmed_without_scripts(console: DeskServer) -> None:
    # S44 S66
    await console.desk.ask("Mia Wells", IN_TWO_DAYS, host="Lee Chen")
    await console.desk.ask("Noah Brook", IN_TWO_DAYS, host="Lee Chen")
    context = await console.enter("Lee Chen", java_script_enabled=False, **PHONE)
    lee = await context.new_page()
    await lee.goto("/dashboard")
    await lee.get_by_role("button", name="Accept").first.click()
    await lee.get_by_label("Note to Noah Brook").fill("See you then.")
    await lee.get_by_role("button", name="Accept").first.click()
    await expect(lee.get_by_text("Lee Chen has another session at that time.")).to_be_visible()
    await lee.get_by_role("button", name="Accept anyway").click()
    await expect(lee.locator("article.session")).to_have_count(2)


async def test_a_page_that_lost_its_line_ends_where_a_fresh_one_is(console: DeskServer) -> None:
    # S90
    context = await console.enter("Lee Chen", **PHONE)
    lines: list[WebSocketRoute] = []
    is_cut = False

    async def take(line: WebSocketRoute) -> None:
        lines.append(line)
        if is_cut:
            await line.close(code=1012)
        else:
            line.connect_to_server()

    await context.route_web_socket("**/live", take)
    lee = await context.new_page()
    await lee.goto("/dashboard")
    first = await console.desk.ask("Jordan Park")
    await expect(lee.locator("article.request")).to_have_count(1)
    is_cut = True
    await lines[-1].close(code=1012)
    await console.desk.ask("Zoe Hart")
    await console.desk.does(
        "Ana Ruiz",
        accept_request,
        AcceptRequest(first, 1, console.desk.people["Ana Ruiz"].person_id),
    )
    await expect(lee.locator("live-status").first).not_to_have_text("Live")
    await expect(lee.get_by_text("Zoe Hart")).to_have_count(0)
    is_cut = False
    await lee.evaluate("dispatchEvent(new Event('online'))")
    await expect(lee.locator("article.request h3")).to_have_text("Zoe Hart (Urgent care visit)")
    await expect(lee.locator("live-status").first).to_have_text("Live")
