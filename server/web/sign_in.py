"""Signing in with e-mail and password, and signing out."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.errors import NotAllowedError, TooManyTriesError
from dispatch.ports import Store
from dispatch.usecases.logins import BeginLogin, EndLogin, begin_login, end_login
from server.peers.address import place_of
from server.web.addresses import HOME, local_path
from server.web.forms import read_form
from server.web.login import (
    Signed,
    drop_cookie,
    forget,
    hash_of,
    maybe_signed_in,
    new_token,
    set_cookie,
)
from server.web.password import LONGEST, Passwords
from server.web.replies import page, see_other
from server.web.state import WebState
from server.web.tries import OF_ACCOUNT, OF_PLACE, count, forgive

# One sentence and one status for an unknown address, a wrong password and a disabled person.
WRONG = "That e-mail address and password do not belong together. Check both, and try again."
DEMO_ROLES = (
    ("scheduler", "Scheduler", "Watch the live board and assign requests"),
    ("host", "Provider", "Take requests, and say when you are available"),
    ("requester", "Patient", "Ask to be seen, and follow your request"),
    ("administrator", "Administrator", "See clinics and people"),
)


async def show(request: Request[WebState]) -> Response:
    """Show the form, or go on where somebody is signed in already."""
    after = local_path(request.query_params.get("next", HOME))
    if await maybe_signed_in(request):
        return see_other(after)
    return _form(request, after=after)


async def sign_in(request: Request[WebState]) -> Response:
    """Begin a sign-in with a token that no one has seen before."""
    form = await read_form(request)
    email = form.text("email", limit=320).lower()
    password = form.raw("password", limit=LONGEST)
    after = local_path(form.text("next", limit=2000) or HOME)
    place = place_of(request, request.state["settings"].trusted_proxies)
    limits = {f"from {place}": OF_PLACE, f"as {email}": OF_ACCOUNT}
    try:
        await count(request, limits)
    except TooManyTriesError as refused:
        reply = _form(request, 429, after=after, email=email, problem=refused.sentence)
        reply.headers["Retry-After"] = str(refused.seconds)
        return reply
    token = await _begun(request, email, password)
    if token is None:
        return _form(request, 422, after=after, email=email, problem=WRONG)
    await forgive(request, limits)
    before = await maybe_signed_in(request)
    if before is not None:
        await _end(request, before)
    reply = see_other(after)
    set_cookie(reply, token, request.state["settings"])
    return reply


async def sign_out(request: Request[WebState]) -> Response:
    """End the sign-in; every open page of it loses its live connection."""
    signed = await maybe_signed_in(request)
    if signed is not None:
        await _end(request, signed)
        forget(request)
    reply = see_other("/sign-in")
    drop_cookie(reply, request.state["settings"])
    return reply


async def _begun(request: Request[Any], email: str, password: str) -> str | None:
    """Return the token of a new sign-in, or None where the two do not belong together."""
    store: Store = request.state["store"]
    passwords: Passwords = request.app.state.passwords  # one for each application
    found = await store.read(lambda reading: reading.credentials(email))
    if not await passwords.matches(password, found[1] if found else None) or found is None:
        return None
    actor = await store.read(lambda reading: reading.actor(found[0]))
    if actor is None:
        return None
    token = new_token()
    try:
        begin = BeginLogin(hash_of(token), password_hash=found[1])
        await store.perform(begin_login, begin, actor)
    except NotAllowedError:  # disabled, or with another password, while this one was looked at
        return None
    return token


async def _end(request: Request[WebState], signed: Signed) -> None:
    await request.state["store"].perform(end_login, EndLogin(signed.login_id), signed.actor)


def _form(
    request: Request[Any], status: int = 200, *, after: str, email: str = "", problem: str = ""
) -> Response:
    roles = DEMO_ROLES if request.state["settings"].is_demo else ()
    return page(
        request,
        "sign_in/sign_in.html",
        status,
        after=after,
        email=email,
        problem=problem,
        demo_roles=roles,
    )


routes = [
    Route("/sign-in", show, methods=["GET"]),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
]
