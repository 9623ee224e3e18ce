"""Somebody who was invited chooses a password: opening the link does nothing, the button does."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.errors import NotFoundError
from dispatch.people import Person, system_actor
from dispatch.ports import Reading
from dispatch.usecases.logins import BeginLogin, begin_login
from dispatch.usecases.people import ChoosePassword, choose_password
from dispatch.welcome import WelcomeLink, is_open, read_token
from server.web.addresses import HOME
from server.web.forms import Form, Problems, read_form
from server.web.login import hash_of, new_token, set_cookie
from server.web.password import LONGEST, SHORTEST
from server.web.replies import page, see_other
from server.web.state import WebState


@dataclass(frozen=True, slots=True)
class Invited:
    """Who holds the link, as far as the link says."""

    person: Person
    link: WelcomeLink
    token: str


async def show(request: Request[WebState]) -> Response:
    """Show the form, or that the link leads nowhere any more."""
    return _page(request, await _invited(request))


async def choose(request: Request[WebState]) -> Response:
    """Keep the password and sign them in."""
    invited = await _invited(request)
    if invited is None:
        return _page(request, None)
    form = await read_form(request)
    password, problems = _chosen(form)
    if problems:
        return _page(request, invited, problems)
    password_hash = await request.app.state.passwords.hash(password)
    person, store = invited.person, request.state["store"]
    command = ChoosePassword(person.id, invited.link.invited_at, password_hash)
    try:
        await store.perform(choose_password, command, system_actor(person.account_id))
    except NotFoundError:
        return _page(request, None)
    actor = await store.read(lambda reading: reading.actor(person.id))
    if actor is None:
        return _page(request, None)
    token = new_token()
    await store.perform(begin_login, BeginLogin(hash_of(token)), actor)
    reply = see_other(HOME)
    set_cookie(reply, token, request.state["settings"])
    return reply


async def _invited(request: Request[WebState]) -> Invited | None:
    token, now = request.path_params["token"], request.state["clock"].now()

    def query(reading: Reading) -> Invited | None:
        link = read_token(token, reading.link_secret())
        person = reading.invitee(link.person_id) if link else None
        if link is None or person is None or not is_open(person, link.invited_at, now):
            return None
        return Invited(person, link, token)

    return await request.state["store"].read(query)


def _chosen(form: Form) -> tuple[str, dict[str, str]]:
    """Return the password that was typed twice, or what is wrong with it, by field."""
    problems = Problems()
    password = problems.attempt(lambda: form.raw("password", limit=LONGEST))
    if password is None:
        return "", problems.by_field
    if len(password) < SHORTEST:
        return "", {"password": f"Choose at least {SHORTEST} characters."}
    if password != problems.attempt(lambda: form.raw("again", limit=LONGEST)):
        return "", {"again": "The two are not the same. Type them once more."}
    return password, {}


def _page(
    request: Request[WebState], invited: Invited | None, problems: dict[str, str] | None = None
) -> Response:
    return page(
        request,
        "sign_in/welcome.html",
        404 if invited is None else 422 if problems else 200,
        invited=invited,
        problems=problems or {},
        shortest=SHORTEST,
        longest=LONGEST,
    )


routes = [
    Route("/welcome/{token}", show, methods=["GET"]),
    Route("/welcome/{token}", choose, methods=["POST"]),
]
