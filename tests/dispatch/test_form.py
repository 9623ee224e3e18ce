"""What a form must be before anybody is asked: every fault has its place and a sentence."""

import pytest

from dispatch.form import (
    HELP_LIMIT,
    LABEL_LIMIT,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    OPTION_LIMIT,
    Question,
    QuestionKind,
    faults,
    tidy,
)
from tests.builders import a_question

SMOKES = a_question(1, kind=QuestionKind.YES_NO, label="Do you smoke?")
CHOICE = {"kind": QuestionKind.CHOICE, "options": ("Here", "There")}


def test_a_form_of_every_kind_has_no_fault() -> None:  # S9
    questions = [
        SMOKES,
        a_question(2, label="How many a day?", kind=QuestionKind.NUMBER, only_if=(1, "Yes")),
        a_question(3, kind=QuestionKind.LONG_TEXT),
        a_question(4, **CHOICE),
        a_question(5, kind=QuestionKind.SEVERAL, options=("Fever", "Cough"), only_if=(4, "Here")),
        a_question(6, kind=QuestionKind.DATE, only_if=(5, "Cough")),
        a_question(7, kind=QuestionKind.CONSENT, is_required=True),
        a_question(8, only_if=(7, "Agreed")),
    ]
    assert faults(questions) == {}


def test_no_question_at_all_is_a_form() -> None:  # S10
    assert faults([]) == {}


@pytest.mark.parametrize(
    ("question", "part", "word"),
    [
        (a_question(2, label=""), "label_2", "Write the question"),
        (a_question(2, label="x" * (LABEL_LIMIT + 1)), "label_2", "200 characters"),
        (a_question(2, help="x" * (HELP_LIMIT + 1)), "help_2", "500 characters"),
        (a_question(1), "label_2", "cannot be told from another"),
        (a_question(0), "label_2", "cannot be told from another"),
        (a_question(10_000), "label_2", "cannot be told from another"),
        (a_question(2, kind=QuestionKind.CHOICE), "options_2", "at least two"),
        (a_question(2, **CHOICE | {"options": ("One", "ONE")}), "options_2", "the same"),
        (
            a_question(2, **CHOICE | {"options": ("a", "x" * (OPTION_LIMIT + 1))}),
            "options_2",
            "100",
        ),
        (a_question(2, options=("a", "b")), "options_2", "has answers"),
        (a_question(2, only_if=(9, "Yes")), "condition_2", "not in the form"),
        (a_question(2, only_if=(2, "Yes")), "condition_2", "not in the form"),
        (a_question(2, only_if=(3, "Yes")), "condition_2", "one above it"),
        (a_question(2, only_if=(1, "Perhaps")), "condition_2", "“Perhaps” is not an answer"),
    ],
)
def test_a_fault_is_said_where_it_is(question: Question, part: str, word: str) -> None:
    last = a_question(3, kind=QuestionKind.YES_NO, label="Last")
    found = faults([SMOKES, question, last])
    assert word in found[part]


def test_ten_thousand_options_are_too_many() -> None:
    options = tuple(f"Option {n}" for n in range(10_000))
    found = faults([a_question(1, kind=QuestionKind.SEVERAL, options=options)])
    assert found == {"options_1": f"Give up to {MOST_OPTIONS} answers."}
    assert faults([a_question(1, kind=QuestionKind.SEVERAL, options=options[:MOST_OPTIONS])]) == {}


def test_twelve_questions_are_the_most() -> None:
    questions = [a_question(key) for key in range(1, MOST_QUESTIONS + 2)]
    assert "up to 12 questions" in faults(questions)[""]
    assert faults(questions[1:]) == {}


def test_nothing_depends_on_what_is_written_freely() -> None:
    found = faults([a_question(1, label="Where?"), a_question(2, only_if=(1, "Home"))])
    assert found["condition_2"].startswith("“Where?” has no answers to choose from")


def test_conditions_cannot_go_round() -> None:
    one = a_question(1, kind=QuestionKind.YES_NO, only_if=(2, "Yes"))
    two = a_question(2, kind=QuestionKind.YES_NO, only_if=(1, "Yes"))
    assert [*faults([one, two])] == ["condition_1"]
    assert [*faults([two, one])] == ["condition_1"]


def test_a_question_is_kept_without_what_nobody_sees() -> None:
    typed = a_question(
        1,
        kind=QuestionKind.CHOICE,
        label="  Where\x00 is\x1b[31m\nit? ",
        help="One\x07\nTwo",
        options=(" left  side ", "", "right\x08"),
    )
    kept = tidy(typed)
    assert (kept.label, kept.help) == ("Where is[31m it?", "One\nTwo")
    assert kept.options == ("left side", "right")
