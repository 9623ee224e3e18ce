"""Public calendars in the database: what an account shows, and under which addresses."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from dispatch.booking import BookingSettings, PublicCalendar
from dispatch.vocabulary import AccountId, CalendarId, ClinicId, PersonId, ServiceId
from server.storage.tables import booking_account, booking_calendar, booking_service, service

_of_clinic = booking_calendar.alias("of_clinic")
_ALL = select(booking_calendar, _of_clinic.c.takes_unknown.label("clinic_takes_unknown")).outerjoin(
    _of_clinic,
    (_of_clinic.c.clinic_id == booking_calendar.c.clinic_id) & _of_clinic.c.host_id.is_(None),
)
_BY_SLUG = _ALL.where(booking_calendar.c.slug == bindparam("slug"))
_BY_ID = _ALL.where(booking_calendar.c.id == bindparam("id"))
_OF_CLINIC = _ALL.where(booking_calendar.c.clinic_id == bindparam("clinic")).order_by(
    booking_calendar.c.id
)
_IS_ON = select(booking_account.c.is_on).where(booking_account.c.account_id == bindparam("account"))
_OF_ACCOUNT = select(service.c.id).where(service.c.account_id == bindparam("account"))
_SERVICES = select(booking_service.c.service_id).where(
    booking_service.c.service_id.in_(_OF_ACCOUNT)
)


class SqlPublicCalendars:
    """``dispatch.ports.PublicCalendars`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def services(self, account: AccountId) -> frozenset[ServiceId]:
        found = self._connection.execute(_OF_ACCOUNT, {"account": account}).scalars()
        return frozenset(map(ServiceId, found))

    def settings(self, account: AccountId) -> BookingSettings:
        return settings_of(self._connection, account)

    def save_settings(self, settings: BookingSettings) -> None:
        asked = {"account": settings.account_id}
        is_on = {"is_on": settings.is_on}
        changed = self._connection.execute(
            update(booking_account)
            .where(booking_account.c.account_id == settings.account_id)
            .values(is_on)
        )
        if not changed.rowcount:
            row = {"account_id": settings.account_id, **is_on}
            self._connection.execute(insert(booking_account), row)
        self._connection.execute(
            delete(booking_service).where(booking_service.c.service_id.in_(_OF_ACCOUNT)), asked
        )
        rows = [{"service_id": each} for each in sorted(settings.services)]
        if rows:
            self._connection.execute(insert(booking_service), rows)

    def by_slug(self, slug: str) -> PublicCalendar | None:
        return by_slug(self._connection, slug)

    def by_id(self, calendar_id: CalendarId) -> PublicCalendar | None:
        return by_id(self._connection, calendar_id)

    def of_clinic(self, clinic_id: ClinicId) -> Sequence[PublicCalendar]:
        return of_clinic(self._connection, clinic_id)

    def save(self, calendar: PublicCalendar) -> PublicCalendar:
        values = {
            "account_id": calendar.account_id,
            "clinic_id": calendar.clinic_id,
            "host_id": calendar.host_id,
            "slug": calendar.slug,
            "is_on": calendar.is_on,
            "takes_unknown": calendar.takes_unknown and calendar.host_id is None,
        }
        if calendar.id:
            one = booking_calendar.c.id == calendar.id
            self._connection.execute(update(booking_calendar).where(one).values(values))
            return calendar
        made = insert(booking_calendar).returning(booking_calendar.c.id)
        return replace(calendar, id=CalendarId(self._connection.execute(made, values).scalar_one()))


def settings_of(connection: Connection, account: AccountId) -> BookingSettings:
    """Return what the account shows; nothing until somebody said so."""
    asked = {"account": account}
    is_on = bool(connection.execute(_IS_ON, asked).scalar())
    services = connection.execute(_SERVICES, asked).scalars()
    return BookingSettings(account, is_on, frozenset(map(ServiceId, services)))


def by_slug(connection: Connection, slug: str) -> PublicCalendar | None:
    """Return a calendar of any account, open or not."""
    row = connection.execute(_BY_SLUG, {"slug": slug}).first()
    return _calendar(row) if row is not None else None


def by_id(connection: Connection, calendar_id: CalendarId) -> PublicCalendar | None:
    """Return a calendar, open or not."""
    row = connection.execute(_BY_ID, {"id": calendar_id}).first()
    return _calendar(row) if row is not None else None


def of_clinic(connection: Connection, clinic_id: ClinicId) -> Sequence[PublicCalendar]:
    """Return the clinic's own, if there is one, and those of its hosts."""
    return [_calendar(row) for row in connection.execute(_OF_CLINIC, {"clinic": clinic_id})]


def _calendar(row: "Row[tuple[object, ...]]") -> PublicCalendar:
    return PublicCalendar(
        id=CalendarId(row.id),
        account_id=AccountId(row.account_id),
        clinic_id=ClinicId(row.clinic_id),
        host_id=None if row.host_id is None else PersonId(row.host_id),
        slug=row.slug,
        is_on=row.is_on,
        takes_unknown=bool(row.clinic_takes_unknown),
    )
