"""Frames become rows: in order, in place, and never under the hands of somebody who types."""

from typing import Any

from playwright.async_api import Page, expect

from tests.js.conftest import Stage

VIEW = {"stream": "host:7", "projection": "host", "seq": 10, "tag": "t10"}


def card(number: int, version: int = 1, extra: str = "", order: int | None = None) -> str:
    return (
        f'<article data-entity="request:{number}" data-version="{version}" data-order="{number if order is None else order:03d}">'
        f'<h3>Request {number} v{version}</h3><form method="post" action="/requests/{number}/acceptance" data-fetch>'
        f'<input type="hidden" name="version" value="{version}"><textarea name="response"></textarea>'
        f'<details><summary>More</summary>more</details><button name="time" value="now">Accept</button></form>{extra}</article>'
    )


def place(*cards: str) -> str:
    return (
        f'<p><span data-count="request">?</span> waiting</p><div data-place="request">{"".join(cards)}</div>'
        f'<p data-empty="request" hidden>Nobody waits.</p>'
    )


async def opened(stage: Stage, *cards: str, **given: Any) -> Page:
    page = await stage.open(place(*cards), live=[VIEW], **given)
    await expect(page.locator("live-status")).to_have_text("Live")
    return page


def ops(stage: Stage, after: int | None, seq: int, *said: dict[str, Any], **more: Any) -> None:
    frame = {
        "type": "frame",
        "stream": "host:7",
        "projection": "host",
        "after": after,
        "seq": seq,
        "tag": f"t{seq}",
    }
    stage.live.say(**frame | {"ops": list(said)} | more)


def put(number: int, version: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "op": "put",
        "entity": f"request:{number}",
        "version": version,
        "html": card(number, version, **more),
    }


def gone(number: int, html: str = "") -> dict[str, Any]:
    return {"op": "gone", "entity": f"request:{number}", "version": 9, "html": html}


async def titles(page: Page) -> list[str]:
    return await page.locator("[data-place] h3").all_text_contents()


async def test_a_new_request_appears_by_itself_and_in_its_place(stage: Stage) -> None:
    # S85 S31
    page = await opened(stage, card(1), card(5))
    ops(stage, 10, 13, put(7), put(3), put(9))
    await expect(page.locator("[data-count]")).to_have_text("5")
    assert await titles(page) == [f"Request {n} v1" for n in (1, 3, 5, 7, 9)]


async def test_the_last_one_leaves_and_the_empty_state_says_so(stage: Stage) -> None:
    # S64
    page = await opened(stage, card(1))
    await expect(page.locator("[data-empty]")).to_be_hidden()
    ops(stage, 10, 11, gone(1))
    await expect(page.locator("[data-empty]")).to_be_visible()
    await expect(page.locator("[data-entity]")).to_have_count(0)


async def test_what_somebody_types_outlives_a_change_of_the_card(stage: Stage) -> None:
    page = await opened(stage, card(1), card(2))
    field = page.locator('[data-entity="request:2"] textarea')
    await field.focus()
    await page.keyboard.type("I will call")
    await page.locator('[data-entity="request:2"] summary').click()
    await field.evaluate(
        "field => { field.focus(); field.setSelectionRange(2, 6); window.field = field; }"
    )
    ops(stage, 10, 11, put(2, 8, extra="<p>Sam is assigning</p>", order=0))
    await expect(page.locator('[data-entity="request:2"]')).to_contain_text("Sam is assigning")
    state = await field.evaluate(
        """field => [field === window.field, document.activeElement === field, field.value,
                     field.selectionStart, field.selectionEnd, field.form.elements.version.value,
                     field.form.querySelector("details").open]"""
    )
    assert state == [True, True, "I will call", 2, 6, "8", True]
    assert await titles(page) == ["Request 2 v8", "Request 1 v1"]  # it moved, too


async def test_data_keep_is_left_alone(stage: Stage) -> None:
    page = await opened(stage, card(1, extra='<div data-keep="draft"><b>mine</b></div>'))
    ops(stage, 10, 11, put(1, 2, extra='<div data-keep="draft"><i>theirs</i></div>'))
    await expect(page.locator("h3")).to_have_text("Request 1 v2")
    assert await page.locator('[data-keep="draft"]').inner_html() == "<b>mine</b>"


async def test_a_page_may_hold_an_arrival_back_and_place_it_later(stage: Stage) -> None:
    page = await opened(stage, card(1), card(9))
    await page.evaluate(
        """() => document.addEventListener("dispatch:before-insert", (event) => {
            event.preventDefault();
            window.waiting = event.detail;
        })"""
    )
    ops(stage, 10, 11, put(4))
    await page.wait_for_function("window.waiting?.entity === 'request:4'")
    assert await titles(page) == ["Request 1 v1", "Request 9 v1"]
    await page.evaluate(
        """async () => {
            const { insertInOrder } = await import("/static/js/places.js");
            insertInOrder(window.waiting.place, window.waiting.element);
        }"""
    )
    assert await titles(page) == ["Request 1 v1", "Request 4 v1", "Request 9 v1"]


