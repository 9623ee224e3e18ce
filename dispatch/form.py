"""A clinic's pre-request form: its questions, and what a form must be before it is asked (S9)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NewType

QuestionKey = NewType("QuestionKey", int)  # names a question within one form, at every place in it

MOST_QUESTIONS = 12
LABEL_LIMIT = 200  # characters
HELP_LIMIT = 500
MOST_OPTIONS = 20
OPTION_LIMIT = 100
LARGEST_KEY = 9999
YES, NO = "Yes", "No"
AGREED = "Agreed"  # how a consent that was given reads
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # control characters but tab and new line


class QuestionKind(StrEnum):
    """How a question is answered."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"  # one of its options
    SEVERAL = "several"  # any of its options
    YES_NO = "yes_no"
    DATE = "date"
    NUMBER = "number"
    CONSENT = "consent"  # a box to tick


_WITH_OPTIONS = frozenset({QuestionKind.CHOICE, QuestionKind.SEVERAL})
_FIXED: Mapping[QuestionKind, tuple[str, ...]] = {
    QuestionKind.YES_NO: (YES, NO),
    QuestionKind.CONSENT: (AGREED,),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked only if an earlier question has this answer, or has it among several."""

    key: QuestionKey
    answer: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question, as the patient reads it."""

    key: QuestionKey
    kind: QuestionKind
    label: str
    help: str = ""
    is_required: bool = False
    is_on_board: bool = True  # its answer is part of the Request Note
    options: tuple[str, ...] = ()
    condition: Condition | None = None

    @property
    def field(self) -> str:
        """Return the name of its field on a page, and of what is wrong with its answer."""
        return f"q{self.key}"

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the answers there are to choose from; none where one writes."""
        return self.options if self.kind in _WITH_OPTIONS else _FIXED.get(self.kind, ())

    @property
    def has_options(self) -> bool:
        """Return whether whoever makes the form writes the answers too."""
        return self.kind in _WITH_OPTIONS

    def is_same(self, other: "Question") -> bool:
        """Return whether an answer typed for the one is an answer to the other."""
        return (self.key, self.kind, self.label) == (other.key, other.kind, other.label)


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of one clinic as they were at one version; a saved form never changes."""

    version: int = 0  # 0: nobody has made one, and the clinic asks for a note alone
    questions: tuple[Question, ...] = ()
    has_note: bool = True  # with a free note beside the questions

    def question(self, key: int) -> Question | None:
        """Return the question of that key."""
        return next((question for question in self.questions if question.key == key), None)


def seen(text: str) -> str:
    """Return the text without the characters that nobody sees."""
    return _UNSEEN.sub("", text).strip()


def one_line(text: str) -> str:
    """Return the same on one line."""
    return " ".join(seen(text).split())


def tidy(question: Question) -> Question:
    """Return the question as it is kept."""
    options = tuple(filter(None, map(one_line, question.options)))
    return replace(
        question, label=one_line(question.label), help=seen(question.help), options=options
    )


def faults(questions: Sequence[Question]) -> dict[str, str]:
    """Return what keeps these questions from being a form, by part and place: ``label_2``."""
    found: dict[str, str] = {}
    if len(questions) > MOST_QUESTIONS:
        found[""] = f"A form has up to {MOST_QUESTIONS} questions. Remove some."
    for place, question in enumerate(questions, start=1):
        earlier, later = questions[: place - 1], questions[place:]
        parts = {
            "label": _label_fault(question, [*earlier, *later]),
            "help": _too_long(question.help, HELP_LIMIT),
            "options": _options_fault(question),
            "condition": _condition_fault(question.condition, earlier, later),
        }
        found |= {f"{part}_{place}": sentence for part, sentence in parts.items() if sentence}
    return found


def _label_fault(question: Question, others: Sequence[Question]) -> str:
    if not question.label:
        return "Write the question."
    if not 0 < question.key <= LARGEST_KEY or question.key in {other.key for other in others}:
        return "This question cannot be told from another. Remove it and add it again."
    return _too_long(question.label, LABEL_LIMIT)


def _options_fault(question: Question) -> str:
    options = question.options
    if not question.has_options:
        return "Only a question with answers to choose from has answers." if options else ""
    if len(options) < 2:
        return "Give at least two answers to choose from, one on each line."
    if len(options) > MOST_OPTIONS:
        return f"Give up to {MOST_OPTIONS} answers."
    if len({option.casefold() for option in options}) < len(options):
        return "Two of the answers are the same."
    if len(max(options, key=len)) > OPTION_LIMIT:
        return f"Keep each answer under {OPTION_LIMIT} characters."
    return ""


def _condition_fault(
    condition: Condition | None, earlier: Sequence[Question], later: Sequence[Question]
) -> str:
    if condition is None:
        return ""
    source = next((question for question in earlier if question.key == condition.key), None)
    if source is None:
        if any(question.key == condition.key for question in later):
            return "A question can only depend on one above it. Move it down, or choose another."
        return "This depends on a question that is not in the form. Choose another."
    if not source.answers:
        return f"“{source.label}” has no answers to choose from, so nothing can depend on it."
    if condition.answer not in source.answers:
        return f"“{condition.answer}” is not an answer to “{source.label}”. Choose another."
    return ""


def _too_long(text: str, limit: int) -> str:
    return f"Keep this under {limit} characters." if len(text) > limit else ""
