"""What has left the board: recently decided requests, and the sessions that are coming."""

from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.events import clinic_stream
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.stream import Projection, Snapshot
from dispatch.usecases.boards import snapshot
from dispatch.views import DecidedRow, SessionRow
from server.web.forms import read_form
from server.web.replies import page
from server.web.scheduling import ever_scheduled, scheduler
from server.web.state import WebState

SEARCH_LIMIT = 100  # characters

Row = DecidedRow | SessionRow


async def decided_page(request: Request[WebState]) -> Response:
    """Show what was decided in the last 24 hours, newest first."""
    return await _listing(request, Projection.DECIDED, "decided", _newest_first)


async def sessions_page(request: Request[WebState]) -> Response:
    """Show the upcoming sessions, soonest first."""
    return await _listing(request, Projection.SESSIONS, "sessions", _soonest_first)


def matches(row: Row, words: str) -> bool:
    """Tell whether the number is the one asked for, or the requester's name holds the words."""
    return not words or words == str(row.number) or words.casefold() in row.requestor.casefold()


async def _listing(
    request: Request[WebState],
    projection: Projection,
    name: str,
    order: Callable[[Row], tuple[float, int]],
) -> Response:
    actor = await scheduler(request)
    words = await _words(request)
    now = request.state["clock"].now()
    store = request.state["store"]
    seen = await store.read(lambda reading: _read(reading, actor, projection, now))
    rows = [
        view for part in seen for view in part.views if isinstance(view, DecidedRow | SessionRow)
    ]
    rows.sort(key=order)
    return page(
        request,
        f"board/{name}.html",
        page_name=name,
        rows=[row for row in rows if matches(row, words)],
        any_rows=bool(rows),
        words=words,
        live=seen,
    )


async def _words(request: Request[WebState]) -> str:
    """Return what is searched for; a name is posted, so that no address or log ever holds one."""
    if request.method == "POST":
        return (await read_form(request)).text("q", limit=SEARCH_LIMIT)
    number = request.query_params.get("q", "")
    return number if number.isascii() and number.isdigit() and len(number) < 16 else ""


def _read(
    reading: Reading, actor: Actor, projection: Projection, now: datetime
) -> tuple[Snapshot, ...]:
    streams = (clinic_stream(clinic.id) for clinic in ever_scheduled(reading, actor))
    return tuple(snapshot(reading, stream, projection, now) for stream in streams)


def _newest_first(row: Row) -> tuple[float, int]:
    at = row.decided_at if isinstance(row, DecidedRow) else row.starts_at
    return -at.timestamp(), row.number


def _soonest_first(row: Row) -> tuple[float, int]:
    at = row.starts_at if isinstance(row, SessionRow) else row.decided_at
    return at.timestamp(), row.number


routes = [
    Route("/scheduling/decided", decided_page, methods=["GET", "POST"]),
    Route("/scheduling/sessions", sessions_page, methods=["GET", "POST"]),
]
