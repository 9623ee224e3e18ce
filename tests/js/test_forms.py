"""A form is sent once, says what is going on, and loses nothing that was typed."""

from typing import Any

from playwright.async_api import Page, expect

from tests.js.conftest import Stage

FORM = """<form method="post" action="/requests/5/acceptance" data-fetch>
  <input type="hidden" name="version" value="3"><input type="hidden" name="tab" value="">
  <label>Note <textarea name="response"></textarea></label>
  <button name="time" value="now" data-busy-text="Accepting…" data-confirm-text="Accept anyway">Accept and start</button>
  <button formaction="/requests/5/decline">Decline</button></form>"""
DONE = (200, {"ok": True, "number": 5, "was_there": False, "location": "/stage"})
VIEW = {"stream": "host:7", "projection": "host", "seq": 10, "tag": "t10"}


def refused(code: str, sentence: str, status: int = 409, **more: Any) -> tuple[int, dict[str, Any]]:
    return status, {
        "ok": False,
        "code": code,
        "sentence": sentence,
        "field": "",
        "confirm": [],
    } | more


async def opened(stage: Stage, *answers: Any, path: str = "/requests/5/acceptance") -> Page:
    stage.answers[path] = list(answers)
    page = await stage.open(FORM, live=[VIEW])
    await expect(page.locator("live-status")).to_have_text("Live")
    await page.locator("textarea").fill("See you soon")
    return page


async def test_a_form_is_sent_with_a_key_and_the_name_of_the_page(stage: Stage) -> None:
    page = await opened(stage, DONE)
    await page.get_by_role("button", name="Accept and start").click()
    await stage.until(page, lambda: stage.posted)
    [sent] = stage.posted
    assert sent | {"version": "3", "response": "See you soon", "time": "now"} == sent
    assert sent["tab"] == await page.evaluate("sessionStorage.getItem('dispatch-tab')")
    assert len(sent["key"]) >= 32


async def test_pressing_twice_sends_once_and_the_button_says_what_is_going_on(stage: Stage) -> None:
    page = await opened(stage, DONE, DONE)
    await page.evaluate(
        "document.querySelector('button').click(); document.querySelector('button').click()"
    )
    await expect(page.locator("button").first).to_have_text("Accept and start")
    await stage.until(page, lambda: stage.posted)
    assert len(stage.posted) == 1
    await expect(page.locator("#announce-polite")).to_have_text("Accepting…")


async def test_the_other_button_goes_where_it_says(stage: Stage) -> None:
    page = await opened(stage, DONE, path="/requests/5/decline")
    await page.get_by_role("button", name="Decline").click()
    await stage.until(page, lambda: stage.posted)
    assert stage.posted[0]["path"] == "/requests/5/decline"
    assert "time" not in stage.posted[0]


async def test_a_lost_answer_is_asked_about_with_the_same_key(stage: Stage) -> None:
    page = await opened(stage, None, (503, {}), DONE)
    await page.get_by_role("button", name="Accept and start").click()
    await expect(page.locator("[data-summary]")).to_have_text(
        "We don't know if that went through. Checking…"
    )
    await expect(page.locator("[data-summary]")).to_be_hidden()
    assert len(stage.posted) == 3
    assert len({sent["key"] for sent in stage.posted}) == 1


async def test_a_server_without_its_records_is_believed_at_once_and_asked_again_when_pressed(
    stage: Stage,
) -> None:
    sentence = "We can't reach our records just now. Nothing was changed. Try again."
    page = await opened(stage, refused("away", sentence, 503), DONE)
    await page.get_by_role("button", name="Accept and start").click()
    await expect(page.locator("[data-summary]")).to_have_text(sentence)
    await expect(page.locator("textarea")).to_have_value("See you soon")
    assert len(stage.posted) == 1
    await page.get_by_role("button", name="Accept and start").click()
    await stage.until(page, lambda: len(stage.posted) == 2)
    assert len({sent["key"] for sent in stage.posted}) == 1


