"""An administrator opens a clinic in the browser until somebody is seen in it, and every open page follows."""

from playwright.async_api import Page, expect

from dispatch.usecases.groups import AddMember, add_member
from dispatch.vocabulary import GroupKind
from tests.journeys.board_page import BOARD, row
from tests.journeys.console import ADMINISTRATOR, Console


async def administrator(console: Console, path: str) -> Page:
    page = await (await console.enter(ADMINISTRATOR)).new_page()
    await page.goto(path)
    return page


async def add(page: Page, name: str, button: str) -> None:
    await page.get_by_label("Name", exact=True).first.fill(name)
    await page.get_by_role("button", name="Find people to add").click()
    await page.get_by_role("button", name=f"{button} {name}").click()


async def test_from_an_empty_clinic_to_a_request_on_its_board(console: Console) -> None:
    # S1 S3 S5 S14 S29 V9
    page = await administrator(console, "/admin/clinics")
    await page.get_by_role("link", name="New clinic").click()
    await page.get_by_label("Name", exact=True).fill("Westside")
    await page.get_by_label("A new service (optional)").fill("Travel advice")
    await page.get_by_label("Minutes of the new service").fill("25")
    await page.get_by_role("button", name="Create clinic").click()
    await expect(page.get_by_role("heading", name="Westside", level=1)).to_be_visible()
    await expect(page.get_by_text("Nobody schedules here")).to_be_visible()
    await page.get_by_role("link", name="Choose somebody").click()
    await add(page, "Rosa Lind", "Make a scheduler")
    await expect(page.get_by_role("heading", name="1 scheduler")).to_be_visible()
    for group, name in (("Westside patients", "Jordan Park"), ("Westside providers", "Kim Sand")):
        await page.get_by_role("link", name="Groups").first.click()
        await page.get_by_role("link", name=group).click()
        await add(page, name, "Add")
        await expect(page.get_by_text("1 member", exact=False).first).to_be_visible()

    jordan = await (await console.enter("Jordan Park")).new_page()
    await jordan.goto("/requests/new")
    await jordan.get_by_role("link", name="Westside").click()
    await expect(jordan.get_by_text("25 minutes")).to_be_visible()
    await jordan.get_by_text("Now", exact=True).click()
    await jordan.get_by_role("button", name="Send request").click()
    await expect(jordan.get_by_text("Travel advice").first).to_be_visible()
    rosa = await console.open("Rosa Lind", BOARD)
    await expect(row(rosa, 1001)).to_contain_text("Travel advice")
    await expect(row(rosa, 1001)).to_contain_text("Westside providers")


async def test_what_is_changed_shows_on_every_open_page_without_a_reload(console: Console) -> None:
    # S85
    number = await console.desk.ask("Jordan Park")
    board = await console.open("Sam Ortiz", BOARD)
    patient = await console.open("Jordan Park", f"/requests/{number}")
    north = console.desk.clinics["Northside"]
    for page in (board, patient):
        await page.evaluate("window.stayed = true")
    office = await administrator(console, f"/admin/services/{north.services[0].id}")
    await office.get_by_label("Name").fill("Walk-in visit")
    await office.get_by_role("button", name="Save").click()
    await expect(row(board, number)).to_contain_text("Walk-in visit")
    await expect(patient.locator("main")).to_contain_text("Walk-in visit")
    await office.goto(f"/admin/groups/hosts/{north.host_group.id}")
    await office.get_by_label("Name of the group").fill("Night nurses")
    await office.get_by_role("button", name="Rename group").click()
    await expect(row(board, number)).to_contain_text("Night nurses")
    for page in (board, patient):
        assert await page.evaluate("window.stayed"), "it was told, not loaded again"


async def test_who_leaves_a_group_leaves_the_open_dialog_and_their_own_page(
    console: Console,
) -> None:
    # S28 S37 S87
    number = await console.desk.ask("Jordan Park", note="A rash since Monday")
    board = await console.open("Sam Ortiz", BOARD)
    lee = await console.open("Lee Chen", "/dashboard")
    await expect(lee.locator("main")).to_contain_text("A rash since Monday")
    await board.get_by_role("button", name=f"Assign… request {number}").click()
    dialog = board.get_by_role("dialog", name=f"Assign request {number}")
    await expect(dialog.get_by_text("Lee Chen")).to_be_visible()
    group = console.desk.clinics["Northside"].host_group.id
    office = await administrator(console, f"/admin/groups/hosts/{group}")
    await office.get_by_role("button", name="Remove Lee Chen").click()
    await expect(office.get_by_role("button", name="Remove Lee Chen")).to_have_count(0)
    await expect(lee.locator("main")).not_to_contain_text("A rash since Monday")
    line = dialog.locator(".provider-option").filter(has_text="Lee Chen")
    await expect(line).to_contain_text("No longer in this group")
    await expect(dialog.get_by_role("radio", name="Lee Chen")).to_be_disabled()
    lee_chen = console.desk.people["Lee Chen"].person_id
    back = AddMember(GroupKind.HOSTS, group, lee_chen)
    await console.desk.does(ADMINISTRATOR, add_member, back)
    await expect(dialog.get_by_role("radio", name="Lee Chen")).to_be_enabled()
    await expect(line).not_to_contain_text("No longer in this group")
