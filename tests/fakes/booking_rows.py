"""Public calendars and unconfirmed bookings in memory."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.booking import Booking, BookingSettings, PublicCalendar
from dispatch.vocabulary import AccountId, BookingId, CalendarId, ClinicId, ServiceId
from tests.fakes.memory import Memory


@dataclass
class FakePublicCalendars:
    rows: Memory

    def services(self, account: AccountId) -> frozenset[ServiceId]:
        services = self.rows.services.values()
        return frozenset(each.id for each in services if each.account_id == account)

    def settings(self, account: AccountId) -> BookingSettings:
        return settings_of(self.rows, account)

    def save_settings(self, settings: BookingSettings) -> None:
        self.rows.booking_settings[settings.account_id] = settings

    def by_slug(self, slug: str) -> PublicCalendar | None:
        return by_slug(self.rows, slug)

    def by_id(self, calendar_id: CalendarId) -> PublicCalendar | None:
        return by_id(self.rows, calendar_id)

    def of_clinic(self, clinic_id: ClinicId) -> list[PublicCalendar]:
        return of_clinic(self.rows, clinic_id)

    def save(self, calendar: PublicCalendar) -> PublicCalendar:
        stored = calendar
        if not calendar.id:
            stored = replace(calendar, id=CalendarId(self.rows.next_id("calendar")))
        self.rows.public_calendars[stored.id] = stored
        return stored


@dataclass
class FakeBookings:
    rows: Memory

    def add(self, draft: Booking) -> Booking:
        stored = replace(draft, id=BookingId(self.rows.next_id("booking")))
        self.rows.bookings[stored.id] = stored
        return stored

    def by_id(self, booking_id: BookingId) -> Booking | None:
        return self.rows.bookings.get(booking_id)

    def by_token(self, token_hash: str) -> Booking | None:
        return booking_of(self.rows, token_hash)

    def add_token(self, booking_id: BookingId, token_hash: str) -> None:
        self.rows.booking_tokens[token_hash] = booking_id

    def save(self, booking: Booking) -> None:
        self.rows.bookings[booking.id] = booking

    def count_since(self, account: AccountId, email: str, since: datetime) -> int:
        wanted = (account, email)
        return sum(
            (b.account_id, b.email) == wanted and b.asked_at > since
            for b in self.rows.bookings.values()
        )


def settings_of(rows: Memory, account: AccountId) -> BookingSettings:
    return rows.booking_settings.get(account) or BookingSettings(account)


def by_slug(rows: Memory, slug: str) -> PublicCalendar | None:
    found = next((one for one in rows.public_calendars.values() if one.slug == slug), None)
    return _as_its_clinic_says(rows, found) if found else None


def by_id(rows: Memory, calendar_id: CalendarId) -> PublicCalendar | None:
    found = rows.public_calendars.get(calendar_id)
    return _as_its_clinic_says(rows, found) if found else None


def of_clinic(rows: Memory, clinic_id: ClinicId) -> list[PublicCalendar]:
    own = (one for one in rows.public_calendars.values() if one.clinic_id == clinic_id)
    return [_as_its_clinic_says(rows, one) for one in own]


def booking_of(rows: Memory, token_hash: str) -> Booking | None:
    booking_id = rows.booking_tokens.get(token_hash)
    return rows.bookings.get(booking_id) if booking_id is not None else None


def _as_its_clinic_says(rows: Memory, calendar: PublicCalendar) -> PublicCalendar:
    takes = any(
        one.takes_unknown
        for one in rows.public_calendars.values()
        if one.clinic_id == calendar.clinic_id and one.host_id is None
    )
    return replace(calendar, takes_unknown=takes)
