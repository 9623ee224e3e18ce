"""What the Assign dialog shows: the choice and what was typed, or who was first."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from dispatch.choice import Assignment
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.stream import Projection
from dispatch.usecases.dialog import assignment
from dispatch.views import Outcome
from dispatch.vocabulary import DeclineReason, RequestNumber, RequestStatus
from server.web.replies import live_text, page
from server.web.state import WebState

REASONS = {
    DeclineReason.NO_ONE_AVAILABLE: "No one is available",
    DeclineReason.NOT_SUITABLE: "Not suitable for this clinic",
    DeclineReason.DUPLICATE: "Already asked for",
    DeclineReason.OTHER: "Something else",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One rendering of the dialog: the choice, and what the viewer had put into it before."""

    choice: Assignment
    now: datetime
    zone: str  # the viewer's (S91)
    key: str
    response: str = ""
    host_id: int | None = None
    time: str = ""
    reason: str = str(DeclineReason.OTHER)
    is_declining: bool = False  # the refused answer was a decline: show that part open
    refusal: str = ""
    confirm: tuple[str, ...] = ()

    @property
    def live(self) -> str:
        """Return the heads it was read at, as ``data-live``: a page further on asks from there."""
        heads = self.choice.heads.items()
        return live_text((stream, Projection.BOARD, cursor) for stream, cursor in heads)

    @property
    def reasons(self) -> list[tuple[str, str, str]]:
        """Return the reasons for declining, with our words and what the requester reads."""
        read = self.choice.sentences
        return [(str(reason), words, read[reason]) for reason, words in REASONS.items()]


@dataclass(frozen=True, slots=True)
class Answered:
    """What is shown instead when the request is not waiting any more (S65)."""

    outcome: Outcome
    zone: str
    response: str = ""


async def read_sheet(
    request: Request[WebState], actor: Actor, number: RequestNumber
) -> Sheet | Answered:
    """Return the dialog of a waiting request, or how a decided one ended.

    Raises:
        NotFoundError: no such request in a clinic that the actor schedules (S55).
    """
    now = request.state["clock"].now()

    def look(reading: Reading) -> Assignment | Outcome:
        return _ended(reading, actor, number) or assignment(reading, actor, number, now)

    found = await request.state["store"].read(look)
    if isinstance(found, Outcome):
        return Answered(found, actor.zone)
    return Sheet(found, now, actor.zone, secrets.token_urlsafe(16))


def whole_page(request: Request[WebState], sheet: Sheet | Answered, status: int = 200) -> Response:
    """Return the dialog as a page of its own, for browsers without scripts."""
    template = "board/assigning.html" if isinstance(sheet, Sheet) else "board/already.html"
    return page(request, template, status, page_name="assignment", sheet=sheet)


def fragment(request: Request[WebState], sheet: Sheet | Answered) -> str:
    """Return what goes into the dialog of an open board."""
    template = "board/sheet.html" if isinstance(sheet, Sheet) else "board/answered.html"
    return request.state["rendering"].fragment(template, sheet=sheet)


def _ended(reading: Reading, actor: Actor, number: RequestNumber) -> Outcome | None:
    """Return how the request ended; None while it waits, or where the actor may not know."""
    request = reading.request(actor.account_id, number)
    if request is None or request.clinic_id not in actor.schedules:
        return None
    if request.status is RequestStatus.PENDING:
        return None
    return reading.outcomes([request.id]).get(request.id)
