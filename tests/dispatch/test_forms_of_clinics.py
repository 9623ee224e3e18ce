"""A clinic's form as its people meet it: made by an administrator, answered with a request."""

from typing import Any

import pytest

from dispatch.answers import Given
from dispatch.errors import (
    FormChangedError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    StaleError,
)
from dispatch.form import QuestionKind
from dispatch.request import SessionRequest
from dispatch.usecases.dialog import assignment
from dispatch.vocabulary import RequestNumber
from tests.builders import a_question
from tests.dispatch.desk import Desk

SIGNS = a_question(1, label="Signs", is_required=True)
PRIVATE = a_question(2, label="Medicines", is_on_board=False)
SMOKES = a_question(3, kind=QuestionKind.YES_NO, label="Smoke?")


def given(version: int = 1, **answers: str) -> Given:
    values = tuple((int(name[1:]), (text,)) for name, text in answers.items())
    return Given(version, values)


def test_answers_of_the_form_become_the_note(desk: Desk) -> None:  # S9
    desk.make_form(SIGNS, PRIVATE, SMOKES)
    number = desk.ask(given=given(q1="Rash", q2="Pills", q3="No"), note="Thank you")
    assert desk.request(number).note == "Signs: Rash\nSmoke? No\nAnything else: Thank you"
    answered = desk.store.ask(lambda reading: reading.answered(desk.request(number).id))
    assert answered
    assert answered.version == 1
    assert [answer.text for answer in answered.answers] == ["Rash", "Pills", "No", "Thank you"]


def test_an_empty_form_gives_an_empty_note(desk: Desk) -> None:  # S10
    assert desk.request(desk.ask()).note == ""
    desk.make_form(has_note=False)
    number = desk.ask(by=desk.omar, given=Given(1))
    assert desk.request(number).note == ""


def test_two_clinics_ask_different_questions(desk: Desk) -> None:  # S9
    desk.make_form(SIGNS)
    desk.make_form(SMOKES, clinic=desk.daytime)
    evening = desk.ask(given=given(q1="Rash"))
    daytime = desk.ask(desk.wait(1).replace(hour=20), clinic=desk.daytime, given=given(q3="Yes"))
    assert desk.request(evening).note == "Signs: Rash"
    assert desk.request(daytime).note == "Smoke? Yes"


def test_changing_the_form_alters_nothing_that_was_submitted(desk: Desk) -> None:  # S9
    desk.make_form(SIGNS, SMOKES)
    number = desk.ask(given=given(q1="Rash", q3="Yes"))
    before = (desk.request(number), desk.store.rows.answers.copy())
    desk.make_form(a_question(1, label="Something else", is_on_board=False))
    desk.make_form()
    assert (desk.request(number), desk.store.rows.answers) == before


def test_a_required_question_has_to_be_answered(desk: Desk) -> None:
    desk.make_form(SIGNS)
    with pytest.raises(InvalidError) as refused:
        desk.ask(given=Given(1))
    assert (refused.value.field, refused.value.sentence) == ("q1", "Answer this question.")
    assert not desk.store.rows.requests


def test_answers_to_questions_that_changed_meanwhile_are_not_taken(desk: Desk) -> None:
    desk.make_form(SIGNS)
    desk.make_form(SIGNS, SMOKES)
    for stale in (Given(), given(1, q1="Rash"), given(3, q1="Rash")):
        with pytest.raises(FormChangedError):
            desk.ask(given=stale)
    assert not desk.store.rows.requests
    assert desk.ask(given=given(2, q1="Rash"))


def test_a_note_where_the_clinic_takes_none_is_refused(desk: Desk) -> None:
    desk.make_form(SMOKES, has_note=False)
    with pytest.raises(InvalidError, match="invalid"):
        desk.ask(given=Given(1), note="But")
    assert not desk.store.rows.requests


def test_who_waits_already_is_answered_with_that_whatever_the_form(desk: Desk) -> None:
    number = desk.ask(note="First")
    desk.make_form(SIGNS)
    assert desk.ask() == number


@pytest.mark.parametrize("who", ["mia", "ada", "sam", "root", "zoe"])
def test_only_an_administrator_of_the_account_makes_a_form(desk: Desk, who: str) -> None:
    if who == "root":
        assert not desk.make_form(SIGNS, by=desk.root).was_there
        assert desk.rung()[-1] == "form.saved"
        return
    with pytest.raises(NotAllowedError):
        desk.make_form(SIGNS, by=getattr(desk, who))
    assert not desk.store.rows.forms


def test_the_clinic_of_another_account_is_not_there(desk: Desk) -> None:  # S55
    with pytest.raises(NotFoundError):
        desk.make_form(SIGNS, clinic=desk.foreign)


def test_a_form_with_a_fault_is_not_saved(desk: Desk) -> None:
    with pytest.raises(InvalidError) as refused:
        desk.make_form(SMOKES, a_question(4, only_if=(9, "Yes")))
    assert refused.value.field == "condition_2"
    assert not desk.store.rows.forms


def test_a_form_is_kept_without_what_nobody_sees(desk: Desk) -> None:
    desk.make_form(a_question(1, label=" Which\x00 side\x1b? ", help="Left\x07 or right"))
    (kept,) = desk.store.rows.forms[desk.evening.id][0].form.questions
    assert (kept.label, kept.help) == ("Which side?", "Left or right")


def test_whoever_saves_over_a_version_they_have_not_seen_is_told(desk: Desk) -> None:
    desk.make_form(SIGNS)
    with pytest.raises(StaleError) as refused:
        desk.make_form(SMOKES, was=0)
    assert "version 1" in refused.value.sentence
    assert len(desk.store.rows.forms[desk.evening.id]) == 1


def test_saving_what_is_so_already_makes_no_version(desk: Desk) -> None:
    desk.make_form(SIGNS, SMOKES)
    assert desk.make_form(SIGNS, SMOKES).was_there
    assert not desk.make_form(SMOKES, SIGNS).was_there  # the order is part of a form
    assert len(desk.store.rows.forms[desk.evening.id]) == 2


def test_the_schedulers_dialog_has_every_answer(desk: Desk) -> None:
    desk.make_form(SIGNS, PRIVATE)
    number = desk.ask(given=given(q1="Rash", q2="Pills"))
    choice = dialog(desk, number)
    assert [(one.asked, one.text) for one in choice.answers] == [
        ("Signs", "Rash"),
        ("Medicines", "Pills"),
    ]
    assert "Pills" not in choice.row.note


def dialog(desk: Desk, number: RequestNumber) -> Any:
    actor, now = desk.actor(desk.sam), desk.now
    return desk.store.ask(lambda reading: assignment(reading, actor, number, now))


def test_a_request_of_before_the_form_has_no_answers_in_the_dialog(desk: Desk) -> None:
    number = desk.ask(note="Old")
    desk.make_form(SIGNS)
    assert dialog(desk, number).answers == ()
    stored: SessionRequest = desk.request(number)
    assert stored.note == "Old"
