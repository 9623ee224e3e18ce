"""The main job, in the browsers of everybody at once: asked, seen, looked at, answered, given back."""

from playwright.async_api import Locator, Page, expect

from dispatch.vocabulary import RequestStatus
from tests.journeys.board_page import BOARD, row
from tests.journeys.console import ADMINISTRATOR, LIVE, Console
from tests.journeys.stopwatch import now, seen, watch

A_SECOND = 1000  # ms


def row_words(number: int) -> str:
    return f"[data-board] tr[data-number='{number}']"


async def assign(page: Page, number: int) -> Locator:
    """Open the Assign dialog of a request."""
    await row(page, number).locator("[data-action=assign]").click()
    dialog = page.locator("[data-assign-dialog][open]")
    await expect(dialog.locator("h2")).to_have_text(f"Assign request {number}")
    return dialog


async def away(page: Page) -> None:
    """Take the hand off the board."""
    await page.mouse.move(5, 5)
    await page.evaluate("document.activeElement?.blur()")


async def test_a_request_is_asked_for_assigned_and_accepted_before_everybodys_eyes(
    console: Console,
) -> None:
    # S2 S23 S24 S31 S36 S48 S49 S58 S59 S61 S64 S85 S87 S88
    rosa = await console.open("Rosa Lind", BOARD)
    sam = await console.open("Sam Ortiz", BOARD)
    ana = await console.open("Ana Ruiz", "/dashboard")
    await console.desk.toggle("Ana Ruiz")
    await watch(rosa, "asked", row_words(1001), "Jordan Park")
    await watch(sam, "asked", row_words(1001), "A rash since Monday")
    await watch(ana, "asked", "[data-place=request] article", "A rash since Monday")

    jordan = await (await console.enter("Jordan Park")).new_page()
    await jordan.goto("/requests/new")
    await jordan.get_by_role("link", name="Northside").click()
    await jordan.get_by_label("Urgent care visit").check()
    await jordan.locator("#type-now").check()
    await jordan.locator("#note").fill("A rash since Monday")
    asked_at = await now(jordan)
    await jordan.get_by_role("button", name="Send request").click()
    for page in (rosa, sam, ana):
        assert await seen(page, "asked") - asked_at < A_SECOND
    await jordan.wait_for_url("**/requests/1001")
    await expect(jordan.locator(LIVE).first).to_be_attached()
    await expect(jordan.locator("[data-status=pending]")).to_contain_text("Waiting")

    await watch(sam, "claimed", row_words(1001) + " .chip--claim", "Rosa Lind is assigning")
    await watch(jordan, "claimed", ".chip--claim", "Being looked at now")
    opened_at = await now(rosa)
    dialog = await assign(rosa, 1001)
    for page in (sam, jordan):
        assert await seen(page, "claimed") - opened_at < A_SECOND
    assert "Rosa" not in await jordan.locator("main").inner_text()

    await dialog.locator("[data-host]", has_text="Ana Ruiz").locator("input").check()
    await dialog.locator("textarea[name=response]").fill("See you in a moment.")
    await away(sam)
    await watch(sam, "left", row_words(1001) + "[data-left]", "Accepted by Rosa Lind for Ana Ruiz")
    await watch(jordan, "accepted", "[data-status=accepted] .bubble", "See you in a moment.")
    await watch(ana, "session", "[data-place=session] article", "Jordan Park")
    pressed_at = await now(rosa)
    await dialog.get_by_role("button", name="Accept for Ana Ruiz now").click()
    for page, name in ((sam, "left"), (jordan, "accepted"), (ana, "session")):
        assert await seen(page, name) - pressed_at < A_SECOND
    card = jordan.locator("[data-status=accepted]")
    await expect(card).to_contain_text("Ana Ruiz will see you")
    session = (await console.request(1001)).session_id
    assert session
    await expect(card.get_by_role("button", name="Enter waiting room")).to_be_visible()
    await expect(ana.get_by_role("button", name="Start without waiting")).to_be_visible()
    await expect(row(sam, 1001)).to_have_count(
        0
    )  # the placeholder goes once nobody's hand is there
    await away(rosa)
    await expect(row(rosa, 1001)).to_have_count(0)
    await expect(jordan).to_have_title("Accepted · Request 1001 · Dispatch")


