"""A patient's own pages: their requests and visits, and what becomes of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.errors import NotAllowedError, NotFoundError
from dispatch.events import patient_stream
from dispatch.people import Actor, system_actor
from dispatch.ports import Reading
from dispatch.request import SessionRequest
from dispatch.stream import Projection, Snapshot
from dispatch.usecases.boards import snapshot
from dispatch.usecases.intake import DismissAnswer, dismiss_answer
from dispatch.usecases.lines import KeepEstimate, keep_estimate, lines
from dispatch.views import LineView, LinkCard, PatientCard
from dispatch.vocabulary import DeclineReason, RequestStatus
from server.web import asking, seeing_now
from server.web.forms import read_form
from server.web.login import signed_in
from server.web.places import number_of
from server.web.replies import done, page
from server.web.state import WebState

PATH = "/requests"
C = TypeVar("C", PatientCard, LinkCard)


@dataclass(frozen=True, slots=True)
class Visits:
    """Everything of one's own, as of one instant."""

    shown: Snapshot
    cards: Sequence[PatientCard]
    emergencies: Sequence[str]
    may_ask: bool  # somewhere; who may not still has what they asked for


async def visits(request: Request[WebState]) -> Response:
    """Show one's own requests and visits, the open one first (S57, S59, S67)."""
    actor = (await signed_in(request)).actor
    if not actor.is_requester:
        raise NotAllowedError("This page is for patients of a clinic.")
    now = request.state["clock"].now()

    def query(reading: Reading) -> Visits:
        clinics = asking.clinics_to_ask(reading, actor)
        shown = snapshot(reading, patient_stream(actor.person_id), Projection.PATIENT, now)
        places = lines(reading, [shown.stream], now).get(shown.stream, ())
        cards = [placed(card, places) for card in _pending_first(shown)]
        waiting = {card.emergency_text for card in cards if card.status is RequestStatus.PENDING}
        emergencies = sorted(waiting | {clinic.emergency_text for clinic in clinics})
        return Visits(shown, cards, emergencies, bool(clinics))

    own = await request.state["store"].read(query)
    shown = page(
        request,
        "patient/visits.html",
        live=[own.shown],
        cards=own.cards,
        emergencies=own.emergencies,
        may_ask=own.may_ask,
        has_pending=any(card.status is RequestStatus.PENDING for card in own.cards),
    )
    return told(shown, request, own.cards)


async def status(request: Request[WebState]) -> Response:
    """Show one of one's own requests, from Sent to Join (S88)."""
    actor = (await signed_in(request)).actor
    number = number_of(request)
    now = request.state["clock"].now()

    def query(reading: Reading) -> tuple[Snapshot, PatientCard, SessionRequest]:
        found = _own_request(reading, actor, number)
        shown = snapshot(reading, patient_stream(actor.person_id), Projection.PATIENT, now)
        card = next((card for card in _cards(shown) if card.id == found.id), None)
        if card is None:
            raise NotFoundError
        places = lines(reading, [shown.stream], now).get(shown.stream, ())
        return shown, placed(card, places), found

    shown, card, found = await request.state["store"].read(query)
    answer = page(
        request,
        "patient/status.html",
        live=[shown],
        card=card,
        is_already="already" in request.query_params,
        is_unread="already" in request.query_params and card.awaits_dismissal,
        offers_group=card.may_ask_again and _was_declined_for_absence(found),
        may_ask=actor.may_ask,
    )
    return told(answer, request, [card])


async def dismissal(request: Request[WebState]) -> Response:
    """Put an answer aside (V3), and go on to the list or to the next request."""
    actor = (await signed_in(request)).actor
    form = await read_form(request)
    command = DismissAnswer(number_of(request))
    outcome = await request.state["store"].perform(dismiss_answer, command, actor, key=form.key)
    asks_again = form.text("then") == "again"
    return done(request, outcome, f"/requests/new?again={outcome.number}" if asks_again else PATH)


def placed(card: C, places: Sequence[LineView]) -> C:
    """Return the card with what the line says of it; scripts are told of changes beside it."""
    return replace(card, line=next((line for line in places if line.id == card.id), None))


def told(
    answer: Response, request: Request[WebState], cards: Sequence[PatientCard | LinkCard]
) -> Response:
    """Return the page; the first range that it shows somebody is kept once it is on its way."""
    first = [
        KeepEstimate(card.id, card.line.estimate)
        for card in cards
        if card.line is not None and card.line.estimate is not None and card.line.told is None
    ]
    accounts = [card.line.account_id for card in cards if card.line is not None]

    async def keep() -> None:
        for command in first:
            system = system_actor(accounts[0])
            await request.state["store"].perform(keep_estimate, command, system)

    if first:
        answer.background = BackgroundTask(keep)
    return answer


def _own_request(reading: Reading, actor: Actor, number: int) -> SessionRequest:
    found = asking.own_request(reading, actor, number)
    if found is None:
        raise NotFoundError
    return found


def _was_declined_for_absence(request: SessionRequest) -> bool:
    """Tell whether the named provider was not available, so that others may be (V4)."""
    decision = request.decision
    return decision is not None and decision.reason is DeclineReason.HOST_UNAVAILABLE


def _cards(shown: Snapshot) -> list[PatientCard]:
    return [view for view in shown.views if isinstance(view, PatientCard)]


def _pending_first(shown: Snapshot) -> list[PatientCard]:
    """Return the cards as the page orders them: see ``data-order`` in the partial."""
    return sorted(
        _cards(shown),
        key=lambda card: (_rank(card), -card.submitted_at.timestamp()),
    )


def _rank(card: PatientCard) -> int:
    """Return what comes first: answers not read yet (V3), then what waits, then the rest."""
    if card.awaits_dismissal:
        return 0
    return 1 if card.status is RequestStatus.PENDING else 2


routes = [
    Route(PATH, visits, methods=["GET"]),
    *asking.routes,
    *seeing_now.routes,
    Route("/requests/{number:number}", status, methods=["GET"]),
    Route("/requests/{number:number}/dismissal", dismissal, methods=["POST"]),
]
