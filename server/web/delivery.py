"""The delivery log: which messages went out, which could not, and sending those again."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.errors import InvalidError, NotAllowedError, NotFoundError
from dispatch.people import Actor
from dispatch.usecases.notices import SendAgain, send_again
from dispatch.vocabulary import NoticeId
from server.web.forms import read_form
from server.web.login import signed_in
from server.web.places import LARGEST_NUMBER
from server.web.replies import done, page, prefers_json
from server.web.state import WebState

MOST_SHOWN = 200
PATH = "/admin/delivery"


async def show(request: Request[WebState], problem: str = "", status: int = 200) -> Response:
    """Show the youngest messages of the account, or those that could not be delivered."""
    actor = await _administrator(request)
    only_failed = request.query_params.get("show") == "failed"
    store, settings = request.state["store"], request.state["settings"]
    posted = await store.read(
        lambda reading: reading.posted(actor.account_id, only_failed=only_failed, limit=MOST_SHOWN)
    )
    return page(
        request,
        "admin/delivery.html",
        status,
        posted=posted,
        only_failed=only_failed,
        most_shown=MOST_SHOWN,
        sends_mail=bool(settings.smtp_url),
        problem=problem,
    )


async def again(request: Request[WebState]) -> Response:
    """Send a dead letter again."""
    actor = await _administrator(request)
    form = await read_form(request)
    number: int = request.path_params["id"]
    if number > LARGEST_NUMBER:
        raise NotFoundError("message")
    command = SendAgain(NoticeId(number))
    try:
        outcome = await request.state["store"].perform(send_again, command, actor, key=form.key)
    except InvalidError as refused:
        if prefers_json(request):
            raise
        return await show(request, refused.sentence, 422)
    return done(request, outcome, PATH)


async def _administrator(request: Request[WebState]) -> Actor:
    actor = (await signed_in(request)).actor
    if not actor.is_administrator:
        raise NotAllowedError("This page is for administrators.")
    return actor


routes = [
    Route(PATH, show, methods=["GET"]),
    Route(f"{PATH}/{{id:number}}/again", again, methods=["POST"]),
]
