"""The pending-for counters in a real browser: server time decides, whatever the computer's clock says."""

import asyncio
import re
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from dispatch.usecases.claims import ClaimRequest, claim_request
from tests.journeys.console import Console

BOARD = "/scheduling/requests"
TARGET = 300.0
THREE_HOURS = 3 * 3600

# A computer whose clock is wrong, in every place where a script can read it; the true time is kept aside.
WRONG_CLOCK = """
(() => {
  const off = HOURS * 3600 * 1000;
  const truth = performance.timeOrigin;
  window.trueNow = () => truth + performance.now();
  const RealDate = Date;
  window.Date = class extends RealDate {
    constructor(...given) { given.length ? super(...given) : super(RealDate.now() + off); }
    static now() { return RealDate.now() + off; }
  };
  Object.defineProperty(Performance.prototype, "timeOrigin", { get: () => truth + off });
})();
"""

# A tick is due when a second has passed; a busy machine runs a page's timers a little late.
LATE = 0.5

# Twenty times a second: how long the request has been waiting by true time, and what colour it has.
# (Not at each frame: three browsers that paint all the time would be what makes the ticks late.)
SAMPLE = """
({ since, ahead, until }) => new Promise((resolve) => {
  const samples = [];
  const element = document.querySelector("[data-board] elapsed-time");
  const look = () => {
    const waited = (window.trueNow() + ahead - since) / 1000;
    samples.push([waited, element.dataset.urgency, element.closest("[data-counted]").dataset.urgency,
      getComputedStyle(element).color, element.querySelector(".elapsed__digits").textContent]);
    if (waited > until) resolve(samples);
    else setTimeout(look, 50);
  };
  look();
})
"""


def seconds_of(digits: str) -> int:
    parts = [int(part) for part in digits.split(":")]
    return sum(part * 60**power for power, part in enumerate(reversed(parts)))


async def board(console: Console, name: str, hours: float) -> Page:
    """Open a board on a computer whose clock is so many hours wrong."""
    context = await console.enter(name, timezone_id="America/New_York")
    await context.add_init_script(WRONG_CLOCK.replace("HOURS", str(hours)))
    page = await context.new_page()
    await page.goto(BOARD)
    return page


async def waiting_for(console: Console, seconds: float) -> float:
    """Have a request wait that long by the server's clock; return since when, in ms."""
    submitted = (await console.request(await console.desk.ask("Jordan Park"))).submitted_at
    console.clock.ahead += submitted + timedelta(seconds=seconds) - console.clock.now()
    return submitted.timestamp() * 1000


async def test_red_begins_at_five_minutes_of_the_server_on_every_computer(console: Console) -> None:
    # S78 S79 S80 S81 F24
    since = await waiting_for(console, TARGET - 10)
    pages = [
        await board(console, "Rosa Lind", 3),
        await board(console, "Sam Ortiz", -3),
        await board(console, "Tom Vale", 0),
    ]
    ahead = console.clock.ahead.total_seconds() * 1000
    asked = {"since": since, "ahead": ahead, "until": TARGET + LATE + 0.5}
    seen = await asyncio.gather(*(page.evaluate(SAMPLE, asked) for page in pages))
    for samples in seen:
        before = [s for s in samples if s[0] < TARGET - 0.1]
        after = [s for s in samples if s[0] > TARGET + LATE]
        assert before
        assert after
        assert {s[1] for s in before} == {s[2] for s in before} == {"ok"}  # 4:59.9 is green
        assert {s[1] for s in after} == {s[2] for s in after} == {"over"}  # 5:00 is red
        assert {s[3] for s in before}.isdisjoint({s[3] for s in after})  # and looks it
        off = [s[0] - seconds_of(s[4]) for s in samples]
        assert min(off) > -0.1, "a counter ahead of the server's"
        assert max(off) < 1 + LATE, "a counter behind the server's"
    turned = [next(s[0] for s in samples if s[1] == "over") for samples in seen]
    assert all(TARGET - 0.1 <= at <= TARGET + LATE for at in turned), turned
    assert max(turned) - min(turned) < 1  # S80: on all boards within a second


async def test_nothing_but_an_answer_turns_red_back(console: Console) -> None:
    # S80 S83: not a claim, not a reload, not another browser
    number = await console.desk.ask("Jordan Park")
    console.clock.put_on(TARGET + 60)
    page = await board(console, "Rosa Lind", -3)
    row = page.locator(f"[data-board] tr[data-number='{number}']")
    await expect(row).to_have_attribute("data-urgency", "over")
    await console.desk.does("Sam Ortiz", claim_request, ClaimRequest(number, "tab-of-sam"))
    await expect(row.locator(".chip--claim")).to_be_visible()
    await expect(row).to_have_attribute("data-urgency", "over")
    await page.reload()
    await expect(row).to_have_attribute("data-urgency", "over")
    await expect(row.locator(".elapsed__digits")).to_have_text(re.compile("^6:0"))


@pytest.mark.parametrize("hours", [3, -3])
async def test_a_board_that_was_put_to_sleep_is_right_the_moment_it_wakes(
    console: Console, hours: float
) -> None:
    # S82 F24: computed from instants, never counted in ticks
    number = await console.desk.ask("Jordan Park")
    page = await board(console, "Rosa Lind", hours)
    row = page.locator(f"[data-board] tr[data-number='{number}']")
    await expect(row).to_have_attribute("data-urgency", "ok")
    session = await page.context.new_cdp_session(page)
    await session.send("Page.setWebLifecycleState", {"state": "frozen"})
    console.clock.put_on(TARGET + 5)  # the computer slept; its own clocks stood still
    await session.send("Page.setWebLifecycleState", {"state": "active"})
    await page.evaluate("dispatchEvent(new Event('focus'))")
    await expect(row).to_have_attribute("data-urgency", "over", timeout=2000)
    await expect(row.locator(".elapsed__digits")).to_have_text(re.compile("^5:0"))
