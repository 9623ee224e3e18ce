"""A clinic's own questions on the pages that ask for a visit: shown, checked, kept and prefilled."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.form import Question, QuestionKind
from dispatch.people import system_actor
from dispatch.usecases.forms import SaveForm, save_form
from tests.builders import a_question
from tests.web.house import House, open_house, words

SIGNS = a_question(
    1, kind=QuestionKind.SEVERAL, label="Signs", options=("Fever", "Cough"), is_required=True
)
SINCE = a_question(2, kind=QuestionKind.DATE, label="Since when?")
ALLERGIC = a_question(3, kind=QuestionKind.YES_NO, label="Any allergies?", is_required=True)
WHICH = a_question(4, label="Which allergies?", is_required=True, only_if=(3, "Yes"))
PILLS = a_question(
    5, kind=QuestionKind.LONG_TEXT, label="Medicines", help="All.", is_on_board=False
)
AGREE = a_question(
    6, kind=QuestionKind.CONSENT, label="I agree", is_required=True, is_on_board=False
)
ALL = (SIGNS, SINCE, ALLERGIC, WHICH, PILLS, AGREE)
ANSWERS: dict[str, Any] = {"q1": ["Fever", "Cough"], "q3": "No", "q5": "Aspirin", "q6": "Agreed"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        opened.enter("Jordan Park")
        yield opened


def save(house: House, *questions: Question, clinic: str = "Northside", **more: Any) -> int:
    there = house.desk.clinics[clinic].id
    was = house.read(lambda reading: reading.form(there)).version
    command = SaveForm(there, was, questions, **more)
    house.run(house.desk.store.perform, save_form, command, system_actor(house.desk.account))
    return was + 1


def fields(house: House, version: int | None = 1, **changes: Any) -> dict[str, Any]:
    north = house.desk.clinics["Northside"]
    given = {"clinic": north.id, "service": north.services[0].id, "type": "Now", "host": ""}
    shown = {} if version is None else {"form_version": version}
    return {**given, "note": "", **shown, **changes}


def page(house: House, clinic: str = "Northside") -> Any:
    return house.get(f"/requests/new?clinic={house.desk.clinics[clinic].id}")


def sent(house: House, **changes: Any) -> Any:
    """Send a request that is taken; return it as stored."""
    reply = house.post("/requests/new", fields(house, **changes))
    assert reply.status_code == 303, words(reply)
    return house.request(int(reply.headers["location"].rpartition("/")[2].partition("?")[0]))


def test_each_clinic_shows_its_own_questions(house: House) -> None:  # S9
    save(house, *ALL)
    save(house, a_question(1, label="Only here"), clinic="Southside", has_note=False)
    north, south, east = (page(house, each) for each in ("Northside", "Southside", "Eastside"))
    for question in ALL:
        assert question.label in words(north)
    assert "Only if you answered “Yes” to “Any allergies?”" in words(north)
    assert "Anything else we should know?" in words(north)
    assert "Only here (optional)" in words(south)
    assert 'name="note"' not in south.text
    assert "What should we know? (optional)" in words(east)
    assert "form_version" not in east.text


def test_the_answers_become_the_note_and_the_patient_sees_all_of_them(house: House) -> None:  # S9
    save(house, *ALL)
    stored = sent(house, **ANSWERS, note="Call me")
    assert stored.note == "Signs: Fever, Cough\nAny allergies? No\nAnything else: Call me"
    text = words(house.get(f"/requests/{stored.number}"))
    assert "Medicines Aspirin" in text
    assert "Anything else Call me" in text


def test_an_empty_form_gives_an_empty_note(house: House) -> None:  # S10
    save(house, has_note=False)
    assert sent(house).note == ""


def test_every_mistake_is_shown_and_everything_typed_comes_back(house: House) -> None:
    save(house, *ALL)
    wrong: dict[str, Any] = {"q2": "2026-02-30", "q3": "Yes", "q5": "<b>Aspirin</b>", "q6": "on"}
    reply = house.post("/requests/new", fields(house, **wrong, note="Mine"))
    assert reply.status_code == 422
    text = words(reply)
    for sentence in (
        "Choose at least one of the answers.",
        "Enter a day that exists",
        "Answer this question.",
        "Tick the box",
    ):
        assert sentence in text
    for name in ("q1", "q2", "q4", "q6"):
        assert f'href="#{name}"' in reply.text
        assert len(re.findall(f'id="{name}"', reply.text)) == 1
    assert 'value="2026-02-30"' in reply.text
    assert "&lt;b&gt;Aspirin&lt;/b&gt;" in reply.text
    assert re.search(r'name="q3" id="q3" value="Yes" checked', reply.text)
    assert ">Mine</textarea>" in reply.text


def test_a_question_that_does_not_show_is_not_asked(house: House) -> None:
    save(house, *ALL)
    assert "Which" not in sent(house, **ANSWERS, q4="Typed before I changed my mind").note


def test_several_answers_come_back_as_several(house: House) -> None:
    save(house, *ALL)
    reply = house.post("/requests/new", fields(house, q1=["Fever", "Cough"]))
    assert len(re.findall(r'name="q1"[^>]* checked', reply.text)) == 2


def test_a_forged_choice_is_refused_with_a_sentence(house: House) -> None:
    save(house, *ALL)
    for name, value in (("q1", ["Fever", "<script>"]), ("q3", "Perhaps"), ("q6", ["Agreed"] * 2)):
        reply = house.post("/requests/new", fields(house, **{**ANSWERS, name: value}))
        assert reply.status_code == 422
        assert "<script>" not in reply.text.partition("<main")[2]
    assert not house.read(lambda reading: reading.due(house.clock.now().replace(year=2030), 9))


def test_answers_to_questions_that_the_form_does_not_have_count_for_nothing(house: House) -> None:
    save(house, AGREE)
    assert sent(house, q6="Agreed", q99="x", q0="y", q7="z").note == ""


def test_when_the_questions_changed_meanwhile_what_still_fits_is_kept(house: House) -> None:
    save(house, *ALL)
    renamed = a_question(3, kind=QuestionKind.YES_NO, label="Do you smoke?")
    save(house, SIGNS, renamed, PILLS, a_question(7, label="New one", is_required=True))
    reply = house.post("/requests/new", fields(house, version=1, **ANSWERS, note="Mine"))
    assert reply.status_code == 422
    assert "The clinic changed its questions while you were writing." in words(reply)
    assert 'name="form_version" value="2"' in reply.text
    assert len(re.findall(r'name="q1"[^>]* checked', reply.text)) == 2
    assert not re.search(r'name="q3"[^>]* value="(Yes|No)" checked', reply.text)
    assert ">Aspirin</textarea>" in reply.text
    assert ">Mine</textarea>" in reply.text
    assert sent(house, version=2, **ANSWERS, q7="So").note.endswith("New one: So")


@pytest.mark.parametrize("version", [None, "0", "9", "-1", "x", "1" * 9, "1" * 15, "٣", "1; drop"])
def test_a_version_that_was_never_shown_is_a_changed_form(house: House, version: Any) -> None:
    save(house, *ALL)
    reply = house.post("/requests/new", fields(house, version=version, **ANSWERS))
    assert reply.status_code == 422
    assert "The clinic changed its questions" in words(reply)


def test_a_script_is_told_that_the_questions_changed(house: House) -> None:
    save(house, *ALL)
    json = {"accept": "application/json"}
    reply = house.post("/requests/new", fields(house, version=None, **ANSWERS), **json)
    assert reply.status_code == 422
    assert reply.json()["sentence"].startswith("The clinic changed its questions")


def test_asking_again_brings_the_answers_along_while_the_questions_are_the_same(
    house: House,
) -> None:
    save(house, *ALL)
    number = sent(house, **ANSWERS, note="Call me").number
    house.post(f"/requests/{number}/withdrawal", {})
    again = house.get(f"/requests/new?again={number}")
    assert len(re.findall(r'name="q1"[^>]* checked', again.text)) == 2
    assert ">Aspirin</textarea>" in again.text
    assert ">Call me</textarea>" in again.text
    save(house, *ALL[:3])
    other = house.get(f"/requests/new?again={number}")
    assert not re.search(r'name="q1"[^>]* checked', other.text)
    assert "Aspirin" not in other.text
    assert ">Call me</textarea>" in other.text


def test_a_scheduler_answers_for_a_patient(house: House) -> None:
    save(house, *ALL)
    house.enter("Rosa Lind")
    north = house.desk.clinics["Northside"].id
    shown = house.get(f"/scheduling/requests/new?clinic={north}")
    assert "Any allergies?" in words(shown)
    asking = fields(house, requester=house.desk.people["Mia Wells"].person_id, patient="Mia")
    kept = house.post("/scheduling/requests/new", asking | {"q1": "Fever", "q5": "Aspirin"})
    assert kept.status_code == 422
    assert "Choose Yes or No." in words(kept)
    assert ">Aspirin</textarea>" in kept.text
    found = house.post("/scheduling/requests/new", asking | ANSWERS | {"do": "find"})
    assert ">Aspirin</textarea>" in found.text
    reply = house.post("/scheduling/requests/new", asking | ANSWERS)
    assert reply.status_code == 303
    assert "Signs: Fever, Cough" in words(house.get("/scheduling/requests"))


def test_the_entitled_staff_see_all_answers_and_the_board_only_its_own(house: House) -> None:
    save(house, *ALL)
    number = sent(house, **ANSWERS).number
    house.enter("Rosa Lind")
    board = house.get("/scheduling/requests")
    assert "Signs: Fever, Cough" in words(board)
    assert "Aspirin" not in board.text
    dialog = house.get(f"/requests/{number}/assignment")
    assert "Show all answers" in words(dialog)
    assert "Medicines Aspirin" in words(dialog)
    house.enter("Lee Chen")
    assert "Medicines Aspirin" in words(house.get("/dashboard"))
    house.enter("Kim Sand")  # a host of another clinic
    assert "Aspirin" not in house.get("/dashboard").text
    house.enter("Mia Wells")
    assert house.get(f"/requests/{number}").status_code == 404
