"""The pending-for counter: by server time to the tenth of a second, whatever this computer believes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Page

from dispatch.pending import counter_text
from server.rendering.spoken_time import iso
from tests.builders import NOON, hours, minutes, seconds
from tests.js.conftest import Stage


def row(pending: timedelta, nearly: str = "") -> str:
    since = iso(NOON - pending)
    return f'<div data-counted><elapsed-time since="{since}" target-seconds="300"{nearly}>since then</elapsed-time></div>'


async def opened(stage: Stage, main: str, wrong_by: timedelta = timedelta(), **given: Any) -> Page:
    """Open the page on a computer whose clock is wrong by that much, and hold its time still."""
    context = stage.context
    await context.clock.install(time=datetime.now(UTC) + wrong_by)
    page = await stage.open(main, **given)
    await context.clock.pause_at(await page.evaluate("Date.now() / 1000 + 10"))
    return page


async def at(page: Page, now: datetime) -> None:
    """Have the server say what time it is, at this very moment of the page."""
    await page.evaluate(
        """async (now) => {
            const { clock } = await import("/static/js/clock.js");
            const here = clock.monotonic();
            // From another time first: among pongs that agree, the quickest counts, not the last.
            for (const said of [now - 3_600_000, now]) clock.sample({ sent: here, received: here, now: said });
        }""",
        now.timestamp() * 1000,
    )


async def reads(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = await page.evaluate(
        """() => {
            const element = document.querySelector("elapsed-time");
            return {
                digits: element.querySelector("[aria-hidden=true]").textContent,
                words: element.querySelector(".visually-hidden").textContent,
                urgency: element.dataset.urgency,
                row: element.closest("[data-counted]").dataset.urgency,
            };
        }"""
    )
    return found


@pytest.mark.parametrize("wrong_by", [hours(-3), hours(3), minutes(-7), timedelta(days=200)])
async def test_it_turns_red_at_exactly_five_minutes_by_server_time(
    stage: Stage, wrong_by: timedelta
) -> None:
    # S78 S79 S81
    page = await opened(stage, row(timedelta()), wrong_by)
    await at(page, NOON + seconds(299.9))
    assert await reads(page) == {
        "digits": "4:59",
        "words": "waiting 4 minutes, within target",
        "urgency": "ok",
        "row": "ok",
    }
    await stage.context.clock.run_for(99)
    assert (await reads(page))["urgency"] == "ok"
    await stage.context.clock.run_for(1)
    assert await reads(page) == {
        "digits": "5:00",
        "words": "waiting 5 minutes, over target",
        "urgency": "over",
        "row": "over",
    }


async def test_it_counts_each_second_without_a_reload(stage: Stage) -> None:
    # S78
    page = await opened(stage, row(timedelta()))
    await at(page, NOON + seconds(61))
    shown = []
    for _ in range(4):
        shown.append((await reads(page))["digits"])
        await stage.context.clock.run_for(1000)
    assert shown == ["1:01", "1:02", "1:03", "1:04"]


async def test_two_pages_and_a_reload_show_the_same(stage: Stage) -> None:
    # S80: what the page was given says it all; when it was opened does not matter
    first = await opened(stage, row(minutes(3)))
    second = await stage.open(row(minutes(3)))
    for page in (first, second):
        await at(page, NOON + minutes(1))
    assert (await reads(first))["digits"] == (await reads(second))["digits"] == "4:00"
    await first.reload()
    await first.wait_for_function("document.querySelector('elapsed-time [aria-hidden]') !== null")
    await at(first, NOON + minutes(1))
    assert (await reads(first))["digits"] == "4:00"


async def test_the_page_itself_is_the_first_clock(stage: Stage) -> None:
    # S81: before the socket has said a word, on a computer that is three hours late
    page = await opened(stage, row(minutes(2)), hours(-3))
    assert (await reads(page))["digits"].startswith("2:")


async def test_a_page_in_the_background_is_right_when_it_is_seen_again(stage: Stage) -> None:
    # S82
    page = await opened(stage, row(timedelta()))
    await at(page, NOON + minutes(4))
    await page.evaluate(
        "Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true})"
    )
    await stage.context.clock.fast_forward(
        120_000
    )  # timers do not run meanwhile, as in a sleeping tab
    await page.evaluate(
        """() => {
            Object.defineProperty(document, 'visibilityState', {value: 'visible', configurable: true});
            document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )
    assert await reads(page) == {
        "digits": "6:00",
        "words": "waiting 6 minutes, over target",
        "urgency": "over",
        "row": "over",
    }


