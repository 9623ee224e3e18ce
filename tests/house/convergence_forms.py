"""Knows the scenes around a clinic's pre-request form: made, answered, and made anew."""

from collections.abc import AsyncGenerator

from dispatch.answers import Given
from dispatch.form import Question, QuestionKind
from dispatch.usecases.forms import SaveForm, save_form
from dispatch.usecases.intake import SubmitRequest, submit_request
from dispatch.vocabulary import RequestType
from tests.builders import a_question
from tests.house.convergence_stage import scene
from tests.house.convergence_world import ADMINISTRATOR, World

SIGNS = a_question(1, label="Signs", is_required=True)
PRIVATE = a_question(2, kind=QuestionKind.LONG_TEXT, label="Medicines", is_on_board=False)


async def save(w: World, was: int, *questions: Question) -> None:
    command = SaveForm(w.desk.clinics["Northside"].id, was, questions)
    await w.does(ADMINISTRATOR, save_form, command)


async def answer(w: World, patient: str, version: int) -> None:
    there = w.desk.clinics["Northside"]
    command = SubmitRequest(
        clinic_id=there.id,
        service_id=there.services[0].id,
        type=RequestType.NOW,
        given=Given(version, ((1, ("Rash & itch",)), (2, ("Pills\nand drops",)))),
        note="Thanks",
    )
    await w.does(patient, submit_request, command)


@scene(submit_request)
async def asked_with_answers_to_the_form(w: World) -> AsyncGenerator[None, None]:
    await save(w, 0, SIGNS, PRIVATE)
    yield
    await answer(w, "Jordan Park", 1)


@scene(save_form)
async def a_form_is_changed_while_somebody_waits_who_answered_it(
    w: World,
) -> AsyncGenerator[None, None]:
    await save(w, 0, SIGNS, PRIVATE)
    await answer(w, "Jordan Park", 1)
    yield
    await save(w, 1, PRIVATE)
