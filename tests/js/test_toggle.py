"""A provider's toggle turns by server time, and a saved reply goes behind what was typed."""

from datetime import datetime, timedelta

from playwright.async_api import Page, expect

from dispatch.views import AvailabilityCard
from dispatch.vocabulary import PersonId
from server.rendering import Rendering
from tests.builders import NOON, hours, minutes
from tests.js.conftest import Stage

ZONE = "America/New_York"


def card(back_in: timedelta | None = None) -> str:
    back = NOON + back_in if back_in is not None else None
    until = NOON + hours(1)
    view = AvailabilityCard(PersonId(7), 3, until, ZONE, back)
    rendering = Rendering()
    toggle = rendering.fragment("host/_availability.html", card=view)
    toggle = toggle.replace(f"/static/{rendering.shipped.release}/", "/static/")
    return f'<section data-place="availability">{toggle}</section>'


async def opened(stage: Stage, back_in: timedelta | None = None) -> Page:
    await stage.context.clock.install(time=NOON)
    page = await stage.open(card(back_in))
    await stage.context.clock.pause_at(await page.evaluate("Date.now() / 1000 + 10"))
    return page


async def at(page: Page, now: datetime) -> None:
    """Have the server say what time it is, at this very moment of the page."""
    await page.evaluate(
        """async (now) => {
            const { clock } = await import("/static/js/clock.js");
            const here = clock.monotonic();
            for (const said of [now - 3_600_000, now]) clock.sample({ sent: here, received: here, now: said });
            clock.tick();
        }""",
        now.timestamp() * 1000,
    )


async def test_five_minutes_before_the_end_the_page_asks_and_after_it_does_not(
    stage: Stage,
) -> None:
    # S39
    page = await opened(stage)
    question = page.get_by_role("button", name="Yes, 1 more hour")
    await at(page, NOON + minutes(54.9))
    await expect(question).to_be_hidden()
    await expect(page.get_by_text("You are available until")).to_be_visible()
    await at(page, NOON + minutes(55))
    await expect(question).to_be_visible()
    await at(page, NOON + minutes(60))
    await expect(question).to_be_hidden()
    await expect(page.get_by_text("You are not available")).to_be_visible()


async def test_a_break_ends_on_the_page_by_itself(stage: Stage) -> None:
    # S39
    page = await opened(stage, minutes(20))
    await expect(page.get_by_text("You are on a break until")).to_be_visible()
    await expect(page.get_by_text("You are available until")).to_be_hidden()
    await at(page, NOON + minutes(20))
    await expect(page.get_by_text("You are on a break until")).to_be_hidden()
    await expect(page.get_by_text("You are available until")).to_be_visible()


FORM = """<form method="post" action="/x" data-fetch><textarea name="response" maxlength="40"></textarea>
  <select name="saved" data-saved-reply><option value="">Insert…</option>
  <option value="3" data-text="Call 911 if it gets worse.">Emergency</option></select></form>"""


async def test_a_saved_reply_goes_behind_what_was_typed_and_is_not_sent_twice(
    stage: Stage,
) -> None:
    # S48
    page = await stage.open(FORM)
    text, choice = page.locator("textarea"), page.locator("select")
    await text.fill("Sorry, Jo.  ")
    await choice.select_option("3")
    await expect(text).to_have_value("Sorry, Jo.\nCall 911 if it gets worse.")
    await expect(choice).to_have_value("")
    await expect(text).to_be_focused()
    await choice.select_option("3")  # there is no room for it again
    await expect(text).to_have_value("Sorry, Jo.\nCall 911 if it gets worse.")
    await expect(page.locator("#announce-polite")).to_have_text(
        "There is no room left for that reply."
    )
