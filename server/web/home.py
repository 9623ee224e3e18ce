"""The start page: wherever this person works."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.people import Actor
from dispatch.vocabulary import Role
from server.web.login import signed_in
from server.web.replies import page, see_other
from server.web.state import WebState

# The first that fits: who takes care of others starts there, whatever else they are (S21, S29).
STARTS = (
    (Role.HOST, "/dashboard"),
    (Role.SCHEDULER, "/scheduling/requests"),
    (Role.REQUESTER, "/requests"),
    (Role.ADMINISTRATOR, "/admin"),
)


async def home(request: Request[WebState]) -> Response:
    """Go to the page of the first role, or say that there is none yet."""
    actor = (await signed_in(request)).actor
    start = start_of(actor)
    return see_other(start) if start else page(request, "sign_in/no_role.html")


def start_of(actor: Actor) -> str | None:
    """Return where they work, or None for somebody who belongs nowhere yet."""
    roles = set(actor.roles)
    if Role.ADMINISTRATOR in roles and not actor.asks_in:
        roles.discard(Role.REQUESTER)  # what they once asked for is no place of work
    return next((path for role, path in STARTS if role in roles), None)


routes = [Route("/", home, methods=["GET"])]
