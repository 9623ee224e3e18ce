"""Which calendar an address names, and as whom somebody looks at it."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from dispatch import permissions
from dispatch.booking import BookingSettings, OpenCalendar, PublicCalendar, opened
from dispatch.clinic import Clinic
from dispatch.errors import NotAllowedError, NotFoundError
from dispatch.people import Actor
from dispatch.ports import Reading
from server.web.addresses import page_behind
from server.web.login import maybe_signed_in
from server.web.replies import see_other


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at a calendar: signed in here, or not known yet; an administrator may look only."""

    shown: OpenCalendar
    member: Actor | None
    is_preview: bool = False

    @property
    def path(self) -> str:
        """Return the calendar's address."""
        return f"/book/{self.shown.calendar.slug}"

    @property
    def must_sign_in(self) -> bool:
        """Return whether nobody gets further without a sign-in."""
        return self.member is None and not self.shown.calendar.takes_unknown and not self.is_preview


async def viewer_of(request: Request[Any]) -> Actor | None:
    """Return who is signed in, if anybody is."""
    signed = await maybe_signed_in(request)
    return signed.actor if signed else None


def sign_in_first(request: Request[Any], back: str = "") -> Response:
    """Send the browser to the sign-in and back; a form has no address to come back to."""
    return see_other(f"/sign-in?next={quote(back or page_behind(request), safe='')}")


def visitor(reading: Reading, slug: str, viewer: Actor | None) -> Visitor:
    """Return the open calendar of an address, and as whom the viewer stands before it.

    Raises:
        NotFoundError: there is none, or it is off: the same answer (S13).
        NotAllowedError: it is for patients of the clinic, and the viewer is none.
    """
    calendar = reading.public_calendar(slug)
    clinic = reading.clinic(calendar.account_id, calendar.clinic_id) if calendar else None
    if calendar is None or clinic is None:
        raise NotFoundError("calendar")
    own = viewer if viewer and viewer.account_id == calendar.account_id else None
    settings = reading.booking_settings(calendar.account_id)
    shown = _opened(reading, calendar, clinic, settings)
    if own is not None and own.is_administrator and (shown is None or not _may(own, shown)):
        return _preview(reading, calendar, clinic, settings)
    if shown is None:
        raise NotFoundError("calendar")
    if own is not None and not _may(own, shown):
        raise NotAllowedError(
            "This calendar is for patients of the clinic. Ask the clinic to add you."
        )
    return Visitor(shown, own)


def _may(actor: Actor, shown: OpenCalendar) -> bool:
    return shown.calendar.takes_unknown or permissions.may_ask(actor, shown.clinic)


def _opened(
    reading: Reading, calendar: PublicCalendar, clinic: Clinic, settings: BookingSettings
) -> OpenCalendar | None:
    hosts = reading.hosts_of(clinic.host_group.id)
    return opened(calendar, settings, clinic, hosts, reading.public_calendars(clinic.id))


def _preview(
    reading: Reading, calendar: PublicCalendar, clinic: Clinic, settings: BookingSettings
) -> Visitor:
    """Return it as if everything about it were on, to be looked at only.

    Raises:
        NotFoundError: even then there is nothing to see.
    """
    services = settings.services or frozenset(each.id for each in clinic.services)
    shown = opened(
        replace(calendar, is_on=True),
        BookingSettings(settings.account_id, True, services),
        clinic,
        reading.hosts_of(clinic.host_group.id),
        [replace(each, is_on=True) for each in reading.public_calendars(clinic.id)],
    )
    if shown is None:
        raise NotFoundError("calendar")
    return Visitor(shown, None, is_preview=True)
