"""Public calendars, and what is asked for on them by people not known yet, in storage."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from dispatch.booking import Booking, BookingSettings, PublicCalendar
from dispatch.vocabulary import AccountId, BookingId, CalendarId, ClinicId, ServiceId


class PublicCalendars(Protocol):
    """Which calendars there are, open or not."""

    def services(self, account: AccountId) -> frozenset[ServiceId]:
        """Return every service of the account."""

    def settings(self, account: AccountId) -> BookingSettings: ...
    def save_settings(self, settings: BookingSettings) -> None: ...
    def by_slug(self, slug: str) -> PublicCalendar | None: ...
    def by_id(self, calendar_id: CalendarId) -> PublicCalendar | None: ...
    def of_clinic(self, clinic_id: ClinicId) -> Sequence[PublicCalendar]:
        """Return the clinic's own, if there is one, and those of its hosts."""

    def save(self, calendar: PublicCalendar) -> PublicCalendar:
        """Store it; one of id 0 is made. Of a host's, ``takes_unknown`` is not kept."""


class Bookings(Protocol):
    """What waits to be confirmed."""

    def add(self, draft: Booking) -> Booking: ...
    def by_id(self, booking_id: BookingId) -> Booking | None: ...
    def by_token(self, token_hash: str) -> Booking | None:
        """Return the locked booking of a link."""

    def add_token(self, booking_id: BookingId, token_hash: str) -> None:
        """Let one more link lead to it: each try of its message carries one of its own."""

    def save(self, booking: Booking) -> None:
        """Keep what became of it."""

    def count_since(self, account: AccountId, email: str, since: datetime) -> int:
        """Return how many were asked for with that address; until commit nobody else counts it, so
        that of two who find room for one more only one adds it.
        """
