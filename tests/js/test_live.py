"""The socket: taken up where it broke, honest about how live the page is, and silent when it should stop."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.builders import NOON, seconds
from tests.js.conftest import Stage, milliseconds

VIEW = {"stream": "host:7", "projection": "host", "seq": 10, "tag": "t10"}
PLACE = '<div data-place="request"><p data-entity="request:1" data-order="1">Somebody</p></div>'


async def opened(stage: Stage, **given: Any) -> Page:
    page = await stage.open(PLACE, live=[VIEW], **given)
    await expect(page.locator("live-status")).to_have_text("Live")
    return page


async def in_held_time(stage: Stage) -> Page:
    """Open the page on a computer whose time runs only when the test says so."""
    await stage.context.clock.install()
    page = await opened(stage)
    await stage.context.clock.pause_at(await page.evaluate("Date.now() / 1000 + 0.5"))
    stage.live.heartbeat(await now(page))
    return page


async def now(page: Page) -> Any:
    at = await page.evaluate("import('/static/js/clock.js').then(({ clock }) => clock.now())")
    return NOON + seconds((at - milliseconds(NOON)) / 1000)


async def test_the_page_says_what_it_shows_and_how_far_it_has_read(stage: Stage) -> None:
    await opened(stage)
    [hello] = stage.live.asked("hello")
    assert hello["views"] == [{**VIEW, "view": "page"}]
    assert 8 <= len(hello["tab"]) <= 64


async def test_a_broken_line_is_taken_up_where_it_broke_by_the_same_tab(stage: Stage) -> None:
    # S90
    page = await opened(stage)
    stage.live.say(
        type="frame", stream="host:7", projection="host", after=10, seq=14, tag="t14", ops=[]
    )
    await page.wait_for_function("document.querySelector('main').dataset.live.includes('t14')")
    await stage.live.lines[-1].close(code=1012)
    await stage.until(page, lambda: len(stage.live.asked("hello")) == 2)
    first, second = stage.live.asked("hello")
    assert second["views"] == [{**VIEW, "seq": 14, "tag": "t14", "view": "page"}]
    assert second["tab"] == first["tab"]


ANEW = '<div id="anew" hidden><p></p><button>Close</button></div>'


def shown_anew(stage: Stage, why: str, **more: Any) -> None:
    stage.live.say(
        **{"type": "frame", "stream": "host:7", "projection": "host", "after": None, "seq": 9}
        | {"tag": "t9", "ops": [], "why": why}
        | more
    )


async def test_a_log_that_went_back_is_said_until_it_is_closed(stage: Stage) -> None:
    # S90: who answered something just before has to know that it may be lost
    await stage.context.clock.install()
    page = await stage.open(ANEW + PLACE, live=[VIEW])
    notice = page.locator("#anew")
    shown_anew(stage, "new")
    await expect(page.locator("[data-entity]")).to_have_count(0)
    await expect(notice).to_be_hidden()
    shown_anew(stage, "history")
    await expect(notice).to_contain_text("At 7:00am EST, the clinic’s records went back")
    await expect(notice).to_contain_text("may be missing: please check them")
    heard = page.locator("#announce-assertive")
    await expect(heard).to_contain_text("records went back to an earlier state")
    shown_anew(stage, "lagging", seq=10)
    await page.wait_for_function("document.querySelector('main').dataset.live.includes('10')")
    await stage.context.clock.run_for(60_000)
    await expect(notice).to_contain_text("went back")
    await notice.get_by_role("button").click()
    await expect(notice).to_be_hidden()


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("behind", "This page was away for long."),
        ("lagging", "This page could not keep up."),
        ("hole", "The server could not tell this page what had changed."),
    ],
)
async def test_why_everything_moved_at_once_is_said_for_a_while(
    stage: Stage, why: str, words: str
) -> None:
    await stage.context.clock.install()
    page = await stage.open(ANEW + PLACE, live=[VIEW])
    notice = page.locator("#anew")
    shown_anew(stage, why)
    await expect(notice).to_have_text(f"{words} It now shows everything as it is.Close")
    await expect(page.locator("#announce-polite")).to_contain_text(words)
    await stage.context.clock.run_for(16_000)
    await expect(notice).to_be_hidden()


async def test_a_duplicated_tab_takes_a_name_of_its_own(stage: Stage) -> None:
    page = await opened(stage)
    name = await page.evaluate("sessionStorage.getItem('dispatch-tab')")
    twin = await stage.open(
        PLACE, page_name="twin"
    )  # not live yet: first give it the other's memory
    await twin.evaluate("name => sessionStorage.setItem('dispatch-tab', name)", name)
    found = await twin.evaluate("import('/static/js/tab.js').then(({ tabName }) => tabName())")
    assert found != name


async def test_no_heartbeat_for_ten_seconds_is_not_live_and_the_page_says_so(stage: Stage) -> None:
    page = await in_held_time(stage)
    status, body = page.locator("live-status"), page.locator("body")
    await stage.context.clock.run_for(9000)
    await expect(status).to_have_text("Live")
    await stage.context.clock.run_for(2000)
    await expect(status).to_contain_text("Not live since")
    await expect(status).to_contain_text("This page may be out of date")
    await expect(body).to_have_attribute("data-connection", "not-live")
    await expect(page.locator("#announce-assertive")).to_contain_text("Not live since")
    opacity = await page.locator("[data-place]").evaluate(
        "place => getComputedStyle(place).opacity"
    )
    assert float(opacity) < 1
    stage.live.heartbeat(await now(page))
    await expect(status).to_have_text("Live")


async def test_heads_read_long_ago_are_not_live_however_often_they_come(stage: Stage) -> None:
    page = await in_held_time(stage)
    read_at = milliseconds(await now(page))
    for _ in range(3):
        await stage.context.clock.run_for(4000)
        stage.live.heartbeat(
            await now(page), read_at=read_at
        )  # the database is away, the server is not
    await expect(page.locator("live-status")).to_contain_text("Not live since")


async def test_a_silent_line_is_given_up_and_another_one_opened(stage: Stage) -> None:
    page = await in_held_time(stage)
    await stage.context.clock.run_for(13_000)
    await stage.context.clock.run_for(1_000)
    await stage.until(page, lambda: len(stage.live.lines) >= 2)


async def test_redis_away_is_live_but_slower(stage: Stage) -> None:
    # S89
    page = await opened(stage)
    stage.live.heartbeat(mode="slower")
    await expect(page.locator("live-status")).to_have_text("Live (slower)")


@pytest.mark.parametrize(
    ("code", "words", "empties"),
    [
        (4401, "You are signed out. Sign in again to go on.Sign in", False),
        (4403, "You may no longer see this page.Reload", True),
        (4409, "This page is open in another place.Reload", False),
        (4429, "You have too many pages open. Close some, then reload this one.Reload", False),
    ],
)
async def test_an_end_that_is_meant_is_kept(
    stage: Stage, code: int, words: str, empties: bool
) -> None:
    page = await opened(stage)
    await stage.live.lines[-1].close(code=code)
    await expect(page.locator("live-status")).to_have_text(words)
    await page.evaluate("() => dispatchEvent(new Event('online'))")
    await page.evaluate("new Promise(requestAnimationFrame)")
    assert len(stage.live.lines) == 1
    await expect(page.locator("[data-entity]")).to_have_count(0 if empties else 1)


async def test_changed_memberships_load_the_page_anew(stage: Stage) -> None:
    page = await opened(stage)
    async with page.expect_navigation():
        await stage.live.lines[-1].close(code=4410)


async def test_memberships_that_change_all_the_time_load_the_page_with_growing_waits(
    stage: Stage,
) -> None:
    page = await opened(stage)
    async with page.expect_navigation():
        await stage.live.lines[-1].close(code=4410)
    await expect(page.locator("live-status")).to_have_text("Live")
    await page.evaluate("Math.random = () => 0.25")  # of at most two seconds
    asked = len(stage.live.lines)
    await stage.live.lines[-1].close(code=4410)
    await expect(page.locator("live-status")).to_contain_text("What you may see has changed")
    async with page.expect_navigation():
        pass
    await stage.until(page, lambda: len(stage.live.lines) == asked + 1)


async def test_hello_says_what_the_page_was_loaded_with(stage: Stage) -> None:
    await opened(stage, rights="0123456789abcdef")
    [hello] = stage.live.asked("hello")
    assert hello["rights"] == "0123456789abcdef"


async def test_a_protocol_that_was_broken_reloads_once_and_then_stops(stage: Stage) -> None:
    page = await opened(stage)
    async with page.expect_navigation():
        await stage.live.lines[-1].close(code=4400)
    await expect(page.locator("live-status")).to_have_text("Live")
    await stage.live.lines[-1].close(code=4400)
    await expect(page.locator("live-status")).to_contain_text("do not understand each other")


async def test_the_wait_grows_is_random_and_ends_at_twenty_seconds(stage: Stage) -> None:
    page = await stage.open()
    longest, shortest = await page.evaluate(
        """async () => {
            const { backoff } = await import("/static/js/backoff.js");
            const attempts = [0, 1, 2, 3, 4, 5, 6, 50];
            return [attempts.map((n) => backoff(n, () => 1)), attempts.map((n) => backoff(n, () => 0))];
        }"""
    )
    assert longest == [1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000]
    assert shortest == [0] * 8


async def test_how_far_a_page_may_be_trusted(stage: Stage) -> None:
    page = await stage.open()
    cases: dict[str, dict[str, object]] = {
        "checking": {"isOpen": False, "readAt": None},
        "live": {},
        "slower": {"mode": "slower"},
        "not-live": {"heartbeatAt": -10_000},
        "reconnecting": {"isOpen": False, "lostAt": -3000},
        "stopped": {"ended": {"state": "stopped", "words": "Enough."}, "heartbeatAt": -90_000},
    }
    for state, signs in cases.items():
        given: dict[str, object] = {
            "isOpen": True,
            "isOnline": True,
            "lostAt": 0,
            "heartbeatAt": 0,
            "readAt": 0,
            "mode": "live",
        }
        given |= {"ended": None, "asOf": "10:42am EST"} | signs
        found = await page.evaluate(
            "signs => import('/static/js/connection.js').then(({ assess }) => assess(signs, 0, 0))",
            given,
        )
        assert found["state"] == state
        assert found["words"]


async def test_times_are_in_the_zone_of_the_viewer_and_name_it(stage: Stage) -> None:
    # S91 S92: one instant in two winters' zones, and both halves of a night when clocks go back
    page = await stage.open(
        '<time datetime="2026-11-23T19:30:00Z" data-format="time">x</time>'
        '<time datetime="2026-11-24T19:30:00Z" data-format="time">x</time>'
        '<time datetime="2026-11-01T05:30:00Z" data-format="datetime">x</time>'
        '<time datetime="2026-11-01T06:30:00Z" data-format="datetime">x</time>'
        '<time datetime="2027-01-05T12:00:00Z" data-format="day">x</time>'
    )
    await expect(page.locator("time")).to_have_text(
        [
            "2:30pm EST",
            "Tue 24 Nov, 2:30pm EST",
            "Sun 1 Nov, 1:30am EDT",
            "Sun 1 Nov, 1:30am EST",
            "Tue 5 Jan 2027",
        ]
    )
    berlin = await stage.open(
        '<time datetime="2026-11-23T19:30:00Z" data-format="time">x</time>', zone="Europe/Berlin"
    )
    await expect(berlin.locator("time")).to_have_text("8:30pm CET")
