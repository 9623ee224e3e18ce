"""What a requester answers to a clinic's form: checked, kept as given, and told in the note."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dispatch.form import AGREED, NO, YES, Form, Question, QuestionKey, QuestionKind, one_line, seen

SHORT_LIMIT = 200  # characters
LONG_LIMIT = 2000
TOTAL_LIMIT = 6000  # of all answers to one form
NOTE_KEY = QuestionKey(0)  # the free note, where there are questions beside it
NOTE_ASKED = "Anything else"
DATE_YEARS = range(1900, 2101)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class Given:
    """What was sent for one version of a form, not looked at yet."""

    version: int = 0
    values: tuple[tuple[int, tuple[str, ...]], ...] = ()  # by the questions' keys


NOTHING_GIVEN = Given()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, with the question as it was asked: later versions of the form change neither."""

    key: QuestionKey
    asked: str
    kind: QuestionKind
    values: tuple[str, ...]
    is_on_board: bool

    @property
    def text(self) -> str:
        """Return it as it reads."""
        if self.kind is QuestionKind.DATE:
            day = date.fromisoformat(self.values[0])
            return f"{day.day} {day:%b %Y}"
        return ", ".join(self.values)


@dataclass(frozen=True, slots=True)
class Answered:
    """All answers of one request, and the version of the form that they were given under."""

    version: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of the answers: those that count, and what is wrong, by the questions' fields."""

    answers: tuple[Answer, ...]
    problems: Mapping[str, str]


def check(form: Form, given: Mapping[int, Sequence[str]]) -> Checked:
    """Look at what was given for each question that is asked, in order.

    A question whose condition does not hold is not asked: it is not required, and what was typed
    into it is dropped. So is whatever was sent for a question that the form does not have.
    """
    answers: list[Answer] = []
    problems: dict[str, str] = {}
    for question in form.questions:
        if not is_asked(question, answers):
            continue
        values = _values(question, given.get(question.key, ()))
        problem = _problem(question, values)
        if problem:
            problems[question.field] = problem
        elif values:
            answers.append(
                Answer(question.key, question.label, question.kind, values, question.is_on_board)
            )
    if not problems and sum(len(answer.text) for answer in answers) > TOTAL_LIMIT:
        longest = max(answers, key=lambda answer: len(answer.text))
        problems[f"q{longest.key}"] = (
            f"Make this shorter: all answers together can have {TOTAL_LIMIT} characters."
        )
    return Checked(tuple(answers), problems)


def is_asked(question: Question, answers: Sequence[Answer]) -> bool:
    """Return whether the answers so far lead to this question."""
    condition = question.condition
    return condition is None or any(
        answer.key == condition.key and condition.answer in answer.values for answer in answers
    )


def with_note(answers: tuple[Answer, ...], note: str) -> tuple[Answer, ...]:
    """Return the answers with the free note as the last of them, if there is one."""
    if not note:
        return answers
    free = Answer(NOTE_KEY, NOTE_ASKED, QuestionKind.LONG_TEXT, (note,), is_on_board=True)
    return (*answers, free)


def note_of(answers: Sequence[Answer]) -> str:
    """Return the Request Note: a line for each answer that is for the board (S9, S10)."""
    shown = [answer for answer in answers if answer.is_on_board]
    if [answer.key for answer in shown] == [NOTE_KEY]:
        return shown[0].text  # a note alone needs no heading
    return "\n".join(f"{heading(answer.asked)} {answer.text}" for answer in shown)


def heading(label: str) -> str:
    """Return a question so that its answer, or what is wrong with it, can follow."""
    return label if label[-1] in "?:.!…" else f"{label}:"


def _values(question: Question, typed: Sequence[str]) -> tuple[str, ...]:
    clean = seen if question.kind is QuestionKind.LONG_TEXT else one_line
    return tuple(filter(None, map(clean, typed)))


def _problem(question: Question, values: tuple[str, ...]) -> str:
    if not values:
        return _MISSING[question.kind] if question.is_required else ""
    if len(set(values)) < len(values) or (
        len(values) > 1 and question.kind is not QuestionKind.SEVERAL
    ):
        return _UNREADABLE[question.kind]
    return next(filter(None, (_value_problem(question, text) for text in values)), "")


def _value_problem(question: Question, text: str) -> str:
    match question.kind:
        case QuestionKind.SHORT_TEXT:
            return _too_long(text, SHORT_LIMIT)
        case QuestionKind.LONG_TEXT:
            return _too_long(text, LONG_LIMIT)
        case QuestionKind.DATE:
            is_fine = _is_day(text)
        case QuestionKind.NUMBER:
            is_fine = _NUMBER.fullmatch(text) is not None
        case _:  # one of the answers there are
            is_fine = text in question.answers
    return "" if is_fine else _UNREADABLE[question.kind]


def _too_long(text: str, limit: int) -> str:
    return f"Keep this under {limit} characters." if len(text) > limit else ""


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text)) and date.fromisoformat(text).year in DATE_YEARS
    except ValueError:  # the 30th of February
        return False


_CHOOSE_ONE = "Choose one of the answers."
_CHOOSE_SOME = "Choose at least one of the answers."
_MISSING: Mapping[QuestionKind, str] = {
    QuestionKind.SHORT_TEXT: "Answer this question.",
    QuestionKind.LONG_TEXT: "Answer this question.",
    QuestionKind.CHOICE: _CHOOSE_ONE,
    QuestionKind.SEVERAL: _CHOOSE_SOME,
    QuestionKind.YES_NO: f"Choose {YES} or {NO}.",
    QuestionKind.DATE: "Enter a day.",
    QuestionKind.NUMBER: "Enter a number.",
    QuestionKind.CONSENT: "Tick this to go on.",
}
_UNREADABLE: Mapping[QuestionKind, str] = {
    QuestionKind.SHORT_TEXT: "Give one answer.",
    QuestionKind.LONG_TEXT: "Give one answer.",
    QuestionKind.CHOICE: _CHOOSE_ONE,
    QuestionKind.SEVERAL: "Choose from the answers given.",
    QuestionKind.YES_NO: f"Choose {YES} or {NO}.",
    QuestionKind.DATE: "Enter a day that exists, from 1900 to 2100, like 2026-11-24.",
    QuestionKind.NUMBER: "Enter a number in digits, like 38.5, up to 999,999,999.",
    QuestionKind.CONSENT: f"Tick the box, which means “{AGREED}”, or leave it.",
}
