"""Public calendars, and what somebody not known yet asked for, until they say that it was them."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.answers import Answered
from dispatch.clinic import Clinic, Service
from dispatch.errors import InvalidError
from dispatch.people import Person
from dispatch.vocabulary import (
    AccountId,
    BookingId,
    CalendarId,
    ClinicId,
    PersonId,
    RequestNumber,
    ServiceId,
)

CONFIRM_WITHIN = timedelta(hours=24)  # after this the link is dead, and the sweep forgets it
MOST_LETTERS = 3  # to one address within that time: nobody's mailbox is a stranger's to fill
SLUG_LIMIT = 60  # characters
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class BookingSettings:
    """Whether an account shows public calendars at all, and for which services (S14)."""

    account_id: AccountId
    is_on: bool = False
    services: frozenset[ServiceId] = frozenset()


@dataclass(frozen=True, slots=True)
class PublicCalendar:
    """The page ``/book/<slug>`` of a clinic, or of one of its hosts.

    A clinic's shows the times of those of its hosts whose own is on: what is off for a host is off
    on every page (S13). ``takes_unknown`` is said for the clinic, and holds for its hosts too.
    """

    id: CalendarId
    account_id: AccountId
    clinic_id: ClinicId
    host_id: PersonId | None  # None: the clinic's
    slug: str
    is_on: bool = False
    takes_unknown: bool = False


@dataclass(frozen=True, slots=True)
class OpenCalendar:
    """A calendar as visitors see it: what can be asked for, and whose times are shown."""

    calendar: PublicCalendar
    clinic: Clinic
    services: tuple[Service, ...]
    hosts: frozenset[PersonId]  # whose times count
    host_name: str = ""  # of a host's own

    @property
    def title(self) -> str:
        """Return whose calendar it is."""
        return self.host_name or self.clinic.name

    def service(self, service_id: ServiceId) -> Service:
        """Return a service that can be booked here.

        Raises:
            InvalidError: it cannot.
        """
        found = next((each for each in self.services if each.id == service_id), None)
        if found is None:
            raise InvalidError("Choose one of the services of this calendar.", field="service")
        return found


@dataclass(frozen=True, slots=True)
class Booking:
    """Times that somebody not known yet asked for: off the board until they confirm by mail."""

    id: BookingId
    account_id: AccountId
    calendar_id: CalendarId
    service_id: ServiceId
    times: tuple[datetime, ...]  # ranked
    name: str
    email: str
    phone: str
    zone: str
    answered: Answered  # to the clinic's questions, as they were asked then
    asked_at: datetime
    confirmed_at: datetime | None = None
    number: RequestNumber | None = None  # of the request that came of it
    was_there: bool = False  # that request had been waiting before, and this came to nothing

    @property
    def until_at(self) -> datetime:
        """Return when the link stops working."""
        return self.asked_at + CONFIRM_WITHIN

    def confirm(self, number: RequestNumber, now: datetime, *, was_there: bool) -> "Booking":
        """Return it confirmed."""
        return replace(self, confirmed_at=now, number=number, was_there=was_there)


def opened(
    calendar: PublicCalendar,
    settings: BookingSettings,
    clinic: Clinic | None,
    hosts: Collection[Person],
    calendars: Collection[PublicCalendar],
) -> OpenCalendar | None:
    """Return what visitors see of a calendar, or None where there is none to see (S12, S13, S14).

    ``hosts`` are those of the clinic's group, ``calendars`` all of the clinic: only hosts whose own
    is on are shown on any.
    """
    if clinic is None or clinic.is_archived:
        return None
    if not (settings.is_on and calendar.is_on and clinic.accepts_scheduled):
        return None
    services = tuple(each for each in clinic.services if each.id in settings.services)
    on = {each.host_id for each in calendars if each.is_on}
    shown = [host for host in hosts if host.id in on and not host.is_disabled]
    if calendar.host_id is not None:
        shown = [host for host in shown if host.id == calendar.host_id]
    if not services or (calendar.host_id is not None and not shown):
        return None
    name = shown[0].name if calendar.host_id is not None else ""
    return OpenCalendar(calendar, clinic, services, frozenset(host.id for host in shown), name)


def checked_slug(text: str) -> str:
    """Return the last part of a calendar's address.

    Raises:
        InvalidError: it would not survive being read aloud or put into a message.
    """
    slug = text.strip().lower()
    if not _SLUG.fullmatch(slug) or not 2 <= len(slug) <= SLUG_LIMIT:
        raise InvalidError(
            f"Use 2 to {SLUG_LIMIT} small letters, digits and single hyphens, like north-clinic.",
            field="slug",
        )
    return slug


def suggested_slug(name: str) -> str:
    """Return what a name looks like in an address; a name in other letters gives little."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = _NOT_IN_SLUGS.sub("-", plain.lower()).strip("-")[: SLUG_LIMIT - 5].strip("-")
    return slug if len(slug) >= 2 else "calendar"
