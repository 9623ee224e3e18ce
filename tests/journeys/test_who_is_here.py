"""A station stays signed in all day: who is there turns on its page by itself."""

from playwright.async_api import expect

from tests.journeys.console import Console


async def test_who_is_here_now_is_looked_up_again_each_minute(console: Console) -> None:
    # V1 S39
    page = await console.open("Jordan Park", "/requests")
    await page.clock.install()
    await page.goto("/requests/now")
    max_roy = page.locator(".card").filter(has_text="Max Roy")
    await expect(max_roy).to_contain_text("Not Available")
    await console.desk.toggle("Max Roy")
    await page.clock.fast_forward("01:01")
    ask = max_roy.get_by_role("link", name="Request Session Now with Max Roy")
    await expect(ask).to_be_visible()
    await ask.focus()
    await console.desk.toggle("Lee Chen")  # stands before Max Roy
    await page.clock.fast_forward("01:01")
    await expect(page.locator(".card").first).to_contain_text("Lee Chen")
    await expect(ask).to_be_focused()
    await console.desk.toggle("Max Roy", False)
    await page.clock.fast_forward("01:01")
    await expect(ask).to_have_count(0)
