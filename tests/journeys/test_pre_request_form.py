"""A clinic's form in the browsers of everybody: made, answered, read, and made anew meanwhile."""

import pytest
from playwright.async_api import Dialog, Locator, Page, expect

from dispatch.form import Form, Question, QuestionKind
from dispatch.usecases.forms import SaveForm, save_form
from dispatch.vocabulary import RequestNumber
from tests.builders import a_question
from tests.journeys.board_page import BOARD, row
from tests.journeys.console import ADMINISTRATOR, Console
from tests.journeys.test_main_job import assign

ALLERGIC = a_question(1, kind=QuestionKind.YES_NO, label="Allergies?", is_required=True)
WHICH = a_question(2, label="Which ones?", is_required=True, only_if=(1, "Yes"))
SINCE = a_question(3, label="Since when?", only_if=(1, "No"))
PILLS = a_question(4, kind=QuestionKind.LONG_TEXT, label="Medicines", is_on_board=False)
WITH_AND_WITHOUT = pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])


async def save(console: Console, *questions: Question, was: int = 0) -> None:
    command = SaveForm(console.desk.clinics["Northside"].id, was, questions)
    await console.desk.does(ADMINISTRATOR, save_form, command)


async def form_of(console: Console, clinic: str) -> Form:
    clinic_id = console.desk.clinics[clinic].id
    return await console.desk.store.read(lambda reading: reading.form(clinic_id))


async def asking(console: Console, *, scripts: bool = True) -> Page:
    """Return the page on which Jordan asks to be seen at Northside, all but the questions filled."""
    jordan = await (await console.enter("Jordan Park", java_script_enabled=scripts)).new_page()
    await jordan.goto(f"/requests/new?clinic={console.desk.clinics['Northside'].id}")
    await jordan.get_by_label("Urgent care visit").check()
    await jordan.locator("#type-now").check()
    return jordan


def question(page: Page, label: str) -> Locator:
    return page.locator(".question", has_text=label)


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name).click()


async def send(page: Page) -> None:
    await press(page, "Send request")


@WITH_AND_WITHOUT
async def test_an_administrator_makes_a_form_from_nothing(console: Console, scripts: bool) -> None:
    # S9
    clinic = console.desk.clinics["Northside"].id
    context = await console.enter(ADMINISTRATOR, java_script_enabled=scripts)
    page = await context.new_page()
    await page.goto("/admin/clinics")
    await page.goto(f"/admin/clinics/{clinic}")
    await page.get_by_role("link", name="Form", exact=True).click()
    await press(page, "Add a question")
    await page.get_by_label("Question", exact=True).fill("Which side?")
    await page.get_by_label("Answered with").select_option("One of several answers")
    await page.get_by_label("Answers to choose from").fill("Left\nRight")
    await press(page, "Add a question")
    second = page.locator("#question-2")
    await expect(page.locator("#label_2")).to_be_focused()
    await second.get_by_label("Question", exact=True).fill("Can you hear?")
    await second.get_by_label("Shown", exact=True).select_option("Left")
    await second.get_by_label("Has to be answered").check()
    await press(page, "Up question 2")
    await expect(page.locator(".error-summary")).to_contain_text("depend on one above it")
    await press(page, "Down question 1")
    await expect(page.locator(".error-summary")).to_have_count(0)
    assert await form_of(console, "Northside") == Form()
    await press(page, "Save as version 1")
    await expect(page.locator(".notice--good")).to_contain_text("Version 1 is saved.")
    one, two = (await form_of(console, "Northside")).questions
    assert (one.label, one.options) == ("Which side?", ("Left", "Right"))
    assert two.condition
    assert (two.label, two.condition.answer, two.is_required) == ("Can you hear?", "Left", True)


async def test_the_browser_asks_before_a_form_that_is_not_saved_is_left(console: Console) -> None:
    page = await (await console.enter(ADMINISTRATOR)).new_page()
    await page.goto(f"/admin/clinics/{console.desk.clinics['Northside'].id}/form")
    await press(page, "Add a question")
    await page.get_by_label("Question", exact=True).fill("Which side?")
    asked: list[str] = []

    async def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    page.on("dialog", stay)
    await page.get_by_role("link", name="People").click()
    await expect(page.get_by_label("Question", exact=True)).to_have_value("Which side?")
    assert asked == ["beforeunload"]
    await press(page, "Save as version 1")
    await expect(page.locator(".notice--good")).to_be_visible()
    await page.get_by_role("link", name="People").click()
    await page.wait_for_url("**/admin/people")
    assert asked == ["beforeunload"]


