"""The delivery log: which messages went out, which could not, and sending those again."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.errors import InvalidError
from dispatch.usecases.notices import SendAgain, send_again
from dispatch.vocabulary import NoticeId
from server.web.admin.access import administrator, id_in_path
from server.web.forms import read_form
from server.web.replies import done, page, prefers_json
from server.web.state import WebState

MOST_SHOWN = 200
PATH = "/admin/delivery"


async def show(request: Request[WebState], problem: str = "", status: int = 200) -> Response:
    """Show the youngest messages of the account, or those that could not be delivered."""
    actor = await administrator(request)
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
    actor = await administrator(request)
    form = await read_form(request)
    command = SendAgain(NoticeId(id_in_path(request, "message")))
    try:
        outcome = await request.state["store"].perform(send_again, command, actor, key=form.key)
    except InvalidError as refused:
        if prefers_json(request):
            raise
        return await show(request, refused.sentence, 422)
    return done(request, outcome, PATH)


routes = [
    Route(PATH, show, methods=["GET"]),
    Route(f"{PATH}/{{id:number}}/again", again, methods=["POST"]),
]
