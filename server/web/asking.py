"""A patient asks to be seen: one page, and everything typed survives a mistake."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch import permissions
from dispatch.clinic import Clinic
from dispatch.clinic_rules import closed_for_good, while_closed
from dispatch.errors import (
    AlreadySentError,
    DispatchError,
    FormChangedError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
)
from dispatch.events import patient_stream
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.request import SessionRequest
from dispatch.stream import Projection
from dispatch.usecases.intake import HORIZON, NOTE_LIMIT, submit_request
from dispatch.views import PatientCard
from dispatch.vocabulary import (
    ClinicId,
    ClinicMode,
    DeclineReason,
    PersonId,
    RequestNumber,
    RequestStatus,
)
from server.web import intake, questions
from server.web.errors import sentence_of
from server.web.forms import Form, read_form
from server.web.login import new_token, signed_in
from server.web.places import LARGEST_NUMBER
from server.web.questions import NO_QUESTIONS, Questions
from server.web.replies import done, page, prefers_json, see_other, tell_script
from server.web.state import WebState


@dataclass(frozen=True, slots=True)
class HostChoice:
    """A provider whom one may ask for by name."""

    id: PersonId
    name: str
    is_available: bool | None  # now; None where the calendar decides


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form of one clinic: what it offers, and what was typed so far."""

    clinic: Clinic
    hosts: tuple[HostChoice, ...]
    zone: str
    first_day: str
    last_day: str
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    has_more_clinics: bool = False
    questions: Questions = NO_QUESTIONS
    closed: str = ""  # why nobody can ask to be seen now, while that is so

    @property
    def key(self) -> str:
        """Return the idempotency key: the one that came, so that sending again is the same ask."""
        return self.typed.get("key") or new_token()

    @property
    def note_limit(self) -> int:
        """Return how many characters the note may have."""
        return NOTE_LIMIT


async def show(request: Request[WebState]) -> Response:
    """Show the form, after a choice of clinic where there are several."""
    actor = (await signed_in(request)).actor
    now, wished = request.state["clock"].now(), request.query_params
    found = await request.state["store"].read(lambda reading: _begin(reading, actor, wished, now))
    if isinstance(found, Sheet):
        return _shown(request, found)
    if isinstance(found, int):
        return see_other(f"/requests/{found}?already=1")
    return page(request, "patient/choose_clinic.html", clinics=found)


async def submit(request: Request[WebState]) -> Response:
    """Send the request, or give everything typed back with what is wrong with it."""
    actor = (await signed_in(request)).actor
    now, store = request.state["clock"].now(), request.state["store"]
    form = await read_form(request)
    clinic_id = ClinicId(form.integer("clinic", otherwise="Choose a clinic."))

    def look(reading: Reading) -> Sheet:
        sheet = _sheet(reading, actor, clinic_id, now)
        return replace(sheet, questions=questions.as_sent(reading, clinic_id, form))

    sheet = await store.read(look)
    asked = intake.read(form, sheet.clinic, actor.zone, sheet.questions)
    problems, status = dict(asked.problems), 422
    if asked.command is not None:
        try:
            outcome = await store.perform(submit_request, asked.command, actor, key=form.key)
        except (AlreadySentError, FormChangedError) as refused:
            if prefers_json(request):
                raise
            # What was sent first stands; another request is another sheet of paper.
            problems, status, form = {"": refused.sentence}, 409, form.without("key")
            sheet = await store.read(look)  # the clinic's questions may have changed just now
        except InvalidError as refused:
            problems = {asked.field_of(refused): sentence_of(request, refused)}
        else:
            already = "?already=1" if outcome.was_there else ""
            return done(request, outcome, f"/requests/{outcome.number}{already}")
    tell_script(request, problems)
    return _shown(request, replace(sheet, typed=form.typed(), problems=problems), status)


def _shown(request: Request[WebState], sheet: Sheet, status: int = 200) -> Response:
    refused = while_closed(sheet.clinic, request.state["clock"].now())
    closed = sentence_of(request, refused) if refused and sheet.clinic.accepts_now else ""
    return page(request, "patient/new.html", status, sheet=replace(sheet, closed=closed))


def own_request(reading: Reading, actor: Actor, number: int) -> SessionRequest | None:
    """Return one's own request of that number; anybody else's does not exist (S67)."""
    if number > LARGEST_NUMBER:
        return None
    found = reading.request(actor.account_id, RequestNumber(number))
    return found if found and found.requester_id == actor.person_id else None


