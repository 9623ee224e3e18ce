"""The whole calendar at one look: each day of the week, single slots, and time off."""

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from dispatch.errors import DispatchError
from dispatch.usecases.slot_rules import CopyDay, copy_day
from server.web.errors import STATUS, sentence_of
from server.web.forms import Form, read_form
from server.web.replies import done, page, prefers_json
from server.web.slots.form import weekdays_of
from server.web.slots.whose import Calendar, calendar_of
from server.web.slots.words import Listed, listed
from server.web.state import WebState


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page shows; of a copy that was refused, which day and why."""

    calendar: Calendar
    listed: Listed
    copied: str = ""
    ticked: frozenset[str] = frozenset()
    problems: dict[str, str] = field(default_factory=dict)


async def show(request: Request[WebState]) -> Response:
    """Show the calendar."""
    return _page(request, _overview(request, await calendar_of(request)))


async def copy(request: Request[WebState]) -> Response:
    """Copy the weekly slots of a day to other days."""
    calendar = await calendar_of(request)
    form = await read_form(request)
    try:
        command = _command(form, calendar)
        outcome = await request.state["store"].perform(
            copy_day, command, calendar.actor, key=form.key
        )
    except DispatchError as refused:
        if prefers_json(request):
            raise
        overview = Overview(
            calendar,
            _overview(request, calendar).listed,
            copied=form.cut("weekday", limit=2),
            ticked=frozenset(form.many("to")),
            problems={"to": sentence_of(request, refused)},
        )
        return _page(request, overview, STATUS.get(refused.code, 409))
    return done(request, outcome, calendar.path)


def _command(form: Form, calendar: Calendar) -> CopyDay:
    weekday = form.integer("weekday", otherwise="Choose the day to copy.")
    return CopyDay(calendar.host.person_id, weekday, weekdays_of(form, "to"))


def _overview(request: Request[WebState], calendar: Calendar) -> Overview:
    now = request.state["clock"].now()
    return Overview(calendar, listed(calendar.rules, calendar.host.zone, now))


def _page(request: Request[WebState], overview: Overview, status: int = 200) -> Response:
    return page(
        request, "slots/week.html", status, page_name=overview.calendar.page_name, overview=overview
    )