async def test_a_computer_that_slept_believes_the_next_pong(stage: Stage) -> None:
    # S82: its own clock stood still for ten minutes, and the quickest pong of before is of another time
    page = await opened(stage, row(timedelta()))
    await at(page, NOON + minutes(1))
    await at(page, NOON + minutes(11))
    assert (await reads(page))["digits"] == "11:00"


async def test_red_stays_red(stage: Stage) -> None:
    # S83: not even a correction of the clock makes it green again
    page = await opened(stage, row(timedelta()))
    await at(page, NOON + seconds(301))
    await at(page, NOON + seconds(200))
    assert (await reads(page))["urgency"] == (await reads(page))["row"] == "over"


async def test_going_over_is_said_once_and_only_while_it_happens(stage: Stage) -> None:
    page = await opened(stage, row(minutes(4.9)) + row(minutes(9)))
    await at(page, NOON + seconds(5.5))
    await page.evaluate(
        "() => { window.over = 0; document.addEventListener('dispatch:over', () => { window.over += 1; }); }"
    )
    await stage.context.clock.run_for(400)
    assert await page.evaluate("window.over") == 0
    await stage.context.clock.run_for(5000)
    assert await page.evaluate("window.over") == 1


async def test_amber_only_where_a_clinic_asks_for_it(stage: Stage) -> None:
    page = await opened(stage, row(timedelta(), ' nearly-seconds="240"'))
    for elapsed, urgency in ((239.9, "ok"), (240, "nearly"), (299.9, "nearly"), (300, "over")):
        await at(page, NOON + seconds(elapsed))
        assert (await reads(page))["urgency"] == urgency


async def test_off_the_screen_the_colour_turns_and_the_digits_rest(stage: Stage) -> None:
    tall = '<svg width="10" height="5000"></svg>'
    page = await opened(stage, tall + row(timedelta()))
    await at(page, NOON + seconds(299))
    await stage.context.clock.run_for(600)
    before = await reads(page)
    await stage.context.clock.run_for(600)
    after = await reads(page)
    assert (before["urgency"], after["urgency"]) == ("ok", "over")


async def test_the_sentence_for_listeners_changes_once_a_minute(stage: Stage) -> None:
    page = await opened(stage, row(timedelta()))
    await at(page, NOON + seconds(60))
    await page.evaluate(
        """() => {
            window.said = 0;
            const words = document.querySelector("elapsed-time .visually-hidden");
            new MutationObserver((all) => { window.said += all.length; }).observe(words, {childList: true, subtree: true, characterData: true});
        }"""
    )
    await stage.context.clock.run_for(59_000)
    assert await page.evaluate("window.said") == 0
    await stage.context.clock.run_for(1_100)
    assert await page.evaluate("window.said") == 1


async def test_durations_read_as_the_server_writes_them(stage: Stage) -> None:
    # S84
    page = await stage.open()
    lengths = [0, 9, 59, 60, 299, 3599, 3600, 3729, 86_399, 86_400, 184_200, 10_000_000]
    texts = await page.evaluate(
        """async (lengths) => {
            const { counterText } = await import("/static/js/elements/elapsed-time.js");
            return lengths.map(counterText);
        }""",
        lengths,
    )
    assert texts == [counter_text(timedelta(seconds=length)) for length in lengths]
    assert texts[7] == "1:02:09"
    assert texts[10] == "2 d 03:10"
