"""The first steps, which anybody who may look can take: which service, and which times."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dispatch.clinic import Service
from dispatch.ports import Reading
from dispatch.request import MOST_TIMES
from server.rendering.spoken_time import spoken_datetime, spoken_time
from server.web.booking.openings import NEAREST, Window, is_free, nearest, was_taken, window
from server.web.booking.visitor import Visitor, sign_in_first, viewer_of, visitor
from server.web.booking.wish import Wish, as_instant, as_text, read_wish
from server.web.forms import Form
from server.web.replies import page, see_other
from server.web.state import WebState
from server.web.zones import zone_in_words, zones_by_region


@dataclass(frozen=True, slots=True)
class Gone:
    """A time that cannot be asked for any more, why, and the free ones nearest to it."""

    sentence: str
    nearest: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class TimesSheet:
    """The page of times: what is free, and what was chosen."""

    visitor: Visitor
    service: Service
    wish: Wish
    zone: str
    window: Window
    now: datetime
    starts_later: bool  # not the first times there are
    gone: Sequence[Gone] = ()
    problem: str = ""

    @property
    def most(self) -> int:
        """Return how many times can be chosen."""
        return MOST_TIMES

    @property
    def zone_words(self) -> str:
        """Return in which zone the times are written."""
        return zone_in_words(self.zone, self.now)

    @property
    def regions(self) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
        """Return the zones to choose from."""
        return zones_by_region()

    def clock(self, at: datetime) -> str:
        """Return a time of a day, with its zone."""
        return spoken_time(at, self.zone)

    def whole(self, at: datetime) -> str:
        """Return a time with its day and zone."""
        return spoken_datetime(at, self.zone)

    def rank(self, at: datetime) -> int:
        """Return 1 for the most wanted time, 0 for one that was not chosen."""
        return self.wish.times.index(at) + 1 if at in self.wish.times else 0

    def address(self, wish: Wish | None = None, start: datetime | None = None) -> str:
        """Return the address of this page with another wish, or from another time on."""
        start = start or (self.window.first_at if self.starts_later else None)
        more = [("from", as_text(start))] if start else []
        return (wish or self.wish).address(f"{self.visitor.path}/times", *more)

    @property
    def from_the_start(self) -> str:
        """Return the address of the first times there are."""
        return self.wish.address(f"{self.visitor.path}/times")

    @property
    def onward(self) -> str:
        """Return where the times are taken to next."""
        step = "questions" if self.visitor.member else "you"
        return self.wish.address(f"{self.visitor.path}/{step}")


async def start(request: Request[WebState]) -> Response:
    """Let a service be chosen; where there is one only, it is."""
    viewer, slug = await viewer_of(request), request.path_params["slug"]
    found = await request.state["store"].read(lambda reading: visitor(reading, slug, viewer))
    if found.must_sign_in:
        return sign_in_first(request)
    wish = read_wish(Form(request.query_params.multi_items()))
    services = found.shown.services
    if len(services) == 1:
        only = replace(wish, service_id=services[0].id)
        return see_other(only.address(f"{found.path}/times"))
    addresses = {
        each.id: Wish(each.id, (), wish.zone).address(f"{found.path}/times") for each in services
    }
    return page(request, "booking/service.html", visitor=found, addresses=addresses)


async def times(request: Request[WebState]) -> Response:
    """Show free times, and those that were chosen, in the order in which they are wanted."""
    viewer, slug = await viewer_of(request), request.path_params["slug"]
    query = Form(request.query_params.multi_items())
    wish, now = read_wish(query), request.state["clock"].now()
    start = as_instant(query.cut("from"))

    def look(reading: Reading) -> TimesSheet | Visitor:
        found = visitor(reading, slug, viewer)
        service = service_of(found, wish)
        if service is None or found.must_sign_in:
            return found
        return times_sheet(reading, found, service, wish, now, start)

    sheet = await request.state["store"].read(look)
    if isinstance(sheet, Visitor):
        return sign_in_first(request) if sheet.must_sign_in else see_other(sheet.path)
    return times_page(request, sheet)


def service_of(found: Visitor, wish: Wish) -> Service | None:
    """Return the chosen service, or the only one; None where one has to be chosen."""
    services = found.shown.services
    if len(services) == 1 and wish.service_id is None:
        return services[0]
    return next((each for each in services if each.id == wish.service_id), None)


def times_sheet(
    reading: Reading,
    found: Visitor,
    service: Service,
    wish: Wish,
    now: datetime,
    start: datetime | None = None,
) -> TimesSheet:
    """Return the page of times; what is free no more has left the wish, with words about it."""
    zone = zone_for(found, wish)
    lost = [at for at in wish.times if not is_free(reading, found.shown, service, at, now)]
    kept = replace(
        wish, service_id=service.id, times=tuple(at for at in wish.times if at not in lost)
    )
    if lost and start is None:
        start = min(lost)
    is_later = start is not None and start > now
    shown = window(reading, found.shown, service, start or now, zone, now)
    gone = [_gone(reading, found, service, at, kept, now) for at in lost]
    return TimesSheet(found, service, kept, zone, shown, now, is_later, gone)


def times_page(request: Request[Any], sheet: TimesSheet, status: int = 200) -> Response:
    """Return the page of times."""
    return page(request, "booking/times.html", status, sheet=sheet)


def zone_for(found: Visitor, wish: Wish) -> str:
    """Return the zone that was chosen, or the member's own, or the clinic's."""
    return wish.zone or (found.member.zone if found.member else found.shown.clinic.zone)


def _gone(
    reading: Reading, found: Visitor, service: Service, at: datetime, kept: Wish, now: datetime
) -> Gone:
    words = spoken_datetime(at, zone_for(found, kept))
    if at <= now:
        return Gone(f"{words} has passed.", ())
    around = nearest(reading, found.shown, service, at, now)
    instead = [each for each in around if each not in kept.times][:NEAREST]
    here = " Here are the nearest times." if instead else ""
    if was_taken(reading, found.shown, service, at, now):
        return Gone(f"Someone else just asked for {words}.{here}", instead)
    return Gone(f"{words} is not free any more.{here}", instead)