async def test_a_page_may_keep_what_leaves_and_hear_how_it_ended(stage: Stage) -> None:
    page = await opened(stage, card(1))
    await page.evaluate(
        """() => document.addEventListener("dispatch:before-remove", (event) => {
            event.preventDefault();
            event.detail.element.replaceChildren(event.detail.outcome);
        })"""
    )
    ops(stage, 10, 11, gone(1, "<span>Accepted by Ana</span>"))
    await expect(page.locator('[data-entity="request:1"]')).to_have_text("Accepted by Ana")
    ops(stage, 11, 12, put(1, 3))  # returned to the queue: alive again in the same place
    await expect(page.locator("h3")).to_have_text("Request 1 v3")


async def test_a_lost_frame_is_asked_for_and_nothing_is_skipped(stage: Stage) -> None:
    page = await opened(stage, card(1))
    ops(stage, 12, 13, put(3))
    await stage.until(page, lambda: stage.live.asked("resume"))
    assert stage.live.asked("resume") == [{**VIEW, "type": "resume", "view": "page"}]
    assert await titles(page) == ["Request 1 v1"]
    ops(stage, 10, 13, put(2), put(3), view="page")
    await expect(page.locator("[data-entity]")).to_have_count(3)


async def test_a_snapshot_that_was_not_asked_for_says_why(stage: Stage) -> None:
    page = await opened(stage, card(1), card(2))
    ops(stage, None, 4, put(2, 5), put(6), why="history", view="page")
    # Seen and heard: the notice is an alert itself.
    await expect(
        page.get_by_role("alert").get_by_text("went back to an earlier state")
    ).to_be_visible()
    assert await titles(page) == ["Request 2 v5", "Request 6 v1"]


async def test_a_claim_shows_until_its_lease_ends_and_mine_says_you(stage: Stage) -> None:
    def chip(person: int, until: str) -> str:
        return f'<p data-claim-person="{person}" data-lease-until="{until}">Ana is assigning</p>'

    page = await opened(
        stage,
        card(1, extra=chip(7, "2026-11-23T12:00:30Z")),
        card(2, extra=chip(8, "2026-11-23T12:00:30Z")),
        card(3, extra=chip(8, "2026-11-23T11:59:59Z")),
    )
    chips = page.locator("[data-claim-person]")
    await expect(chips.nth(0)).to_have_text("You are assigning")
    await expect(chips.nth(1)).to_have_text("Ana is assigning")
    await expect(chips.nth(2)).to_be_hidden()
    stage.live.heartbeat(leases={"clinic:3": {"request:3": 1795435260000}})  # 12:01:00
    await expect(chips.nth(2)).to_be_visible()


async def test_a_fragment_is_shown_once_it_knows_what_the_page_knows(stage: Stage) -> None:
    page = await opened(stage, card(1))
    ops(stage, 10, 12, put(2))
    await expect(page.locator("[data-entity]")).to_have_count(2)
    await page.evaluate(
        """() => {
            const root = document.createElement("div");
            root.id = "dialog";
            root.dataset.live = JSON.stringify([{stream: "host:7", projection: "host", seq: 11, tag: "t11"}]);
            const place = document.createElement("div");
            place.dataset.place = "request";
            root.append(place);
            document.body.append(root);
            Promise.all([import("/static/js/live.js"), import("/static/js/board/level.js")])
              .then(([{ live }, { level }]) => level(live.addView("dialog", root)))
              .then((is) => { window.caughtUp = is; });
        }"""
    )
    await stage.until(page, lambda: stage.live.asked("resume"))
    assert (
        stage.live.asked("resume")[0] | {"seq": 11, "view": "dialog"}
        == stage.live.asked("resume")[0]
    )
    assert await page.evaluate("window.caughtUp") is None
    ops(stage, 11, 12, put(2), view="dialog")
    await page.wait_for_function("window.caughtUp === true")
    await expect(page.locator("#dialog [data-entity]")).to_have_count(1)
    ops(stage, 12, 13, put(5))  # without a view: for every view of the stream
    await expect(page.locator('[data-entity="request:5"]')).to_have_count(2)


async def test_the_keyboard_goes_on_beside_what_left(stage: Stage) -> None:
    page = await opened(stage, card(1), card(2), card(3))
    await page.locator('[data-entity="request:2"] button').focus()
    ops(stage, 10, 11, gone(2))
    await expect(page.locator('[data-entity="request:3"]')).to_be_focused()
    await page.locator('[data-entity="request:3"] button').focus()
    ops(stage, 11, 12, gone(3))
    await expect(page.locator('[data-entity="request:1"]')).to_be_focused()
