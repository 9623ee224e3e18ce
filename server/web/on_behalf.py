"""A scheduler asks for a patient: find them, choose what for and when, send."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.errors import DispatchError, NotAllowedError, NotFoundError
from dispatch.people import Actor, Person
from dispatch.ports import Reading
from dispatch.request import MOST_TIMES
from dispatch.usecases.intake import NOTE_LIMIT, SubmitRequest, submit_request
from dispatch.vocabulary import ClinicId, PersonId, RequestType, ServiceId
from server.web import questions
from server.web.errors import STATUS, sentence_of
from server.web.forms import Form, Problems, read_form
from server.web.questions import Questions
from server.web.replies import done, page, prefers_json, see_other, tell_script
from server.web.scheduling import scheduled, scheduler
from server.web.state import WebState

LONGEST_NAME = 100  # characters that are looked for
MOST_FOUND = 20  # patients; beyond that, more letters help more than a longer list
TIME_FIELDS = tuple(f"time{rank}" for rank in range(1, MOST_TIMES + 1))


@dataclass(frozen=True, slots=True)
class Ask:
    """One rendering of the form: what can be chosen, what was typed, and what is wrong."""

    clinics: Sequence[Clinic]
    clinic: Clinic
    hosts: Sequence[Person]
    found: Sequence[Person]
    key: str
    questions: Questions
    typed: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def patient(self) -> Person | None:
        """Return who was chosen, if they are among those found."""
        chosen = self.typed.get("requester", "")
        return next((person for person in self.found if str(person.id) == chosen), None)


async def blank(request: Request[WebState]) -> Response:
    """Show the empty form, for the clinic asked for or the first one."""
    actor = await scheduler(request)
    return await _show(request, actor, Form([("clinic", request.query_params.get("clinic", ""))]))


async def submit(request: Request[WebState]) -> Response:
    """Look for patients, change the clinic, or send the request: whichever button was pressed."""
    actor = await scheduler(request)
    form = await read_form(request)
    if form.text("do") == "find":
        problems = Problems()
        if problems.attempt(lambda: form.text("patient", limit=LONGEST_NAME)) == "":
            problems.by_field["patient"] = "Enter part of the patient’s name."
        status = 422 if problems.by_field else 200
        return await _show(request, actor, form, problems.by_field, status)
    clinic, asked = await _clinic(request, actor, form)
    problems = Problems()
    command = _command(form, clinic, asked, problems)
    if command is None or problems.by_field:
        tell_script(request, problems.by_field)
        return await _show(request, actor, form, problems.by_field, 422)
    try:
        store = request.state["store"]
        outcome = await store.perform(submit_request, command, actor, key=form.key)
    except (NotFoundError, NotAllowedError):
        raise
    except DispatchError as refused:
        if prefers_json(request):
            raise
        wrong = {refused.field: sentence_of(request, refused)}
        return await _show(request, actor, form, wrong, STATUS.get(refused.code, 409))
    if outcome.was_there and not prefers_json(request):
        return see_other(f"/requests/{outcome.number}/assignment")
    return done(request, outcome, "/scheduling/requests")


def _command(
    form: Form, clinic: Clinic, asked: Questions, problems: Problems
) -> SubmitRequest | None:
    problems.attempt(lambda: form.text("patient", limit=LONGEST_NAME))
    requester = problems.attempt(
        lambda: form.integer("requester", otherwise="Find the patient and choose them.")
    )
    service = problems.attempt(lambda: form.integer("service", otherwise="Choose a service."))
    kind = problems.attempt(
        lambda: form.choice("type", RequestType, otherwise="Choose now or set times.")
    )
    host = problems.attempt(lambda: form.optional_integer("host"))
    given = asked.read(form, problems)
    note = problems.attempt(lambda: form.text("note", limit=NOTE_LIMIT))
    times = None
    if kind is RequestType.SCHEDULED:
        times = problems.attempt(lambda: form.local_instants(TIME_FIELDS, clinic.zone))
        if times == ():
            problems.by_field.setdefault("time1", "Choose at least one time.")
    if requester is None or service is None or kind is None:
        return None
    return SubmitRequest(
        clinic_id=ClinicId(clinic.id),
        service_id=ServiceId(service),
        type=kind,
        times=times or (),
        target_host_id=None if host is None else PersonId(host),
        note=note or "",
        zone=clinic.zone,
        requester_id=PersonId(requester),
        given=given,
    )


async def _clinic(request: Request[WebState], actor: Actor, form: Form) -> tuple[Clinic, Questions]:
    def look(reading: Reading) -> tuple[Clinic, Questions]:
        clinic = _chosen(scheduled(reading, actor), form)
        return clinic, questions.as_sent(reading, clinic.id, form)

    return await request.state["store"].read(look)


def _chosen(clinics: Sequence[Clinic], form: Form) -> Clinic:
    """Return the clinic named, or the first; one that is not theirs is not there (S55).

    Raises:
        NotFoundError: the clinic named is not one of these, or all have closed for good.
    """
    if not clinics:
        raise NotFoundError("clinic")
    wanted = form.typed().get("clinic") or str(clinics[0].id)
    clinic = next((each for each in clinics if str(each.id) == wanted), None)
    if clinic is None:
        raise NotFoundError("clinic")
    return clinic


async def _show(
    request: Request[WebState],
    actor: Actor,
    form: Form,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    typed = dict(form.typed())

    def look(reading: Reading) -> Ask:
        clinics = scheduled(reading, actor)
        clinic = _chosen(clinics, form)
        words = typed.get("patient", "").strip()
        can_find = 0 < len(words) <= LONGEST_NAME
        found = reading.patients(clinic.id, words, MOST_FOUND) if can_find else ()
        hosts = reading.hosts_of(clinic.host_group.id)
        key = secrets.token_urlsafe(16)
        asked = questions.as_sent(reading, clinic.id, form)
        return Ask(clinics, clinic, hosts, found, key, asked, typed, problems or {})

    ask = await request.state["store"].read(look)
    return page(
        request,
        "board/on_behalf.html",
        status,
        page_name="on_behalf",
        ask=ask,
        times=TIME_FIELDS,
        note_limit=NOTE_LIMIT,
    )


routes = [
    Route("/scheduling/requests/new", blank, methods=["GET"]),
    Route("/scheduling/requests/new", submit, methods=["POST"]),
]
