"""An administrator makes a clinic's form in the browser, without a script, and nobody else can."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.form import Condition, Form, QuestionKey, QuestionKind
from tests.web.house import House, words
from tests.web.office import open_office

SMOKES = {"key": 1, "kind": "yes_no", "label": "Smoke?", "required": 1, "board": 1}
HOW_MANY = {"key": 2, "kind": "number", "label": "How many", "condition": "1=Yes", "board": 1}
SIGNS = {
    "key": 3,
    "kind": "several",
    "label": "Signs",
    "options": "Fever\n\n Cough ",
    "help": "All",
}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_office(tmp_path) as opened:
        yield opened


def path(house: House, clinic: str = "Northside") -> str:
    return f"/admin/clinics/{house.desk.clinics[clinic].id}/form"


def fields(*questions: dict[str, Any], do: str = "save", was: int = 0, **more: Any) -> Any:
    """Return what the page sends with these questions on it."""
    placed = {
        f"{part}_{place}": value
        for place, question in enumerate(questions, start=1)
        for part, value in question.items()
    }
    return {"do": do, "was": was, "count": len(questions), "has_note": 1, **placed, **more}


def form(house: House, clinic: str = "Northside") -> Form:
    return house.read(lambda reading: reading.form(house.desk.clinics[clinic].id))


def labels(reply: Any) -> list[str]:
    """Return the questions on the page, in order."""
    return re.findall(r'name="label_\d+" value="([^"]*)"', reply.text)


def test_a_form_is_saved_and_asked_from_then_on(house: House) -> None:  # S9
    reply = house.post(path(house), fields(SMOKES, HOW_MANY, SIGNS))
    assert reply.status_code == 303
    saved = form(house)
    assert saved.version == 1
    one, two, three = saved.questions
    assert (one.kind, one.is_required, one.is_on_board) == (QuestionKind.YES_NO, True, True)
    assert two.condition == Condition(QuestionKey(1), "Yes")
    assert (three.options, three.help, three.is_on_board) == (("Fever", "Cough"), "All", False)
    page = house.get(reply.headers["location"])
    assert "Version 1 is saved." in words(page)
    assert "Version 1, asked now" in words(page)
    house.enter("Jordan Park")
    asked = house.get(f"/requests/new?clinic={house.desk.clinics['Northside'].id}")
    assert "Smoke?" in words(asked)
    assert form(house, "Southside") == Form()


def test_before_anything_is_made_the_page_says_so(house: House) -> None:
    text = words(house.get(path(house)))
    assert "There are no questions" in text
    assert "No form yet Patients write a free note." in text
    assert "Nobody has saved a form for this clinic yet." in text


@pytest.mark.parametrize(
    ("do", "expected"),
    [
        ("up-2", ["How many", "Smoke?", "Signs"]),
        ("down-2", ["Smoke?", "Signs", "How many"]),
        ("up-1", ["Smoke?", "How many", "Signs"]),
        ("down-3", ["Smoke?", "How many", "Signs"]),
        ("remove-1", ["How many", "Signs"]),
        ("add", ["Smoke?", "How many", "Signs", ""]),
        ("preview", ["Smoke?", "How many", "Signs"]),
        ("up-9", ["Smoke?", "How many", "Signs"]),
        ("remove-0", ["Smoke?", "How many", "Signs"]),
        ("remove--1", ["Smoke?", "How many", "Signs"]),
        ("explode", ["Smoke?", "How many", "Signs"]),
        ("", ["Smoke?", "How many", "Signs"]),
    ],
)
def test_every_button_but_save_changes_the_page_alone(
    house: House, do: str, expected: list[str]
) -> None:
    reply = house.post(path(house), fields(SMOKES, HOW_MANY, SIGNS, do=do))
    assert reply.status_code == 200
    assert labels(reply) == expected
    assert "Not saved yet" in words(reply)
    assert form(house) == Form()


def test_a_new_question_has_a_key_of_its_own(house: House) -> None:
    reply = house.post(path(house), fields(SIGNS, SMOKES, do="add"))
    assert re.findall(r'name="key_\d" value="(\d+)"', reply.text) == ["3", "1", "4"]


def test_what_moves_above_the_question_it_depends_on_is_told_at_once(house: House) -> None:
    reply = house.post(path(house), fields(SMOKES, HOW_MANY, do="up-2"))
    assert "Question 1: A question can only depend on one above it." in words(reply)
    assert "(not possible here)" in words(reply)
    gone = house.post(path(house), fields(SMOKES, HOW_MANY, do="remove-1"))
    assert "This depends on a question that is not in the form." in words(gone)


def test_every_mistake_is_shown_where_it_is_and_nothing_is_saved(house: House) -> None:
    blank = {"key": 4, "kind": "choice", "label": " ", "options": "Only one"}
    later = {"key": 5, "kind": "date", "label": "x" * 201, "help": "y" * 501, "condition": "9=Yes"}
    reply = house.post(path(house), fields(SMOKES, blank, later))
    assert reply.status_code == 422
    text = words(reply)
    for sentence in (
        "Question 2: Write the question.",
        "Question 2: Give at least two answers",
        "Question 3: Keep this under 200 characters.",
        "Question 3: Keep this under 500 characters.",
        "Question 3: This depends on a question that is not in the form.",
    ):
        assert sentence in text
    assert "Only one</textarea>" in reply.text
    assert form(house) == Form()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kind": "essay"}, "Choose how it is answered."),
        ({"key": "0"}, "cannot be told from another"),
        ({"key": "x"}, "Enter a whole number."),
        ({"condition": "1=Yes"}, "not in the form"),  # itself
        ({"condition": "x=y=z"}, "not in the form"),
        ({"kind": "several", "options": "\n".join(map(str, range(5_000)))}, "up to 20 answers"),
        ({"kind": "choice", "options": f"a\n{'b' * 101}"}, "under 100 characters"),
        ({"kind": "choice", "options": "Same\nsame"}, "the same"),
    ],
)
def test_what_no_page_of_ours_sends_is_a_sentence(
    house: House, wrong: dict[str, str], sentence: str
) -> None:
    reply = house.post(path(house), fields(SMOKES | wrong))
    assert reply.status_code == 422
    assert sentence in words(reply)
    assert form(house) == Form()


@pytest.mark.parametrize("count", ["13", "999999", "-1", "x"])
def test_a_count_that_cannot_be_is_refused(house: House, count: str) -> None:
    reply = house.post(path(house), fields(SMOKES) | {"count": count})
    assert reply.status_code == 422
    assert form(house) == Form()


def test_twelve_is_full(house: House) -> None:
    many = [{"key": key, "kind": "date", "label": f"Day {key}"} for key in range(1, 13)]
    assert "Add a question" not in words(house.post(path(house), fields(*many, do="preview")))
    assert len(labels(house.post(path(house), fields(*many, do="add")))) == 12
    assert house.post(path(house), fields(*many)).status_code == 303


def test_the_preview_shows_what_the_patient_will_see_of_what_is_not_saved(house: House) -> None:
    reply = house.post(path(house), fields(SMOKES, HOW_MANY, {"key": 3, "kind": "date"}, do="add"))
    preview = reply.text.partition('id="preview"')[2].partition('id="versions"')[0]
    assert 'data-only-if="q1" data-answer="Yes"' in preview
    assert "Only if you answered “Yes” to “Smoke?”" in preview
    assert "Question 3" in preview
    assert "Anything else we should know?" in preview
    assert "<form" not in preview


def test_html_and_control_characters_stay_text(house: House) -> None:
    wicked = "<script>alert(1)</script>\x1b[31m\r\nX: y"
    one = {"key": 1, "kind": "choice", "label": wicked, "help": wicked, "options": f"{wicked}\nb"}
    assert house.post(path(house), fields(one)).status_code == 303
    assert "\x1b" not in form(house).questions[0].label
    assert "<script>alert" not in house.get(path(house)).text
    house.enter("Jordan Park")
    asked = house.get(f"/requests/new?clinic={house.desk.clinics['Northside'].id}")
    assert "<script>alert" not in asked.text
    assert "&lt;script&gt;alert(1)" in asked.text


def test_two_administrators_do_not_overwrite_each_other_unseen(house: House) -> None:
    house.post(path(house), fields(SMOKES))
    late = house.post(path(house), fields(SIGNS))
    assert late.status_code == 409
    assert "Somebody saved version 1 of this form while you were writing." in words(late)
    assert labels(late) == ["Signs"]
    assert 'name="was" value="1"' in late.text
    assert len(form(house).questions) == 1
    assert house.post(path(house), fields(SIGNS, was=1)).status_code == 303
    assert form(house).version == 2


def test_pressing_save_twice_is_one_version(house: House) -> None:
    for _ in range(2):
        assert house.post(path(house), fields(SMOKES)).status_code == 303
    assert form(house).version == 1


def test_an_earlier_version_can_be_started_from(house: House) -> None:  # S9
    house.post(path(house), fields(SMOKES))
    house.post(path(house), fields(SIGNS, was=1))
    listed = words(house.get(path(house)))
    assert "Start from this one : version 1" in listed
    assert "Ruth Gold" in listed
    old = house.get(f"{path(house)}?version=1")
    assert labels(old) == ["Smoke?"]
    assert "Not saved yet" in words(old)
    assert 'name="was" value="2"' in old.text
    for no_version in ("0", "99", "-1", "x", "9" * 30, "²"):
        assert labels(house.get(f"{path(house)}?version={no_version}")) == ["Signs"]


def test_a_script_gets_json(house: House) -> None:
    json = {"accept": "application/json"}
    refused = house.post(path(house), fields({"key": 1, "kind": "date", "label": ""}), **json)
    assert (refused.status_code, refused.json()["field"]) == (422, "label_1")
    done = house.post(path(house), fields(SMOKES), **json)
    assert done.json()["location"].endswith("/form?saved=1")
    assert house.post(path(house), fields(SIGNS), **json).status_code == 409


@pytest.mark.parametrize("who", ["Sam Ortiz", "Ana Ruiz", "Jordan Park"])
def test_only_administrators_come_in(house: House, who: str) -> None:
    house.enter(who)
    assert house.get(path(house)).status_code == 403
    assert house.post(path(house), fields(SMOKES)).status_code == 403
    assert form(house) == Form()


def test_a_clinic_that_is_not_there_is_not_found(house: House) -> None:
    for number in ("999", "9" * 17):
        assert house.get(f"/admin/clinics/{number}/form").status_code == 404
        assert house.post(f"/admin/clinics/{number}/form", fields(SMOKES)).status_code == 404
