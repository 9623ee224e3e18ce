"""Knows when something was first to be seen on a page, by the page's own clock, to the millisecond."""

from playwright.async_api import Page

# All pages of one browser stand on one machine's clock: timeOrigin + now() compares between them.
NOW = "performance.timeOrigin + performance.now()"
_WATCH = """
([name, selector, words]) => {
  window.sightings ??= {};
  const look = () => {
    if (window.sightings[name]) return;
    for (const element of document.querySelectorAll(selector)) {
      if (!element.checkVisibility() || !element.textContent.includes(words)) continue;
      window.sightings[name] = performance.timeOrigin + performance.now();
      return observer.disconnect();
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  look();
}
"""


async def watch(page: Page, name: str, selector: str, words: str = "") -> None:
    """Begin to look for a visible element with those words."""
    await page.evaluate(_WATCH, [name, selector, words])


async def now(page: Page) -> float:
    at: float = await page.evaluate(NOW)
    return at


async def seen(page: Page, name: str) -> float:
    """Return when it was first seen, in ms; wait for it."""
    await page.wait_for_function("name => window.sightings?.[name]", arg=name)
    at: float = await page.evaluate("name => window.sightings[name]", name)
    return at
