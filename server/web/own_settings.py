"""What a person sets for themself: the zone in which every time is written for them."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.errors import InvalidError
from dispatch.people import Actor
from dispatch.usecases.own_settings import SetZone, set_zone
from server.web.forms import read_form
from server.web.login import signed_in
from server.web.replies import done, page, prefers_json
from server.web.state import WebState
from server.web.zones import zones_by_region

PATH = "/me/settings"


async def show(request: Request[WebState]) -> Response:
    """Show what is set."""
    return _page(request, (await signed_in(request)).actor)


async def keep(request: Request[WebState]) -> Response:
    """Keep another zone, and show a time in it."""
    form = await read_form(request)
    actor = (await signed_in(request)).actor
    try:
        command = SetZone(form.text("zone", limit=100))
        outcome = await request.state["store"].perform(set_zone, command, actor, key=form.key)
    except InvalidError as refused:
        if prefers_json(request):
            raise
        return _page(request, actor, {refused.field: refused.sentence}, 422)
    return done(request, outcome, f"{PATH}?kept=1")


def _page(
    request: Request[WebState],
    actor: Actor,
    problems: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    return page(
        request,
        "settings/own.html",
        status,
        page_name="settings",
        zones=_with(actor.zone),
        zone=actor.zone,
        is_kept="kept" in request.query_params and not problems,
        problems=problems or {},
    )


def _with(zone: str) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return the zones with the one that is set, which may go by a name not offered here."""
    offered = dict(zones_by_region())
    if any(name == zone for cities in offered.values() for name, _ in cities):
        return offered
    return {"As it is set": [(zone, zone.replace("_", " "))], **offered}


routes = [Route(PATH, show, methods=["GET"]), Route(PATH, keep, methods=["POST"])]
