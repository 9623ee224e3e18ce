"""The demo's boards as its simulated people see them: what waits, and who waits."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.events import clinic_stream
from dispatch.ports import Reading
from dispatch.request import SessionRequest
from dispatch.stream import Projection
from dispatch.views import BoardRow
from dispatch.vocabulary import PersonId
from server.demo.cast import ACCOUNT, Cast

MOST_PENDING = 12  # more would bury whoever tries the demo


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pending request, and its row on the board."""

    request: SessionRequest
    row: BoardRow


def waiting(reading: Reading, cast: Cast, now: datetime) -> list[Waiting]:
    """Return the pending requests of both clinics, the oldest first."""
    rows = [
        view
        for clinic in cast.clinics
        for view in reading.views(clinic_stream(clinic.id), Projection.BOARD, None, now)
        if isinstance(view, BoardRow)
    ]
    found = [
        Waiting(request, row)
        for row in rows
        if (request := reading.request(ACCOUNT, row.number)) is not None
    ]
    return sorted(found, key=lambda one: (one.row.submitted_at, one.row.number))


def who_waits(found: list[Waiting]) -> set[PersonId]:
    """Return everybody who has an open request."""
    return {one.request.requester_id for one in found}
