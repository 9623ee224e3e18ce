"""The route table and what stands before it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from server.clock import Clock
from server.health.endpoints import public_routes as health_routes
from server.live.socket import routes as live_routes
from server.settings import Settings
from server.web import (
    assets,
    assigning,
    board,
    home,
    host,
    link_page,
    managing,
    own_settings,
    patient,
    sign_in,
    visiting,
    welcome,
)
from server.web.admin.routes import routes as admin_routes
from server.web.booking.routes import routes as booking_routes
from server.web.errors import exception_handlers
from server.web.guards import Accidents, BodyLimit, OwnForms, OwnHost, SecurityHeaders
from server.web.password import Passwords
from server.web.slots.routes import routes as slot_routes
from server.wiring import Companion, State, running


def create_app(
    settings: Settings,
    companions: Sequence[Companion] = (),
    *,
    clock: Clock | None = None,
    own_port: socket.socket | None = None,
    routes: Sequence[BaseRoute] = (),
    passwords: Passwords | None = None,
) -> Starlette:
    """Return the application; what it needs is opened when it starts and closed when it ends.

    ``companions`` run beside it, ``routes`` come before its own: the demo brings both. ``own_port``
    is where this process tells how it is. ``passwords`` of another cost than ours are for tests.
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[State]:
        async with running(settings, companions, edge=clock, own_port=own_port) as state:
            yield state

    app = Starlette(
        routes=[*routes, *_ROUTES],
        # From the outside in; each is pure ASGI, so a socket's handshake passes here too.
        middleware=[
            Middleware(SecurityHeaders, settings=settings),
            Middleware(Accidents),
            Middleware(OwnHost, settings=settings),
            Middleware(OwnForms),
            Middleware(BodyLimit),
        ],
        exception_handlers=exception_handlers,
        lifespan=lifespan,
    )
    app.state.passwords = passwords or Passwords()
    app.state.turn = asyncio.Lock()  # one try is counted at a time
    return app


_ROUTES: list[BaseRoute] = [
    *live_routes,  # first, for all pages of a worker come at once when another ends
    *home.routes,
    *sign_in.routes,
    *board.routes,
    *assigning.routes,
    *host.routes,
    *patient.routes,
    *visiting.routes,
    *managing.routes,
    *booking_routes,
    *slot_routes,
    *own_settings.routes,
    *welcome.routes,
    *link_page.routes,
    *admin_routes,
    *health_routes,
    *assets.routes,
]
