"""A provider's dashboard: their toggle, the requests they may answer, and their sessions."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.errors import DispatchError, InvalidError, NotFoundError
from dispatch.events import host_stream, hosts_stream
from dispatch.local_time import to_instant
from dispatch.people import Actor
from dispatch.ports import Reading, UseCase
from dispatch.stream import Projection, Snapshot
from dispatch.usecases.availability import (
    EndBreak,
    SetAvailability,
    TakeBreak,
    end_break,
    set_availability,
    take_break,
)
from dispatch.usecases.boards import snapshot
from dispatch.views import AvailabilityCard, HostCard, HostGroupRow, PassRow, SessionRow
from server.web import host_answers
from server.web.errors import STATUS, sentence_of
from server.web.forms import Form, read_form
from server.web.host_answers import DASHBOARD
from server.web.login import signed_in
from server.web.replies import done, page, prefers_json
from server.web.state import WebState

C = TypeVar("C")
ONE_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything that one look at the dashboard needs, read at one instant."""

    live: tuple[Snapshot, ...]
    toggle: AvailabilityCard
    groups: tuple[HostGroupRow, ...]
    requests: tuple[HostCard, ...]
    passes: tuple[PassRow, ...]
    sessions: tuple[SessionRow, ...]
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def holds(self) -> dict[str, list[str]]:
        """Return which stream put which entity here: several streams share the places."""
        return {
            f"{seen.stream}/{seen.projection}": [str(view.entity) for view in seen.views]
            for seen in self.live
        }


async def dashboard(request: Request[WebState]) -> Response:
    """Show the provider's own page; the first thing they see after signing in (S21)."""
    return await _shown(request, await _host(request))


async def availability(request: Request[WebState]) -> Response:
    """Turn the toggle on until a time of the provider's choice, or off (V5)."""
    actor = await _host(request)
    form = await read_form(request)

    def wish() -> SetAvailability:
        return _wish(form, actor, request.state["clock"].now())

    return await _kept(request, actor, form, set_availability, wish)


async def away(request: Request[WebState]) -> Response:
    """Take a break of some minutes."""
    actor = await _host(request)
    form = await read_form(request)

    def wish() -> TakeBreak:
        return TakeBreak(form.integer("minutes", otherwise="Choose how long your break is."))

    return await _kept(request, actor, form, take_break, wish)


async def back(request: Request[WebState]) -> Response:
    """End a break before its time."""
    actor = await _host(request)
    return await _kept(request, actor, await read_form(request), end_break, EndBreak)


async def _kept(
    request: Request[WebState],
    actor: Actor,
    form: Form,
    usecase: UseCase[C],
    wish: Callable[[], C],
) -> Response:
    """Do what was wished, or show the page again with what is wrong with it."""
    try:
        store = request.state["store"]
        outcome = await store.perform(usecase, wish(), actor, key=form.key)
    except DispatchError as refused:
        if prefers_json(request):
            raise
        problems = {refused.field: sentence_of(request, refused)}
        return await _shown(request, actor, problems, STATUS.get(refused.code, 409))
    return done(request, outcome, DASHBOARD)


async def _host(request: Request[WebState]) -> Actor:
    """Return the signed-in provider; whoever is none cannot know of this page."""
    actor = (await signed_in(request)).actor
    if not actor.hosts_in:
        raise NotFoundError("page")
    return actor


async def _shown(
    request: Request[WebState],
    actor: Actor,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    now = request.state["clock"].now()
    seen = await request.state["store"].read(lambda reading: _snapshots(reading, actor, now))
    shown = _dashboard(seen, problems or {})
    return page(
        request, "host/dashboard.html", status, page_name="host", board=shown, live=shown.live
    )


def _snapshots(reading: Reading, actor: Actor, now: datetime) -> tuple[Snapshot, ...]:
    streams = [*map(hosts_stream, sorted(actor.hosts_in)), host_stream(actor.person_id)]
    return tuple(snapshot(reading, stream, Projection.HOST, now) for stream in streams)


def _dashboard(seen: tuple[Snapshot, ...], problems: dict[str, str]) -> Dashboard:
    views = [view for snap in seen for view in snap.views]
    passes = tuple(view for view in views if isinstance(view, PassRow))
    passed = {row.id for row in passes}
    requests = [view for view in views if isinstance(view, HostCard) and view.id not in passed]
    sessions = [view for view in views if isinstance(view, SessionRow)]
    groups = [view for view in views if isinstance(view, HostGroupRow)]
    return Dashboard(
        live=seen,
        toggle=next(view for view in views if isinstance(view, AvailabilityCard)),
        groups=tuple(sorted(groups, key=lambda row: (row.name.lower(), row.id))),
        requests=tuple(sorted(requests, key=lambda card: (card.submitted_at, card.number))),
        passes=tuple(sorted(passes, key=lambda row: row.number)),
        sessions=tuple(sorted(sessions, key=lambda row: (row.starts_at, row.number))),
        problems=problems,
    )


def _wish(form: Form, actor: Actor, now: datetime) -> SetAvailability:
    match form.text("state"), form.text("until"):
        case "off", _:
            return SetAvailability(is_on=False)
        case "on", "hour":
            return SetAvailability(is_on=True, lasts=ONE_HOUR)
        case "on", "more":  # one more hour than the end that the page showed, however often pressed
            return SetAvailability(is_on=True, until_at=form.instant("end") + ONE_HOUR)
        case "on", "open":
            return SetAvailability(is_on=True)
        case "on", "time":
            return SetAvailability(is_on=True, until_at=_next(form.text("until_time"), actor, now))
        case _:
            raise InvalidError("Choose until when you are available.", field="until")


def _next(text: str, actor: Actor, now: datetime) -> datetime:
    """Return when the provider's own clock shows that time next."""
    try:
        wanted = datetime.strptime(text, "%H:%M").replace(tzinfo=UTC).time()
    except ValueError:
        raise InvalidError("Enter a time, like 5:00pm.", field="until_time") from None
    here = now.astimezone(ZoneInfo(actor.zone)).replace(tzinfo=None)
    today = datetime.combine(here.date(), wanted)
    try:
        for later in (False, True):  # a clock that goes back shows it twice
            at = to_instant(today, actor.zone, later=later, field="until_time")
            if at > now:
                return at
    except InvalidError:  # skipped; in the evening of that day it means tomorrow's
        if today > here:
            raise
    tomorrow = today + timedelta(days=1)
    return to_instant(tomorrow, actor.zone, later=False, field="until_time")


routes = [
    Route(DASHBOARD, dashboard, methods=["GET"]),
    Route("/availability", availability, methods=["POST"]),
    Route("/availability/break", away, methods=["POST"]),
    Route("/availability/break/end", back, methods=["POST"]),
    *host_answers.routes,
]
