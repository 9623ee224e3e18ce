"""The schedulers' board of waiting requests, and which of their clinics it shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.events import clinic_stream
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.stream import Projection, Snapshot
from dispatch.usecases.boards import snapshot
from dispatch.views import BoardRow, ProviderRow, View
from dispatch.vocabulary import ClinicId
from server.web import decided, on_behalf
from server.web.replies import live_text, page
from server.web.scheduling import scheduled, scheduler
from server.web.state import WebState
from server.web.tally import Tally, tally


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that one look at the board needs, read at one instant."""

    clinics: tuple[Clinic, ...]  # all that the viewer schedules
    shown: tuple[Clinic, ...]
    rows: tuple[BoardRow, ...]
    elsewhere: tuple[BoardRow, ...]  # in clinics that the filter leaves out: counted, never shown
    providers: tuple[ProviderRow, ...]
    live: tuple[Snapshot, ...]
    live_elsewhere: str  # data-live of what the filter leaves out
    tally: Tally

    @property
    def is_filtered(self) -> bool:
        """Return whether some clinic is left out."""
        return len(self.shown) < len(self.clinics)


async def requests_page(request: Request[WebState]) -> Response:
    """Show the waiting requests, oldest first, of the clinics asked for (S29 to S35)."""
    actor = await scheduler(request)
    wanted = {int(text) for text in request.query_params.getlist("clinic") if _is_id(text)}
    now = request.state["clock"].now()
    board = await request.state["store"].read(lambda reading: _board(reading, actor, wanted, now))
    return page(request, "board/requests.html", page_name="board", board=board, live=board.live)


def _board(reading: Reading, actor: Actor, wanted: set[int], now: datetime) -> Board:
    clinics = scheduled(reading, actor)
    shown = tuple(clinic for clinic in clinics if clinic.id in wanted) or clinics
    hidden = tuple(clinic for clinic in clinics if clinic not in shown)
    seen, unseen = _read(reading, shown, now), _read(reading, hidden, now)
    rows, elsewhere = _rows(seen), _rows(unseen)
    providers = _providers(seen)
    return Board(
        clinics=clinics,
        shown=shown,
        rows=rows,
        elsewhere=elsewhere,
        providers=providers,
        live=seen,
        live_elsewhere=live_text((part.stream, part.projection, part.cursor) for part in unseen),
        tally=tally(rows, elsewhere, providers, [c.target_seconds for c in shown], now),
    )


def _read(reading: Reading, clinics: Sequence[Clinic], now: datetime) -> tuple[Snapshot, ...]:
    streams = (clinic_stream(ClinicId(clinic.id)) for clinic in clinics)
    return tuple(snapshot(reading, stream, Projection.BOARD, now) for stream in streams)


def _views(snapshots: Sequence[Snapshot]) -> list[View]:
    return [view for seen in snapshots for view in seen.views]


def _rows(snapshots: Sequence[Snapshot]) -> tuple[BoardRow, ...]:
    """Return the requests of all streams as one list, oldest first, ties by number (S30)."""
    rows = (view for view in _views(snapshots) if isinstance(view, BoardRow))
    return tuple(sorted(rows, key=lambda row: (row.submitted_at, row.number)))


def _providers(snapshots: Sequence[Snapshot]) -> tuple[ProviderRow, ...]:
    """Return each provider once, though several clinics shown may share them."""
    rows = {view.id: view for view in _views(snapshots) if isinstance(view, ProviderRow)}
    return tuple(sorted(rows.values(), key=lambda row: (row.name.lower(), row.id)))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


routes = [
    Route("/scheduling/requests", requests_page, methods=["GET"]),
    *decided.routes,
    *on_behalf.routes,
]
