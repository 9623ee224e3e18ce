"""The demo's own pages: sign-in links without a password, and the room where a video would open.

The links work on this machine only: for a loopback client that asked for a loopback name, so that
no foreign site can lead a rebound name to them.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.people import Actor
from dispatch.ports import Store
from server.demo.cast import PATIENT, PROVIDER, VISITORS, DemoError, find_cast

# The sign-in page names roles as the domain does.
ROLES = {**VISITORS, "host": PROVIDER, "requester": PATIENT}

ShowPage = Callable[[Request[Any], str], Awaitable[Response]]  # of a template
SignIn = Callable[[Request[Any], Actor], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Doors:
    """The demo's endpoints; signing in and pages come from the web kit, which it may not know."""

    sign_in_as: SignIn
    show_page: ShowPage

    @property
    def routes(self) -> list[Route]:
        """Return the demo's routes."""
        return [
            Route("/demo/sign-in/{role}", self.sign_in, methods=["GET"]),
            Route("/demo/visit/{room}", self.visit, methods=["GET"]),
        ]

    async def sign_in(self, request: Request[Any]) -> Response:
        """Sign in as the demo's person of a role."""
        if not is_on_this_machine(request):
            raise HTTPException(403)
        source = ROLES.get(request.path_params["role"])
        if source is None:
            raise HTTPException(404)
        store: Store = request.state["store"]
        cast = await store.read(find_cast)
        if cast is None:
            raise DemoError("The demo has no people.")
        person = cast.people[source]
        actor = await store.read(lambda reading: reading.actor(person))
        if actor is None:  # disabled by a visitor who is the administrator
            raise HTTPException(404)
        return await self.sign_in_as(request, actor)

    async def visit(self, request: Request[Any]) -> Response:
        """Say what would open here."""
        return await self.show_page(request, "demo/visit.html")


def is_on_this_machine(request: Request[Any]) -> bool:
    """Return whether client and Host are loopback, and no other site sent the browser here."""
    client = request.client.host if request.client else ""
    host = _name_of(request.headers.get("host", ""))
    foreign = request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
    return is_loopback(client) and is_loopback(host) and not foreign


def is_loopback(host: str) -> bool:
    """Return whether an address or name can only mean this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _name_of(host_header: str) -> str:
    try:
        return urlsplit(f"//{host_header}").hostname or ""
    except ValueError:  # brackets around what is no address
        return ""