def _begin(
    reading: Reading, actor: Actor, wished: QueryParams, now: datetime
) -> Sheet | list[Clinic] | RequestNumber:
    """Return the form, the clinics to choose from, or the request that has to end first."""
    again = _repeated(reading, actor, wished)
    chosen = again.clinic_id if again else _whole_number(wished, "clinic")
    clinics = clinics_to_ask(reading, actor)
    if chosen is not None and chosen not in {clinic.id for clinic in clinics}:
        raise _not_to_ask(reading, actor, chosen)
    if not clinics:
        for closed in (c for c in reading.clinics_of(actor) if permissions.may_ask(actor, c)):
            raise _not_to_ask(reading, actor, closed.id)
        raise NotAllowedError("You are not a patient of a clinic yet. Ask your clinic to add you.")
    if chosen is None and len(clinics) > 1:
        return clinics
    clinic_id = clinics[0].id if chosen is None else ClinicId(chosen)
    sheet = _sheet(reading, actor, clinic_id, now)
    first = _first_of_all(reading, actor, clinic_id, now)
    if first is not None:
        return first
    asked_again = questions.as_answered(reading, clinic_id, again.id if again else None)
    return replace(sheet, typed=_prefilled(wished, again, asked_again.note), questions=asked_again)


def clinics_to_ask(reading: Reading, actor: Actor) -> list[Clinic]:
    """Return the clinics in which the person may ask to be seen."""
    theirs = (clinic for clinic in reading.clinics_of(actor) if not clinic.is_archived)
    return [clinic for clinic in theirs if permissions.may_ask(actor, clinic)]


def _not_to_ask(reading: Reading, actor: Actor, clinic_id: int) -> DispatchError:
    """Return why a link leads to no form: the clinic is not theirs, or has closed for good."""
    key = ClinicId(clinic_id)
    clinic = reading.clinic(actor.account_id, key) if clinic_id <= LARGEST_NUMBER else None
    closed = closed_for_good(clinic) if clinic and permissions.may_ask(actor, clinic) else None
    return NotAllowedError(closed.sentence) if closed else NotFoundError("clinic")


def _sheet(reading: Reading, actor: Actor, clinic_id: ClinicId, now: datetime) -> Sheet:
    clinic = reading.clinic(actor.account_id, clinic_id) if clinic_id <= LARGEST_NUMBER else None
    if clinic is None or not permissions.may_ask(actor, clinic):
        raise NotFoundError("clinic")
    today = now.astimezone(ZoneInfo(actor.zone)).date()
    return Sheet(
        clinic=clinic,
        hosts=hosts_to_ask(reading, clinic, now),
        zone=actor.zone,
        first_day=today.isoformat(),
        last_day=(today + HORIZON).isoformat(),
        has_more_clinics=len(clinics_to_ask(reading, actor)) > 1,
    )


def hosts_to_ask(reading: Reading, clinic: Clinic, now: datetime) -> tuple[HostChoice, ...]:
    """Return the providers whom one may ask for by name."""
    hosts = reading.hosts_of(clinic.host_group.id)
    if clinic.mode is ClinicMode.CALENDAR:
        return tuple(HostChoice(host.id, host.name, None) for host in hosts)
    toggles = reading.availabilities([host.id for host in hosts])
    return tuple(
        HostChoice(host.id, host.name, host.id in toggles and toggles[host.id].is_available_at(now))
        for host in hosts
    )


def _first_of_all(
    reading: Reading, actor: Actor, clinic_id: ClinicId, now: datetime
) -> RequestNumber | None:
    """Return what stands before the next request in that clinic.

    That is one's open request, of which there is one at most, or an answer to be read (V3).
    """
    own = reading.views(patient_stream(actor.person_id), Projection.PATIENT, None, now)
    cards = [card for card in own if isinstance(card, PatientCard)]
    for card in sorted(cards, key=lambda card: card.awaits_dismissal):
        if card.status is RequestStatus.PENDING or card.awaits_dismissal:
            request = reading.request(actor.account_id, card.number)
            if request is not None and request.clinic_id == clinic_id:
                return card.number
    return None


def _repeated(reading: Reading, actor: Actor, wished: QueryParams) -> SessionRequest | None:
    number = _whole_number(wished, "again")
    return None if number is None else own_request(reading, actor, number)


def _prefilled(
    wished: QueryParams, again: SessionRequest | None, note: str | None
) -> dict[str, str]:
    """Return what a link, or an earlier request, fills in; times are never carried over."""
    if again is None:
        return {name: wished.get(name, "") for name in ("service", "type", "host")}
    is_absent = again.decision and again.decision.reason is DeclineReason.HOST_UNAVAILABLE
    host = "" if is_absent or again.target_host_id is None else str(again.target_host_id)
    return {
        "service": str(again.service_id),
        "type": again.type.value,
        "host": host,
        "note": again.note if note is None else note,
    }


def _whole_number(wished: QueryParams, name: str) -> int | None:
    return Form([(name, wished.get(name, ""))]).optional_integer(name)


routes = [
    Route("/requests/new", show, methods=["GET"]),
    Route("/requests/new", submit, methods=["POST"]),
]
