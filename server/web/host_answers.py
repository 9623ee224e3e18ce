"""A provider's answers: the shared ones, with a page of their own where one is refused."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.errors import ConfirmationError, DecidedError, DispatchError, InvalidError
from dispatch.usecases.assignment import accept_request
from dispatch.usecases.refusal import PassRequest, pass_request
from dispatch.usecases.visits import StartVisit, start_visit
from dispatch.vocabulary import SessionId
from server.web import assigning
from server.web.errors import STATUS, sentence_of
from server.web.forms import read_form
from server.web.login import signed_in
from server.web.places import number_of
from server.web.replies import done, page, prefers_json
from server.web.saved_reply import with_saved_reply
from server.web.state import WebState
from server.web.visiting import door_of

DASHBOARD = "/dashboard"
Endpoint = Callable[[Request[WebState]], Awaitable[Response]]


def from_dashboard(answer: Endpoint) -> Endpoint:
    """Return the endpoint with its refusals on a page that keeps what was typed."""

    async def answered(request: Request[WebState]) -> Response:
        try:
            return await answer(request)
        except DispatchError as refused:
            if prefers_json(request) or refused.code == "not_found":
                raise
            return await _refused(request, refused)

    return answered


async def entering(request: Request[WebState]) -> Response:
    """Accept and begin at once, on the way to the video (V6)."""
    actor = (await signed_in(request)).actor
    form = await read_form(request)
    form = await with_saved_reply(request, actor, form)
    store = request.state["store"]
    command = assigning.acceptance_of(form, actor, number_of(request))
    outcome = await store.perform(accept_request, command, actor, key=form.key)
    session_id = SessionId(outcome.entity.id)
    try:
        await store.perform(start_visit, StartVisit(session_id), actor)
    except (InvalidError, DecidedError):  # it is accepted, which its page says; and from when on
        return done(request, outcome, f"/sessions/{session_id}")
    return done(request, outcome, door_of(request, session_id))


async def passing(request: Request[WebState]) -> Response:
    """Leave a request of the whole group to the others."""
    actor = (await signed_in(request)).actor
    form = await read_form(request)
    command = PassRequest(number_of(request), form.text("response", limit=500))
    outcome = await request.state["store"].perform(pass_request, command, actor, key=form.key)
    return done(request, outcome, DASHBOARD)


async def _refused(request: Request[WebState], refused: DispatchError) -> Response:
    form = await read_form(request)
    return page(
        request,
        "host/refused.html",
        STATUS.get(refused.code, 409),
        page_name="refused",
        number=number_of(request),
        sentence=sentence_of(request, refused),
        typed=form.typed(),
        action=request.url.path,
        confirm=refused.confirm if isinstance(refused, ConfirmationError) else (),
    )


routes = [
    Route(
        "/dashboard/requests/{number:number}/acceptance",
        from_dashboard(assigning.acceptance),
        methods=["POST"],
    ),
    Route(
        "/dashboard/requests/{number:number}/decline",
        from_dashboard(assigning.decline),
        methods=["POST"],
    ),
    Route(
        "/dashboard/requests/{number:number}/entrance",
        from_dashboard(entering),
        methods=["POST"],
    ),
    Route("/requests/{number:number}/pass", passing, methods=["POST"]),
]
