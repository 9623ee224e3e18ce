"""Who is deciding a request, and giving it up again: claims, withdrawals, returns to the queue."""

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.errors import InvalidError
from dispatch.usecases.assignment import ReturnToQueue, return_to_queue
from dispatch.usecases.claims import ClaimRequest, ReleaseClaim, claim_request, release_claim
from dispatch.usecases.intake import WithdrawRequest, withdraw_request
from server.web.forms import Form, read_form
from server.web.login import signed_in
from server.web.places import number_of, place_after
from server.web.replies import done
from server.web.state import WebState

TAB = re.compile(r"[A-Za-z0-9_-]{8,64}")  # as in the live protocol: a claim belongs to a tab


async def claim(request: Request[WebState]) -> Response:
    """Show the others that one is assigning; ``take_over`` takes it from somebody."""
    actor = (await signed_in(request)).actor
    form = await read_form(request)
    command = ClaimRequest(number_of(request), _tab(form), form.text("take_over") == "1")
    outcome = await request.state["store"].perform(claim_request, command, actor, key=form.key)
    return done(request, outcome, place_after(form, actor))


async def release(request: Request[WebState]) -> Response:
    """Stop assigning."""
    actor = (await signed_in(request)).actor
    form = await read_form(request)
    command = ReleaseClaim(number_of(request), _tab(form))
    outcome = await request.state["store"].perform(release_claim, command, actor, key=form.key)
    return done(request, outcome, place_after(form, actor))


async def withdrawal(request: Request[WebState]) -> Response:
    """Take a request back: the requester, or a scheduler on their word."""
    actor = (await signed_in(request)).actor
    form = await read_form(request)
    command = WithdrawRequest(number_of(request))
    outcome = await request.state["store"].perform(withdraw_request, command, actor, key=form.key)
    return done(request, outcome, place_after(form, actor))


async def return_of(request: Request[WebState]) -> Response:
    """Put an accepted request back into its old place."""
    actor = (await signed_in(request)).actor
    form = await read_form(request)
    version = form.integer("version", otherwise="Open the list again, and press once more.")
    command = ReturnToQueue(number_of(request), version)
    outcome = await request.state["store"].perform(return_to_queue, command, actor, key=form.key)
    return done(request, outcome, place_after(form, actor))


def _tab(form: Form) -> str:
    tab = form.text("tab")
    if not TAB.fullmatch(tab):
        raise InvalidError("This page has lost its name. Reload it.", field="tab")
    return tab


routes = [
    Route("/requests/{number:number}/claim", claim, methods=["POST"]),
    Route("/requests/{number:number}/claim/release", release, methods=["POST"]),
    Route("/requests/{number:number}/withdrawal", withdrawal, methods=["POST"]),
    Route("/requests/{number:number}/return", return_of, methods=["POST"]),
]
