"""What is over leaves the page by server time, though no event says so."""

from playwright.async_api import expect

from server.rendering.spoken_time import iso
from tests.builders import NOON, hours, minutes, seconds
from tests.js.conftest import Stage
from tests.js.test_elapsed import at, opened


async def test_a_session_leaves_when_its_time_is_up_by_server_time(stage: Stage) -> None:
    # S81: the computer's own clock is three hours ahead and decides nothing
    ends = NOON + minutes(20)
    main = f'<article data-entity="session:5" data-ends-at="{iso(ends)}">A session</article>'
    page = await opened(stage, main, hours(3))
    session = page.locator("[data-entity='session:5']")
    await at(page, ends - seconds(1))
    await expect(session).not_to_have_attribute("data-over", "")
    await at(page, ends)
    await page.evaluate('import("/static/js/clock.js").then(({ clock }) => clock.tick())')
    await expect(session).to_have_attribute("data-over", "")