async def test_a_decline_can_be_undone_and_is_sent_when_it_is_not(console: Console) -> None:
    # S51 S56 S57 S64 S88
    await console.desk.ask("Jordan Park")
    rosa = await console.open("Rosa Lind", BOARD)
    sam = await console.open("Sam Ortiz", BOARD)
    jordan = await console.open("Jordan Park", "/requests/1001")

    async def decline() -> None:
        dialog = await assign(rosa, 1001)
        await dialog.locator("textarea[name=response]").fill("Please call us.")
        await dialog.locator(".declining summary").click()
        await dialog.get_by_role("button", name="Decline request 1001").click()

    await decline()
    await expect(row(sam, 1001)).to_contain_text("Rosa Lind is declining this")
    await row(sam, 1001).locator("[data-action=undo]").click()
    await expect(row(rosa, 1001).locator("[data-action=assign]")).to_be_visible()
    await expect(jordan.locator("[data-status=pending]")).to_contain_text("Waiting")

    await decline()
    await expect(row(sam, 1001)).to_contain_text("Rosa Lind is declining this")
    console.clock.put_on(8)
    await expect(jordan.locator("[data-status=pending]")).to_contain_text("Waiting")
    console.clock.put_on(2)
    card = jordan.locator("[data-status=declined]")
    await expect(card).to_contain_text("We can't take this request.")
    await expect(card.locator(".bubble")).to_contain_text("Please call us.")
    await away(sam)
    await expect(row(sam, 1001)).to_have_count(0)
    assert (await console.request(1001)).status is RequestStatus.DECLINED


async def test_a_request_that_is_given_back_waits_in_its_old_place(console: Console) -> None:
    # S31 S83 S85 S88 S90
    await console.desk.ask("Jordan Park")
    await console.desk.ask("Mia Wells")
    await console.desk.toggle("Ana Ruiz")
    sam = await console.open("Sam Ortiz", BOARD)
    jordan = await console.open("Jordan Park", "/requests/1001")
    dialog = await assign(sam, 1001)
    await dialog.locator("[data-host]", has_text="Ana Ruiz").locator("input").check()
    await dialog.get_by_role("button", name="Accept for Ana Ruiz now").click()
    await expect(jordan.locator("[data-status=accepted]")).to_be_visible()
    await away(sam)
    await expect(row(sam, 1001)).to_have_count(0)

    rosa = await console.open("Rosa Lind", "/scheduling/decided")
    await rosa.locator("tr[data-number='1001'] summary").click()
    await rosa.get_by_role("button", name="Return request 1001 to the queue").click()
    await expect(row(sam, 1001)).to_be_visible()
    living = sam.locator("[data-board] tr[data-entity]:not([data-left])")
    assert await living.evaluate_all("rows => rows.map(r => r.dataset.number)") == ["1001", "1002"]
    await expect(jordan.locator("[data-status=pending]")).to_contain_text("Waiting")
    await expect(rosa.locator("tr[data-number='1001']")).to_have_count(0)


async def test_whoever_signs_out_or_is_disabled_loses_the_live_page_and_reads_why(
    console: Console,
) -> None:
    # S88: within two seconds
    await console.desk.ask("Jordan Park", note="A rash since Monday")
    sam = await console.open("Sam Ortiz", BOARD)
    rosa = await console.open("Rosa Lind", BOARD)
    await watch(sam, "ended", "live-status", "You are signed out")
    await watch(rosa, "ended", "live-status", "You may no longer see this page")

    other = await sam.context.new_page()
    await other.goto("/scheduling/decided")
    left_at = await now(other)
    await other.get_by_role("button", name="Sign out").click()
    assert await seen(sam, "ended") - left_at < 2000

    ruth = await (await console.enter(ADMINISTRATOR)).new_page()
    await ruth.goto("/admin/people")
    await ruth.get_by_label("Name", exact=True).fill("Rosa")
    await ruth.get_by_role("button", name="Search people").click()
    disabled_at = await now(ruth)
    await ruth.locator("form[action$='/disabled'] button").click()
    assert await seen(rosa, "ended") - disabled_at < 2000
    await expect(row(rosa, 1001)).to_have_count(0)  # and nothing of anybody is left on it
    assert "A rash" not in await rosa.content()
