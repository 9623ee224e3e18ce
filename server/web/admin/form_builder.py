"""The builder of a clinic's pre-request form: one page that holds everything until it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.errors import StaleError
from dispatch.form import MOST_QUESTIONS, Form, Question, QuestionKind, faults
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.usecases.forms import SaveForm, save_form
from dispatch.views import FormVersion
from dispatch.vocabulary import ClinicId
from server.web.admin.access import administrator, id_in_path, own_clinic
from server.web.admin.draft_form import Draft, read_draft
from server.web.errors import STATUS
from server.web.forms import Problems, read_form
from server.web.questions import Questions
from server.web.replies import done, page, prefers_json, tell_script
from server.web.state import WebState

KINDS = (
    (QuestionKind.SHORT_TEXT, "Short text"),
    (QuestionKind.LONG_TEXT, "Long text"),
    (QuestionKind.CHOICE, "One of several answers"),
    (QuestionKind.SEVERAL, "Any of several answers"),
    (QuestionKind.YES_NO, "Yes or no"),
    (QuestionKind.DATE, "Date"),
    (QuestionKind.NUMBER, "Number"),
    (QuestionKind.CONSENT, "Consent, a box to tick"),
)
ALL_OPEN = 3  # questions; with more of them, each is folded to a line


@dataclass(frozen=True, slots=True)
class Sent:
    """What stands on the page, and what is wrong with it."""

    draft: Draft
    was: int  # the version that the draft was made from
    open_place: int = 0  # the question to show open, beside those with a problem
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Builder:
    """One rendering of the page."""

    clinic: Clinic
    current: Form  # what patients are asked now
    versions: Sequence[FormVersion]
    sent: Sent

    @property
    def draft(self) -> Draft:
        """Return the questions as they stand."""
        return self.sent.draft

    @property
    def problems(self) -> dict[str, str]:
        """Return what is wrong, by the field."""
        return self.sent.problems

    @property
    def names(self) -> dict[str, str]:
        """Return which question a field belongs to, for the list of what is wrong."""
        return {name: f"Question {name.rpartition('_')[2]}:" for name in self.problems if name}

    @property
    def preview(self) -> Questions:
        """Return the draft as the patient will see it."""
        return Questions(self.draft.as_asked())

    @property
    def is_changed(self) -> bool:
        """Return whether something on the page is not saved."""
        return not self.draft.is_like(self.current)

    @property
    def kinds(self) -> Sequence[tuple[QuestionKind, str]]:
        """Return the kinds of questions with their words."""
        return KINDS

    @property
    def most(self) -> int:
        """Return how many questions there can be."""
        return MOST_QUESTIONS

    def kind_of(self, question: Question) -> str:
        """Return the kind in words."""
        return dict(KINDS)[question.kind]

    def sources(self, place: int) -> Sequence[Question]:
        """Return the questions that the one at a place can depend on."""
        return [question for question in self.draft.questions[: place - 1] if question.answers]

    def is_open(self, place: int) -> bool:
        """Return whether the question at a place shows its fields."""
        if len(self.draft.questions) <= ALL_OPEN or place == self.sent.open_place:
            return True
        return any(name.rpartition("_")[2] == str(place) for name in self.problems)


async def show(request: Request[WebState]) -> Response:
    """Show the form as it is asked now, or start from one of its earlier versions."""
    actor = await administrator(request)
    clinic_id = ClinicId(id_in_path(request, "clinic"))
    wished = request.query_params.get("version", "")
    version = int(wished) if wished.isascii() and wished.isdecimal() and len(wished) < 9 else 0

    def look(reading: Reading) -> Sent:
        clinic = own_clinic(reading, actor, clinic_id)
        current = reading.form(clinic.id)
        start = reading.form_at(clinic.id, version) or current
        return Sent(Draft(start.questions, start.has_note), current.version)

    sent = await request.state["store"].read(look)
    return await _show(request, actor, clinic_id, sent)


async def change(request: Request[WebState]) -> Response:
    """Do what the pressed button says: save the form, or change what stands on the page."""
    actor = await administrator(request)
    clinic_id = ClinicId(id_in_path(request, "clinic"))
    form, problems = await read_form(request), Problems()
    draft, do = read_draft(form, problems), form.cut("do")
    was = problems.attempt(lambda: form.optional_integer("was")) or 0
    sent = Sent(draft, was, problems=problems.by_field)
    if do == "save":
        return await _save(request, actor, clinic_id, sent)
    changed = draft.changed_by(do)
    wrong = faults(changed.questions)
    # What moved may depend now on a question below it; what is unfinished is not yet a mistake.
    problems.by_field |= {name: wrong[name] for name in wrong if name.startswith("condition_")}
    open_place = len(changed.questions) if do == "add" else 0
    again = replace(sent, draft=changed, open_place=open_place)
    return await _show(request, actor, clinic_id, again)


async def _save(
    request: Request[WebState], actor: Actor, clinic_id: ClinicId, sent: Sent
) -> Response:
    problems = {**faults(sent.draft.questions), **sent.problems}
    if problems:
        tell_script(request, problems)
        return await _show(request, actor, clinic_id, replace(sent, problems=problems), 422)
    store = request.state["store"]
    command = SaveForm(clinic_id, sent.was, sent.draft.questions, sent.draft.has_note)
    try:
        outcome = await store.perform(save_form, command, actor)
    except StaleError as refused:
        if prefers_json(request):
            raise
        latest = await store.read(lambda reading: reading.form(clinic_id))
        again = replace(sent, was=latest.version, problems={"": refused.sentence})
        return await _show(request, actor, clinic_id, again, STATUS[refused.code])
    saved = await store.read(lambda reading: reading.form(clinic_id))
    return done(request, outcome, f"/admin/clinics/{clinic_id}/form?saved={saved.version}")


async def _show(
    request: Request[WebState], actor: Actor, clinic_id: ClinicId, sent: Sent, status: int = 200
) -> Response:
    def look(reading: Reading) -> Builder:
        clinic = own_clinic(reading, actor, clinic_id)
        return Builder(clinic, reading.form(clinic.id), reading.form_versions(clinic.id), sent)

    builder = await request.state["store"].read(look)
    return page(
        request,
        "admin/form.html",
        status,
        clinic=builder.clinic,
        builder=builder,
        is_saved=request.query_params.get("saved") == str(builder.current.version),
    )


routes = [
    Route("/admin/clinics/{id:number}/form", show, methods=["GET"]),
    Route("/admin/clinics/{id:number}/form", change, methods=["POST"]),
]
