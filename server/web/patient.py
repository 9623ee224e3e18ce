"""A patient's own pages: their requests and visits, and what becomes of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch import permissions
from dispatch.errors import NotAllowedError, NotFoundError
from dispatch.events import patient_stream
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.request import SessionRequest
from dispatch.stream import Projection, Snapshot
from dispatch.usecases.boards import snapshot
from dispatch.views import PatientCard
from dispatch.vocabulary import DeclineReason, RequestStatus
from server.web import asking
from server.web.login import signed_in
from server.web.places import number_of
from server.web.replies import page
from server.web.state import WebState


@dataclass(frozen=True, slots=True)
class Visits:
    """Everything of one's own, as of one instant."""

    shown: Snapshot
    cards: Sequence[PatientCard]
    emergencies: Sequence[str]


async def visits(request: Request[WebState]) -> Response:
    """Show one's own requests and visits, the open one first (S57, S59, S67)."""
    actor = (await signed_in(request)).actor
    if not actor.asks_in:
        raise NotAllowedError("This page is for patients of a clinic.")
    now = request.state["clock"].now()

    def query(reading: Reading) -> Visits:
        clinics = (c for c in reading.clinics_of(actor) if permissions.may_ask(actor, c))
        emergencies = sorted({clinic.emergency_text for clinic in clinics})
        shown = snapshot(reading, patient_stream(actor.person_id), Projection.PATIENT, now)
        return Visits(shown, _pending_first(shown), emergencies)

    own = await request.state["store"].read(query)
    return page(
        request,
        "patient/visits.html",
        live=[own.shown],
        cards=own.cards,
        emergencies=own.emergencies,
        has_pending=any(card.status is RequestStatus.PENDING for card in own.cards),
    )


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
        return shown, card, found

    shown, card, found = await request.state["store"].read(query)
    return page(
        request,
        "patient/status.html",
        live=[shown],
        card=card,
        is_already="already" in request.query_params,
        offers_group=_was_declined_for_absence(found),
    )


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
        key=lambda card: (card.status is not RequestStatus.PENDING, -card.submitted_at.timestamp()),
    )


routes = [
    Route("/requests", visits, methods=["GET"]),
    *asking.routes,
    Route("/requests/{number:number}", status, methods=["GET"]),
]
