"""Where somebody stands after doing something to a request: one of our own pages, by role."""

from typing import Any

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request

from dispatch.errors import NotFoundError
from dispatch.people import Actor
from dispatch.vocabulary import RequestNumber, SessionId
from server.web.forms import Form

PLACES = {
    "requests": "/scheduling/requests",
    "decided": "/scheduling/decided",
    "sessions": "/scheduling/sessions",
    "dashboard": "/dashboard",
    "patient": "/requests",
}
LARGEST_NUMBER = 2**53  # what a browser can count to; a database may take less than a path


class Number(Convertor[int]):
    """``{number:number}`` in a route. Starlette's own ``int`` takes any length and then fails."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        """Return the number."""
        return int(value)

    def to_string(self, value: int) -> str:
        """Return its digits."""
        return str(value)


register_url_convertor("number", Number())


def place_after(form: Form, actor: Actor) -> str:
    """Return the page named by ``from``, else the one where this role works."""
    if named := PLACES.get(form.cut("from")):
        return named
    if actor.schedules:
        return PLACES["requests"]
    return PLACES["dashboard"] if actor.hosts_in else PLACES["patient"]


def session_of(request: Request[Any]) -> SessionId:
    """Return the session of the path.

    Raises:
        NotFoundError: no session can have that number.
    """
    number: int = request.path_params["id"]
    if number > LARGEST_NUMBER:
        raise NotFoundError("session")
    return SessionId(number)


def number_of(request: Request[Any]) -> RequestNumber:
    """Return the Request # of the path.

    Raises:
        NotFoundError: no request can have that number.
    """
    number: int = request.path_params["number"]
    if number > LARGEST_NUMBER:
        raise NotFoundError
    return RequestNumber(number)
