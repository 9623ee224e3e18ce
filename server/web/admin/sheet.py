"""One rendering of a form of administration: what was typed, and what is wrong with it.

A form of something that exists says in ``seen`` what it was filled from (``dispatch/seen.py``), and
goes on saying so while its mistakes are corrected. Once somebody was shown what is stored beside
what they typed, it says that instead: to send it again is to mean it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

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
_NOT_SHOWN = {"seen", "key", "do"}
_HERE = (InvalidError, StaleError, AlreadySentError)  # said on the form; the rest is a page


@dataclass(frozen=True, slots=True)
class Sheet:
    """What fields hold: what was typed, else what is so."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    key: str = field(default_factory=new_token)
    status: int = 200  # of the page that shows it
    seen: str = ""  # the word for what its fields were filled from
    is_stale: bool = False  # refused, because something else is stored by now
    stored: Mapping[str, str] = field(default_factory=dict)  # where that differs from the fields

    def after(self, kept: Mapping[str, str], seen: str) -> "Sheet":
        """Return it as it is shown over what is stored by now."""
        if not self.is_stale:
            return self
        names = {*kept, *self.values} - _NOT_SHOWN
        stored = {
            name: kept.get(name, "")
            for name in names
            if kept.get(name, "").strip() != self.values.get(name, "").strip()
        }
        return replace(self, seen=seen, stored=stored)


Show = Callable[[Request[WebState], Sheet], Awaitable[Response]]


def filled(sheet: Sheet | None, kept: Mapping[str, str], seen: str) -> Sheet:
    """Return what the form of something that exists holds: what was typed, else what is kept."""
    return Sheet(kept, seen=seen) if sheet is None else sheet.after(kept, seen)


async def sent(
    request: Request[WebState],
    usecase: UseCase[C],
    read: Callable[[Problems], C | None],
    actor: Actor,
    form: Form,
    show: Show,
    location: str | Callable[[Done], str],
) -> Response:
    """Do what a form asks, or give everything typed back with what is wrong with it."""
    problems = Problems()
    command = read(problems)
    if command is None or problems.by_field:
        tell_script(request, problems.by_field)
        return await show(request, _typed(form, problems.by_field, INVALID))
    try:
        outcome = await request.state["store"].perform(usecase, command, actor, key=form.key)
    except _HERE as refused:
        if prefers_json(request):
            raise
        wrong = {refused.field: sentence_of(request, refused)}
        sheet = _typed(form, wrong, STATUS.get(refused.code, 409))
        stale = replace(sheet, is_stale=isinstance(refused, StaleError))
        return await show(request, stale)
    return done(request, outcome, location if isinstance(location, str) else location(outcome))


def _typed(form: Form, problems: Mapping[str, str], status: int) -> Sheet:
    # What was sent first under a key stands; another thing is another sheet.
    key = form.key if form.key is not None and status == INVALID else new_token()
    return Sheet(form.typed(), problems, key, status, form.cut("seen"))
