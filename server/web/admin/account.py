"""The account at a glance: how many clinics and people it has, and where to go from here."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.people import Actor
from dispatch.ports import Reading
from server.web.admin.access import administrator
from server.web.replies import page
from server.web.state import WebState


@dataclass(frozen=True, slots=True)
class AtAGlance:
    """What the account holds."""

    clinics: int
    people: int


async def show(request: Request[WebState]) -> Response:
    """Show the account."""
    actor = await administrator(request)
    glance = await request.state["store"].read(lambda reading: _glance(reading, actor))
    return page(request, "admin/account.html", glance=glance)


def _glance(reading: Reading, actor: Actor) -> AtAGlance:
    return AtAGlance(len(reading.clinics_of(actor)), reading.count_people(actor.account_id, ""))


routes = [Route("/admin", show, methods=["GET"])]