async def test_questions_show_as_the_answers_call_for_them(console: Console) -> None:
    await save(console, ALLERGIC, WHICH, SINCE, PILLS)
    jordan = await asking(console)
    which, since = question(jordan, "Which ones?"), question(jordan, "Since when?")
    await expect(which).to_be_hidden()
    await expect(since).to_be_hidden()
    await question(jordan, "Allergies?").get_by_label("Yes").check()
    await expect(which).to_be_visible()
    await expect(since).to_be_hidden()
    await expect(jordan.get_by_text("Only if you answered")).to_have_count(2)
    await expect(jordan.get_by_text("Only if you answered").first).to_be_hidden()
    await which.get_by_role("textbox").fill("Penicillin")
    await question(jordan, "Allergies?").get_by_label("No").check()
    await expect(which).to_be_hidden()
    await expect(since).to_be_visible()
    await send(jordan)
    await jordan.wait_for_url("**/requests/1001")
    assert (await console.request(1001)).note == "Allergies? No"


async def test_answers_reach_the_board_the_dialog_and_the_provider_at_once(
    console: Console,
) -> None:
    # S9 S77 S85
    await save(console, ALLERGIC, WHICH, PILLS)
    rosa = await console.open("Rosa Lind", BOARD)
    lee = await console.open("Lee Chen", "/dashboard")
    jordan = await asking(console)
    await question(jordan, "Allergies?").get_by_label("Yes").check()
    await question(jordan, "Which ones?").get_by_role("textbox").fill("Latex & <b>bees</b>")
    await question(jordan, "Medicines").get_by_role("textbox").fill("Aspirin")
    await send(jordan)
    await jordan.wait_for_url("**/requests/1001")
    await expect(jordan.locator(".given")).to_contain_text("Aspirin")
    note = "Allergies? Yes · Which ones? Latex & <b>bees</b>"
    await expect(row(rosa, 1001).locator(".note")).to_have_text(note)
    dialog = await assign(rosa, 1001)
    await expect(dialog.get_by_text("Aspirin")).to_be_hidden()
    await dialog.get_by_text("Show all answers").click()
    await expect(dialog.get_by_text("Aspirin")).to_be_visible()
    card = lee.locator("[data-place=request] article")
    await card.get_by_text("Show all answers").click()
    await expect(card.get_by_text("Aspirin")).to_be_visible()


async def test_without_a_script_every_question_shows_and_what_is_not_asked_is_not_required(
    console: Console,
) -> None:
    await save(console, ALLERGIC, WHICH)
    jordan = await asking(console, scripts=False)
    which = question(jordan, "Which ones?")
    await expect(which).to_contain_text("Only if you answered “Yes” to “Allergies?”")
    await question(jordan, "Allergies?").get_by_label("Yes").check()
    await send(jordan)
    await expect(jordan.locator(".error-summary")).to_contain_text("Which ones? Answer this")
    await question(jordan, "Allergies?").get_by_label("No").check()
    await send(jordan)
    await jordan.wait_for_url("**/requests/1001")
    assert (await console.request(1001)).note == "Allergies? No"


@WITH_AND_WITHOUT
async def test_a_form_that_changes_while_somebody_writes_keeps_what_still_fits(
    console: Console, scripts: bool
) -> None:
    # S9
    await save(console, ALLERGIC, PILLS)
    jordan = await asking(console, scripts=scripts)
    await question(jordan, "Allergies?").get_by_label("No").check()
    await question(jordan, "Medicines").get_by_role("textbox").fill("Aspirin")
    await save(console, PILLS, a_question(5, label="How tall?", is_required=True), was=1)
    await send(jordan)
    problem = jordan.locator(".error-summary")
    await expect(problem).to_contain_text("The clinic changed its questions")
    await expect(question(jordan, "Medicines").get_by_role("textbox")).to_have_value("Aspirin")
    await question(jordan, "How tall?").get_by_role("textbox").fill("Tall enough")
    await send(jordan)
    await jordan.wait_for_url("**/requests/1001")
    request = await console.request(1001)
    assert (request.number, request.note) == (RequestNumber(1001), "How tall? Tall enough")


async def test_the_preview_asks_as_the_patient_is_asked(console: Console) -> None:
    await save(console, ALLERGIC, WHICH)
    page = await (await console.enter(ADMINISTRATOR)).new_page()
    await page.goto(f"/admin/clinics/{console.desk.clinics['Northside'].id}/form")
    preview = page.locator("#preview")
    await expect(preview.get_by_text("Which ones?")).to_be_hidden()
    await preview.get_by_label("Yes").check()
    await expect(preview.get_by_text("Which ones?")).to_be_visible()
    narrow = await preview.bounding_box()
    await preview.get_by_label("Desktop").check()
    wide = await preview.bounding_box()
    assert narrow
    assert wide
    assert narrow["width"] <= 400 < wide["width"]
