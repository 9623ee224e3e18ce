"""The Assign dialog and its answers: accept for a provider at one time, or decline."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dispatch.errors import ConfirmationError, DispatchError, NotAllowedError, NotFoundError
from dispatch.people import Actor
from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.refusal import DeclineRequest, UndoDecline, decline_request, undo_decline
from dispatch.vocabulary import DeclineReason, PersonId, RequestNumber
from server.web import claiming
from server.web.errors import STATUS, sentence_of
from server.web.forms import Form, read_form
from server.web.login import signed_in
from server.web.places import number_of, place_after
from server.web.replies import done, prefers_json
from server.web.saved_reply import with_saved_reply
from server.web.sheet import Answered, fragment, read_sheet, whole_page
from server.web.state import WebState

RESPONSE_ROOM = 20_000  # what is read and given back; the use case refuses far less than that


async def assignment(request: Request[WebState]) -> Response:
    """Show who could take the request (S36, S37), or who was first when it is decided."""
    actor = (await signed_in(request)).actor
    sheet = await read_sheet(request, actor, number_of(request))
    if request.headers.get("x-fragment") != "dialog":
        return whole_page(request, sheet)
    headers = {"Cache-Control": "no-store", "Vary": "X-Fragment"}
    return HTMLResponse(fragment(request, sheet), headers=headers)


async def acceptance(request: Request[WebState]) -> Response:
    """Accept for a provider at one of the times (S49); a host who names nobody means themself."""
    actor = (await signed_in(request)).actor
    form = await read_form(request)
    try:
        form = await with_saved_reply(request, actor, form)
        command = acceptance_of(form, actor, number_of(request))
        store = request.state["store"]
        outcome = await store.perform(accept_request, command, actor, key=form.key)
    except DispatchError as refused:
        return await _again(request, actor, form, refused)
    return done(request, outcome, place_after(form, actor))


async def decline(request: Request[WebState]) -> Response:
    """Decline, with ten seconds to undo it; no provider and no time are needed (S51)."""
    actor = (await signed_in(request)).actor
    form = await read_form(request)
    try:
        form = await with_saved_reply(request, actor, form)
        command = DeclineRequest(
            number=number_of(request),
            expected_version=_version(form),
            reason=form.choice("reason", DeclineReason)
            if form.text("reason")
            else DeclineReason.OTHER,
            response=form.cut("response", limit=RESPONSE_ROOM),
        )
        store = request.state["store"]
        outcome = await store.perform(decline_request, command, actor, key=form.key)
    except DispatchError as refused:
        return await _again(request, actor, form, refused, is_declining=True)
    return done(request, outcome, place_after(form, actor))


async def undo(request: Request[WebState]) -> Response:
    """Stop a decline that was not sent yet."""
    actor = (await signed_in(request)).actor
    form = await read_form(request)
    command = UndoDecline(number_of(request))
    outcome = await request.state["store"].perform(undo_decline, command, actor, key=form.key)
    return done(request, outcome, place_after(form, actor))


def acceptance_of(form: Form, actor: Actor, number: RequestNumber) -> AcceptRequest:
    """Return what a form accepts; a host who names nobody means themself."""
    host = form.optional_integer("host")
    if host is None and (not actor.schedules or form.cut("from") == "dashboard"):
        host = actor.person_id
    is_now = form.text("time") in ("", "now")
    return AcceptRequest(
        number=number,
        expected_version=_version(form),
        host_id=None if host is None else PersonId(host),
        time=None if is_now else form.instant("time"),
        response=form.cut("response", limit=RESPONSE_ROOM),
        confirmed=frozenset(form.many("confirm")),
    )


def _version(form: Form) -> int:
    return form.integer("version", otherwise="Open the request again, and press once more.")


async def _again(
    request: Request[WebState],
    actor: Actor,
    form: Form,
    refused: DispatchError,
    *,
    is_declining: bool = False,
) -> Response:
    """Show a scheduler the form again with what was typed in it, as far as there is room.

    Raises:
        DispatchError: the same, where a script asked or there is no form to go back to.
    """
    has_no_form = not actor.schedules or form.cut("from") == "dashboard"
    is_final = isinstance(refused, NotFoundError | NotAllowedError)
    if prefers_json(request) or has_no_form or is_final:
        raise refused
    sheet = await read_sheet(request, actor, number_of(request))
    response = form.cut("response", limit=RESPONSE_ROOM)
    if isinstance(sheet, Answered):
        return whole_page(request, replace(sheet, response=response), 409)
    host = form.cut("host")
    again = replace(
        sheet,
        response=response,
        host_id=int(host) if host.isdecimal() else None,
        time=form.cut("time"),
        reason=form.cut("reason") or sheet.reason,
        is_declining=is_declining,
        refusal=sentence_of(request, refused),
        confirm=refused.confirm if isinstance(refused, ConfirmationError) else (),
    )
    return whole_page(request, again, STATUS.get(refused.code, 409))


routes = [
    Route("/requests/{number:number}/assignment", assignment, methods=["GET"]),
    Route("/requests/{number:number}/acceptance", acceptance, methods=["POST"]),
    Route("/requests/{number:number}/decline", decline, methods=["POST"]),
    Route("/requests/{number:number}/decline/undo", undo, methods=["POST"]),
    *claiming.routes,
]