async def test_who_was_first_is_said_and_the_text_stays(stage: Stage) -> None:
    # S65
    page = await opened(
        stage, refused("already_decided", "Ana accepted this for Dr Lee at 10:42am EST.")
    )
    await page.get_by_role("button", name="Accept and start").click()
    await expect(page.get_by_role("alert").filter(has_text="Ana accepted")).to_be_visible()
    await expect(page.locator("textarea")).to_have_value("See you soon")


async def test_a_field_to_blame_is_pointed_at_and_a_new_try_is_a_new_key(stage: Stage) -> None:
    page = await opened(
        stage, refused("invalid", "Keep the reply short.", 422, field="response"), DONE
    )
    await page.get_by_role("button", name="Accept and start").click()
    field = page.locator("textarea")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_be_focused()
    await expect(field).to_have_accessible_description("Keep the reply short.")
    await field.fill("Soon")
    async with page.expect_response(lambda answer: answer.request.method == "POST"):
        await page.get_by_role("button", name="Accept and start").click()
    await expect(field).not_to_have_attribute("aria-invalid", "true")
    assert stage.posted[0]["key"] != stage.posted[1]["key"]


async def test_what_needs_a_second_look_is_asked_inline(stage: Stage) -> None:
    # S53 S66
    question = refused(
        "needs_confirmation", "Lee has another session. Accept anyway?", confirm=["session:4"]
    )
    page = await opened(stage, question, DONE)
    await page.get_by_role("button", name="Accept and start").click()
    await page.get_by_role("button", name="Accept anyway").click()
    await stage.until(page, lambda: len(stage.posted) == 2)
    again = stage.posted[1]
    assert again | {"confirm": "session:4", "time": "now", "response": "See you soon"} == again


async def test_signed_out_keeps_the_page_and_what_was_typed(stage: Stage) -> None:
    page = await opened(stage, refused("signed_out", "You are signed out.", 401))
    await page.get_by_role("button", name="Accept and start").click()
    link = page.get_by_role("link", name="Sign in in a new tab")
    await expect(link).to_have_attribute("target", "_blank")
    await expect(page.locator("textarea")).to_have_value("See you soon")


async def test_done_elsewhere_goes_there(stage: Stage) -> None:
    page = await opened(stage, (200, {"ok": True, "location": "/elsewhere"}))
    async with page.expect_navigation(url="**/elsewhere"):
        await page.get_by_role("button", name="Accept and start").click()


async def test_commands_wait_while_the_page_is_not_live_where_that_matters(stage: Stage) -> None:
    page = await opened(stage, DONE)
    await page.evaluate(
        """async () => {
            document.querySelector("form").dataset.needsLive = "";
            const { connection } = await import("/static/js/connection.js");
            connection.note({ heartbeatAt: -60_000 });
        }"""
    )
    await page.get_by_role("button", name="Accept and start").click()
    await expect(page.locator("[data-summary]")).to_contain_text("Not live since")
    assert stage.posted == []
    await expect(page.locator("textarea")).to_have_value("See you soon")


async def test_a_change_of_the_card_does_not_take_the_refusal_away(stage: Stage) -> None:
    page = await opened(
        stage, refused("changed_meanwhile", "This request changed since you looked.")
    )
    await page.get_by_role("button", name="Accept and start").click()
    await expect(page.locator("[data-summary]")).to_have_text(
        "This request changed since you looked."
    )
    await page.evaluate(
        """async (html) => {
            const { morph } = await import("/static/js/morph.js");
            const { parse } = await import("/static/js/markup.js");
            morph(document.querySelector("form"), parse(html).firstElementChild);
        }""",
        FORM.replace('value="3"', 'value="4"'),
    )
    await expect(page.locator("[data-summary]")).to_have_text(
        "This request changed since you looked."
    )
    assert await page.evaluate("document.querySelector('[name=version]').value") == "4"
