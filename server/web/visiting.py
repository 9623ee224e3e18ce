"""The visit itself: the patient's waiting room, the host's side, and the door between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.events import host_stream, patient_stream
from dispatch.people import Actor
from dispatch.ports import Reading, UseCase
from dispatch.stream import Projection, Snapshot
from dispatch.usecases.boards import joinable, snapshot
from dispatch.usecases.session_pages import Seen, entrance, session_seen
from dispatch.usecases.visits import (
    Arrive,
    Depart,
    FinishVisit,
    StartVisit,
    arrive,
    depart,
    finish_visit,
    start_visit,
)
from dispatch.views import SessionRow
from server.web.claiming import TAB
from server.web.forms import Form, read_form
from server.web.login import signed_in
from server.web.places import PLACES, session_of
from server.web.replies import done, page, prefers_json, see_other
from server.web.state import WebState

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Shown:
    """A session, with the stream by which its page stays true."""

    seen: Seen
    live: Sequence[Snapshot]
    row: SessionRow | None  # None: it is over, so the stream does not hold it any more


async def visit(request: Request[WebState]) -> Response:
    """Show the patient their waiting room, the host their side; a scheduler manages it."""
    actor = (await signed_in(request)).actor
    session_id = session_of(request)
    now = request.state["clock"].now()

    def look(reading: Reading) -> Shown | None:
        seen = session_seen(reading, actor, session_id)
        if not (seen.is_requesters or seen.is_hosts):
            return None
        stream, projection = _place(seen, actor)
        if stream not in joinable(actor):  # who has left the group since still has this visit
            return Shown(seen, (), seen.row)
        live = snapshot(reading, stream, projection, now)
        rows = (view for view in live.views if isinstance(view, SessionRow))
        return Shown(seen, [live], next((row for row in rows if row.id == session_id), None))

    shown = await request.state["store"].read(look)
    if shown is None:
        return see_other(f"/sessions/{session_id}/manage")
    template = "patient/room.html" if shown.seen.is_requesters else "host/visit.html"
    return page(
        request, template, page_name="visit", live=shown.live, seen=shown.seen, session=shown.row
    )


async def video(request: Request[WebState]) -> Response:
    """Send one of the two on to the video, by a link that is made for them and now."""
    actor = (await signed_in(request)).actor
    session_id = session_of(request)
    now = request.state["clock"].now()
    store = request.state["store"]
    door = await store.read(lambda reading: entrance(reading, actor, session_id, now))
    link = request.state["rooms"].link(door, now) if door is not None else ""
    return see_other(link or f"/sessions/{session_id}")


async def arrival(request: Request[WebState]) -> Response:
    """Let the patient into the waiting room (V2, V10)."""
    form = await read_form(request)
    tab = form.cut("tab")
    command = Arrive(session_of(request), tab if TAB.fullmatch(tab) else "")
    return await _done(request, form, arrive, command)


async def departure(request: Request[WebState]) -> Response:
    """Let the patient out again."""
    form = await read_form(request)
    return await _done(request, form, depart, Depart(session_of(request)))


async def start(request: Request[WebState]) -> Response:
    """Begin the visit, and send the host on to the video."""
    form = await read_form(request)
    actor = (await signed_in(request)).actor
    command = StartVisit(session_of(request))
    outcome = await request.state["store"].perform(start_visit, command, actor, key=form.key)
    return done(request, outcome, door_of(request, command.session_id))


async def end(request: Request[WebState]) -> Response:
    """End the visit as held."""
    form = await read_form(request)
    return await _done(request, form, finish_visit, FinishVisit(session_of(request)))


def door_of(request: Request[WebState], session_id: int) -> str:
    """Return where a host goes who has just begun.

    A form's own answer may not lead to another site (``form-action``), so without scripts there is
    one more click; a script follows the link.
    """
    return f"/sessions/{session_id}/video" if prefers_json(request) else f"/sessions/{session_id}"


async def _done(
    request: Request[WebState], form: Form, usecase: UseCase[C], command: C
) -> Response:
    actor = (await signed_in(request)).actor
    outcome = await request.state["store"].perform(usecase, command, actor, key=form.key)
    place = PLACES.get(form.cut("from"), f"/sessions/{session_of(request)}")
    return done(request, outcome, place)


def _place(seen: Seen, actor: Actor) -> tuple[str, Projection]:
    if seen.is_requesters:
        return patient_stream(actor.person_id), Projection.ROOM
    return host_stream(actor.person_id), Projection.HOST


routes = [
    Route("/sessions/{id:number}", visit, methods=["GET"]),
    Route("/sessions/{id:number}/video", video, methods=["GET"]),
    Route("/sessions/{id:number}/arrival", arrival, methods=["POST"]),
    Route("/sessions/{id:number}/departure", departure, methods=["POST"]),
    Route("/sessions/{id:number}/start", start, methods=["POST"]),
    Route("/sessions/{id:number}/end", end, methods=["POST"]),
]
