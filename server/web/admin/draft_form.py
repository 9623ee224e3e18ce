"""A form in the making, as the builder's page holds and sends it; nothing is stored before Save.

Each question's fields end in its place: ``key_1``, ``kind_1``, ``label_1``, ``help_1``,
``options_1`` (one on each line), ``required_1``, ``board_1``, ``condition_1`` (``3=Yes``). What the
button was, ``do`` says: ``save``, ``preview``, ``add``, or ``up-2``, ``down-2``, ``remove-2``.
"""

import re
from dataclasses import dataclass, replace

from dispatch.form import (
    LARGEST_KEY,
    MOST_QUESTIONS,
    Condition,
    Form,
    Question,
    QuestionKey,
    QuestionKind,
    faults,
    tidy,
)
from server.web import forms
from server.web.forms import Problems

_MOVE = re.compile(r"(up|down|remove)-([1-9][0-9]?)")
_ALL = 64 * 1024  # characters: what is too long is said by the form's own rules


@dataclass(frozen=True, slots=True)
class Draft:
    """The questions as they now stand on the page, with or without faults."""

    questions: tuple[Question, ...]
    has_note: bool = True

    def is_like(self, form: Form) -> bool:
        """Return whether saving it would change nothing."""
        return (self.questions, self.has_note) == (form.questions, form.has_note)

    @property
    def has_room(self) -> bool:
        """Return whether one more question can be added."""
        return len(self.questions) < MOST_QUESTIONS

    def as_asked(self) -> Form:
        """Return a form that can be shown, whatever is still wrong with this one."""
        wrong = faults(self.questions)
        return Form(
            0,
            tuple(
                replace(
                    question,
                    label=question.label or f"Question {place}",
                    condition=None if f"condition_{place}" in wrong else question.condition,
                )
                for place, question in enumerate(self.questions, start=1)
            ),
            self.has_note,
        )

    def changed_by(self, button: str) -> "Draft":
        """Return what a button makes of it; a button that there is not changes nothing."""
        if button == "add" and self.has_room:
            return replace(self, questions=(*self.questions, self._blank()))
        move = _MOVE.fullmatch(button)
        if move is None or int(move[2]) > len(self.questions):
            return self
        questions, at = list(self.questions), int(move[2]) - 1
        question = questions.pop(at)
        if move[1] != "remove":
            questions.insert(max(0, at - 1) if move[1] == "up" else at + 1, question)
        return replace(self, questions=tuple(questions))

    def _blank(self) -> Question:
        key = max((question.key for question in self.questions), default=0) + 1
        return Question(QuestionKey(min(key, LARGEST_KEY)), QuestionKind.SHORT_TEXT, "")


def read_draft(sent: forms.Form, problems: Problems) -> Draft:
    """Return what stands on the page; only what no page of ours can send becomes a problem here."""
    count = problems.attempt(lambda: sent.optional_integer("count")) or 0
    if count > MOST_QUESTIONS:
        problems.by_field[""] = f"A form has up to {MOST_QUESTIONS} questions. Remove some."
    places = range(1, min(count, MOST_QUESTIONS) + 1)
    questions = tuple(_question(sent, place, problems) for place in places)
    return Draft(questions, has_note=bool(sent.cut("has_note")))


def _question(sent: forms.Form, place: int, problems: Problems) -> Question:
    def text(part: str) -> str:
        return sent.cut(f"{part}_{place}", limit=_ALL)

    kind = problems.attempt(
        lambda: sent.choice(f"kind_{place}", QuestionKind, otherwise="Choose how it is answered.")
    )
    key = problems.attempt(lambda: sent.optional_integer(f"key_{place}")) or 0
    question = Question(
        key=QuestionKey(key),
        kind=kind or QuestionKind.SHORT_TEXT,
        label=text("label"),
        help=text("help"),
        is_required=bool(text("required")),
        is_on_board=bool(text("board")),
        options=tuple(text("options").split("\n")),
        condition=_condition(text("condition")),
    )
    # Answers to choose from that were typed before the kind was changed are of no use any more.
    return tidy(question if question.has_options else replace(question, options=()))


def _condition(text: str) -> Condition | None:
    key, is_one, answer = text.partition("=")
    if not is_one:
        return None
    number = int(key) if key.isascii() and key.isdecimal() and len(key) < 9 else 0
    return Condition(QuestionKey(number), answer)
