"""Questions and answers as the text of one column: they are read and written as a whole."""

from collections.abc import Iterable
from typing import Any

import orjson

from dispatch.answers import Answer
from dispatch.form import Condition, Question, QuestionKey, QuestionKind


def questions_text(questions: Iterable[Question]) -> str:
    """Return the questions as text."""
    return _text(
        {
            "key": question.key,
            "kind": question.kind,
            "label": question.label,
            "help": question.help,
            "required": question.is_required,
            "board": question.is_on_board,
            "options": question.options,
            "condition": question.condition and [question.condition.key, question.condition.answer],
        }
        for question in questions
    )


def questions_in(text: str) -> tuple[Question, ...]:
    """Return the questions of a text."""
    return tuple(map(_question, orjson.loads(text)))


def answers_text(answers: Iterable[Answer]) -> str:
    """Return the answers as text."""
    return _text(
        {
            "key": answer.key,
            "asked": answer.asked,
            "kind": answer.kind,
            "values": answer.values,
            "board": answer.is_on_board,
        }
        for answer in answers
    )


def answers_in(text: str | None) -> tuple[Answer, ...]:
    """Return the answers of a text; none where there is no row."""
    return tuple(map(_answer, orjson.loads(text))) if text else ()


def _text(rows: Iterable[dict[str, Any]]) -> str:
    return orjson.dumps(list(rows)).decode()


def _question(row: dict[str, Any]) -> Question:
    condition = row["condition"]
    return Question(
        key=QuestionKey(row["key"]),
        kind=QuestionKind(row["kind"]),
        label=row["label"],
        help=row["help"],
        is_required=row["required"],
        is_on_board=row["board"],
        options=tuple(row["options"]),
        condition=Condition(QuestionKey(condition[0]), condition[1]) if condition else None,
    )


def _answer(row: dict[str, Any]) -> Answer:
    return Answer(
        key=QuestionKey(row["key"]),
        asked=row["asked"],
        kind=QuestionKind(row["kind"]),
        values=tuple(row["values"]),
        is_on_board=row["board"],
    )
