"""The page behind a mailed link: what was asked for, and a button; opening it does nothing."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dispatch.booking import Booking
from dispatch.clinic import Clinic
from dispatch.errors import DecidedError, InvalidError, NotFoundError
from dispatch.people import system_actor
from dispatch.ports import Reading
from dispatch.status_link import write_token
from dispatch.usecases.booking_confirmation import ConfirmBooking, confirm_booking
from server.rendering.spoken_time import spoken_datetime
from server.tokens import hash_of
from server.web.forms import read_form
from server.web.login import maybe_signed_in
from server.web.replies import page, see_other
from server.web.state import WebState


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a link leads to."""

    booking: Booking
    clinic: Clinic
    slug: str
    token: str
    status_path: str = ""  # of the request that came of it
    problem: str = ""
    is_gone: bool = False  # none of its times is free any more

    @property
    def service(self) -> str:
        """Return what was asked for."""
        found = self.clinic.service(self.booking.service_id)
        return found.name if found else ""

    @property
    def times(self) -> list[str]:
        """Return when, the most wanted first."""
        return [spoken_datetime(at, self.booking.zone) for at in self.booking.times]

    @property
    def until(self) -> str:
        """Return until when the link works."""
        return spoken_datetime(self.booking.until_at, self.booking.zone)


async def show(request: Request[WebState]) -> Response:
    """Show what waits behind the link, or what came of it."""
    await maybe_signed_in(request)
    return _page(request, await _waiting(request))


async def confirm(request: Request[WebState]) -> Response:
    """Put it on the board: the button was pressed."""
    await maybe_signed_in(request)
    await read_form(request)
    waiting = await _waiting(request)
    if waiting is None:
        return _page(request, None)
    command = ConfirmBooking(hash_of(waiting.token))
    system = system_actor(waiting.booking.account_id)
    try:
        await request.state["store"].perform(confirm_booking, command, system)
    except DecidedError as refused:
        return _page(request, replace(waiting, problem=refused.sentence, is_gone=True), 409)
    except InvalidError as refused:  # an answer to an earlier request was not read yet (V3)
        return _page(request, replace(waiting, problem=refused.sentence), 422)
    except NotFoundError:
        return _page(request, None)
    return see_other(f"/booking/{waiting.token}")


async def _waiting(request: Request[WebState]) -> Waiting | None:
    token = request.path_params["token"]
    now = request.state["clock"].now()
    return await request.state["store"].read(lambda reading: _look(reading, token, now))


def _look(reading: Reading, token: str, now: datetime) -> Waiting | None:
    booking = reading.booking(hash_of(token))
    if booking is None or booking.until_at <= now:
        return None
    calendar = reading.public_calendar_by_id(booking.calendar_id)
    clinic = reading.clinic(booking.account_id, calendar.clinic_id) if calendar else None
    if calendar is None or clinic is None:
        return None
    return Waiting(booking, clinic, calendar.slug, token, _status_path(reading, booking))


def _status_path(reading: Reading, booking: Booking) -> str:
    """Return the page of the request: who has this link reads the mail that the other goes to."""
    if booking.number is None or booking.confirmed_at is None:
        return ""
    made = reading.request(booking.account_id, booking.number)
    if made is None:
        return ""
    return f"/r/{write_token(made.id, booking.confirmed_at, reading.link_secret())}"


def _page(request: Request[Any], waiting: Waiting | None, status: int = 200) -> Response:
    if waiting is None:
        return page(request, "booking/gone.html", 404)
    if waiting.status_path and not waiting.booking.was_there:
        return see_other(waiting.status_path)
    name = "confirmed" if waiting.booking.confirmed_at else "confirm"
    return page(request, f"booking/{name}.html", status, waiting=waiting)
