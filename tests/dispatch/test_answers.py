"""Answers to a form: what counts, what is refused with a sentence, and what the note says."""

from collections.abc import Mapping

import pytest

from dispatch.answers import LONG_LIMIT, TOTAL_LIMIT, check, note_of, with_note
from dispatch.form import Form, Question, QuestionKind
from tests.builders import a_question

YES_NO, SEVERAL = QuestionKind.YES_NO, QuestionKind.SEVERAL
SMOKES = a_question(1, kind=YES_NO, label="Do you smoke?", is_required=True)
HOW_MANY = a_question(
    2, kind=QuestionKind.NUMBER, label="How many a day", is_required=True, only_if=(1, "Yes")
)
SIGNS = a_question(3, kind=SEVERAL, label="Signs", options=("Fever", "Cough", "Rash"))


def form(*questions: Question) -> Form:
    return Form(1, questions)


def said(asked: Form, given: Mapping[int, str | tuple[str, ...]]) -> str:
    checked = check(asked, {k: (v,) if isinstance(v, str) else v for k, v in given.items()})
    assert not checked.problems, checked.problems
    return note_of(checked.answers)


def refused(question: Question, *values: str) -> str:
    checked = check(form(question), {question.key: values})
    assert not checked.answers
    return checked.problems[question.field]


def test_the_note_has_a_line_for_each_answer_on_the_board() -> None:  # S9
    asked = form(
        SIGNS,
        a_question(4, kind=QuestionKind.DATE, label="Since when?"),
        a_question(5, label="Which medicines", is_on_board=False),
        a_question(6, label="Temperature", kind=QuestionKind.NUMBER),
    )
    given: dict[int, str | tuple[str, ...]] = {
        3: ("Fever", "Rash"),
        4: "2026-11-04",
        5: "Secret pills",
        6: "38.5",
    }
    assert said(asked, given) == "Signs: Fever, Rash\nSince when? 4 Nov 2026\nTemperature: 38.5"


def test_no_questions_and_no_answers_give_an_empty_note() -> None:  # S10
    assert said(form(), {}) == ""
    assert said(form(SIGNS, a_question(4)), {}) == ""


def test_a_note_alone_stands_as_it_was_written_and_beside_answers_it_comes_last() -> None:
    assert note_of(with_note((), "My rash\ncame back")) == "My rash\ncame back"
    assert with_note((), "") == ()
    answers = check(form(SIGNS), {3: ("Cough",)}).answers
    assert note_of(with_note(answers, "Call me")) == "Signs: Cough\nAnything else: Call me"


def test_a_question_that_is_not_asked_is_not_required_and_its_answer_is_dropped() -> None:
    asked = form(SMOKES, HOW_MANY)
    assert said(asked, {1: "No"}) == "Do you smoke? No"
    assert said(asked, {1: "No", 2: "20"}) == "Do you smoke? No"
    assert said(asked, {1: "No", 2: "lots"}) == "Do you smoke? No"
    assert said(asked, {1: "Yes", 2: "20"}) == "Do you smoke? Yes\nHow many a day: 20"
    assert check(asked, {1: ("Yes",)}).problems == {"q2": "Enter a number."}


def test_what_depends_on_a_question_that_is_not_asked_is_not_asked_either() -> None:
    third = a_question(3, kind=YES_NO, label="Want to stop?", only_if=(1, "Yes"))
    fourth = a_question(4, label="When?", is_required=True, only_if=(3, "Yes"))
    asked = form(SMOKES, third, fourth)
    assert said(asked, {1: "No", 3: "Yes", 4: "Soon"}) == "Do you smoke? No"
    assert check(asked, {1: ("Yes",), 3: ("Yes",)}).problems == {"q4": "Answer this question."}


def test_one_of_several_answers_is_enough_for_a_condition() -> None:
    asked = form(SIGNS, a_question(4, label="How high?", is_required=True, only_if=(3, "Fever")))
    assert check(asked, {3: ("Cough", "Fever")}).problems == {"q4": "Answer this question."}
    assert said(asked, {3: ("Cough", "Rash")}) == "Signs: Cough, Rash"


def test_answers_to_unknown_questions_are_nothing() -> None:
    assert said(form(SIGNS), {99: "x", -1: "y", 0: "a note from nowhere"}) == ""


@pytest.mark.parametrize("kind", QuestionKind)
def test_a_required_question_wants_an_answer_and_blanks_are_none(kind: QuestionKind) -> None:
    options = ("a", "b") if kind in (QuestionKind.CHOICE, SEVERAL) else ()
    question = a_question(1, kind=kind, is_required=True, options=options)
    assert refused(question)
    assert refused(question, " \n\t\x00 ") == refused(question)


@pytest.mark.parametrize(
    ("question", "values"),
    [
        (SMOKES, ("yes",)),
        (SMOKES, ("Yes", "No")),
        (SIGNS, ("Fever", "Forged")),
        (SIGNS, ("Fever", "Fever")),
        (a_question(1, kind=QuestionKind.CHOICE, options=("a", "b")), ("c",)),
        (a_question(1, kind=QuestionKind.CHOICE, options=("a", "b")), ("a", "b")),
        (a_question(1, kind=QuestionKind.CONSENT), ("on",)),
        (a_question(1), ("one", "two")),
        *(
            (a_question(1, kind=QuestionKind.DATE), (day,))
            for day in ("2026-02-30", "20261124", "2026-W48-2", "0001-01-01", "2101-01-01",
                        "24.11.2026", "202\u0666-11-24", "2026-11-24T10:00")
        ),
        *(
            (a_question(1, kind=QuestionKind.NUMBER), (number,))
            for number in ("NaN", "inf", "-Infinity", "1e9", "1,000", "12.", ".5", "0x10", "\u0663",
                           "1234567890", "1.23456", "--1", "1 2")
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_an_answer_is_refused_with_a_sentence(
    question: Question, values: tuple[str, ...]
) -> None:
    assert refused(question, *values).endswith(".")


@pytest.mark.parametrize("number", ["0", "-3", "38.5", "999999999", "0.0001"])
def test_numbers_are_kept_as_they_were_typed(number: str) -> None:
    assert said(form(a_question(1, kind=QuestionKind.NUMBER, label="n")), {1: number}) == (
        f"n: {number}"
    )


def test_texts_have_a_limit_each_and_together() -> None:
    short, long = a_question(1), a_question(1, kind=QuestionKind.LONG_TEXT)
    assert refused(short, "x" * 201) == "Keep this under 200 characters."
    assert refused(long, "x" * (LONG_LIMIT + 1)) == "Keep this under 2000 characters."
    many = [a_question(key, kind=QuestionKind.LONG_TEXT) for key in range(1, 5)]
    filled = dict.fromkeys(range(1, 5), ("x" * (TOTAL_LIMIT // 4),))
    assert not check(form(*many), filled).problems
    filled[3] = ("x" * (TOTAL_LIMIT // 4 + 1),)
    assert [*check(form(*many), filled).problems] == ["q3"]


def test_control_characters_are_taken_out_and_lines_stay_only_where_there_are_lines() -> None:
    short = a_question(1, label="a")
    long = a_question(2, kind=QuestionKind.LONG_TEXT, label="b")
    given = {1: "one\ntwo\x1b[0m\x07", 2: " one\ntwo\x9f "}
    assert said(form(short, long), given) == "a: one two[0m\nb: one\ntwo"
