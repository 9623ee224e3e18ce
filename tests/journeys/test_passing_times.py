"""A requested time that passes while the Assign dialog is open shows there, and is not to be chosen."""

from playwright.async_api import expect

from dispatch.vocabulary import RequestNumber
from tests.journeys.board_dialog import assign, radio, soon
from tests.journeys.console import Console


async def test_a_time_that_passes_in_an_open_menu_turns_grey_and_the_next_has_the_focus(
    console: Console,
) -> None:
    # S49 S81
    times = [soon(hours) for hours in (5, 1, 29)]
    await console.desk.ask("Jordan Park", *times)
    page = await console.open("Sam Ortiz", "/scheduling/requests")
    dialog = await assign(page)
    await radio(dialog, "Lee Chen").check()
    await dialog.get_by_role("button", name="Accept for Lee Chen").click()
    items = dialog.get_by_role("menuitem")
    await expect(items.first).to_be_focused()  # the menu is open
    await page.keyboard.press("ArrowDown")
    await expect(items.nth(1)).to_be_focused()
    for number in range(3):
        await expect(items.nth(number)).to_be_enabled()
    console.clock.put_on(2 * 60 * 60)
    await expect(items.nth(1)).to_be_disabled(timeout=20_000)
    await expect(items.nth(1).get_by_text("(has passed)")).to_be_visible()
    await expect(items.first).to_be_focused()
    for number in (0, 2):
        await expect(items.nth(number)).to_be_enabled()
        await expect(items.nth(number).get_by_text("(has passed)")).to_be_hidden()
    await page.keyboard.press("ArrowDown")
    await expect(items.nth(2)).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_role("button", name="Accept anyway")).to_be_visible()
    await dialog.get_by_role("button", name="Accept anyway").click()
    await expect(dialog).to_be_hidden()
    decision = (await console.request(RequestNumber(1001))).decision
    assert decision
    assert decision.chosen_at == times[0]
