"""One rendering of a form of administration: what was typed, and what is wrong with it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from dispatch.errors import AlreadySentError, InvalidError, StaleError
from dispatch.people import Actor
from dispatch.ports import Done, UseCase
from server.tokens import new_token
from server.web.errors import STATUS, sentence_of
from server.web.forms import Form, Problems
from server.web.replies import done, prefers_json, tell_script
from server.web.state import WebState

C = TypeVar("C")
INVALID = 422
_HERE = (InvalidError, StaleError, AlreadySentError)  # said on the form; the rest is a page


@dataclass(frozen=True, slots=True)
class Sheet:
    """What fields hold: what was typed, else what is so."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    key: str = field(default_factory=new_token)
    status: int = 200  # of the page that shows it


Show = Callable[[Sheet], Awaitable[Response]]


async def sent(
    request: Request[WebState],
    usecase: UseCase[C],
    read: Callable[[Problems], C | None],
    actor: Actor,
    form: Form,
    show: Show,
    location: Callable[[Done], str],
) -> Response:
    """Do what a form asks, or give everything typed back with what is wrong with it."""
    problems = Problems()
    command = read(problems)
    if command is None or problems.by_field:
        return await _back(request, form, problems.by_field, show)
    try:
        outcome = await request.state["store"].perform(usecase, command, actor, key=form.key)
    except _HERE as refused:
        if prefers_json(request):
            raise
        wrong = {refused.field: sentence_of(request, refused)}
        return await _back(request, form, wrong, show, STATUS.get(refused.code, 409))
    return done(request, outcome, location(outcome))


async def _back(
    request: Request[Any],
    form: Form,
    problems: Mapping[str, str],
    show: Show,
    status: int = INVALID,
) -> Response:
    tell_script(request, problems)
    # What was sent first under a key stands; another thing is another sheet.
    key = form.key if form.key is not None and status == INVALID else new_token()
    return await show(Sheet(form.typed(), problems, key, status))
