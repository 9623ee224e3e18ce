"""An administrator opens and closes public calendars: of the account, a clinic, a host."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.booking import BookingSettings, PublicCalendar, checked_slug, suggested_slug
from dispatch.clinic import Clinic
from dispatch.errors import InvalidError, NotAllowedError, NotFoundError
from dispatch.events import Change, EntityRef
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.seen import booking_seen, calendar_seen, refuse_unseen
from dispatch.vocabulary import CalendarId, ClinicId, EntityKind, PersonId, ServiceId


@dataclass(frozen=True, slots=True)
class SetBooking:
    """Show public calendars, or none, and for which services (S14)."""

    is_on: bool
    services: frozenset[ServiceId] = frozenset()
    seen: str | None = None  # what the form was filled from


@dataclass(frozen=True, slots=True)
class SetCalendar:
    """Open or close the calendar of a clinic, or of one of its hosts; its address comes along."""

    clinic_id: ClinicId
    host_id: PersonId | None
    slug: str
    is_on: bool
    takes_unknown: bool = False  # of a clinic's
    seen: str | None = None  # what the form was filled from


@dataclass(frozen=True, slots=True)
class SetEveryHost:
    """Open or close the calendars of all hosts of a clinic; who has no address yet gets one."""

    clinic_id: ClinicId
    is_on: bool


def set_booking(command: SetBooking, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Keep the account's switch and the services that can be booked.

    Raises:
        NotAllowedError: the actor is no administrator.
        InvalidError: on without a service, or a service that no clinic of the account offers.
        StaleError: somebody changed it since the form was filled.
    """
    _require_administrator(actor)
    if command.services - unit.public_calendars.services(actor.account_id):
        raise InvalidError("Choose services of your account.", field="services")
    if command.is_on and not command.services:
        raise InvalidError("Choose at least one service that can be booked.", field="services")
    unit.accounts.lock(actor.account_id)
    was = unit.public_calendars.settings(actor.account_id)
    settings = BookingSettings(actor.account_id, command.is_on, command.services)
    about = EntityRef(EntityKind.CALENDAR, 0)
    if settings == was:
        return Done(about, was_there=True)
    refuse_unseen(command.seen, booking_seen(was))
    unit.public_calendars.save_settings(settings)
    unit.record(actor, Change("calendar.account_changed", about, frozenset()))
    return Done(about)


def set_calendar(command: SetCalendar, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Keep one calendar's address and whether it is shown.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: no such clinic, or no such host in it.
        InvalidError: the address cannot be used, or is another calendar's.
        StaleError: somebody changed it since the form was filled.
    """
    _require_administrator(actor)
    clinic = _clinic(command.clinic_id, actor, unit)
    if command.host_id is not None and command.host_id not in _hosts(clinic, unit):
        raise NotFoundError("provider")
    slug = checked_slug(command.slug)
    before = _known(clinic, unit).get(command.host_id)
    taken = unit.public_calendars.by_slug(slug)
    if taken is not None and (before is None or taken.id != before.id):
        raise InvalidError("That address is another calendar's. Choose another.", field="slug")
    wanted = replace(
        before or _closed(clinic, command.host_id, slug),
        slug=slug,
        is_on=command.is_on,
        takes_unknown=command.takes_unknown,
    )
    if before is not None and calendar_seen(wanted) == calendar_seen(before):
        return Done(EntityRef(EntityKind.CALENDAR, before.id), was_there=True)
    refuse_unseen(command.seen, calendar_seen(before))
    return _told(unit.public_calendars.save(wanted), actor, unit)


def set_every_host(command: SetEveryHost, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Open or close the calendars of all hosts of a clinic at once.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: no such clinic.
    """
    _require_administrator(actor)
    clinic = _clinic(command.clinic_id, actor, unit)
    known = _known(clinic, unit)
    for host, name in _hosts(clinic, unit).items() if command.is_on else ():
        if host not in known:
            slug = free_slug(suggested_slug(name), unit)
            known[host] = unit.public_calendars.save(_closed(clinic, host, slug))
    # All are closed, also of those who are away: or they would come back in public by themselves.
    meant = _hosts(clinic, unit) if command.is_on else known
    for host_id, calendar in known.items():
        if host_id is not None and host_id in meant and calendar.is_on != command.is_on:
            _told(unit.public_calendars.save(replace(calendar, is_on=command.is_on)), actor, unit)
    return Done(EntityRef(EntityKind.CALENDAR, 0))


def free_slug(wanted: str, unit: Unit) -> str:
    """Return the address, or with the first number behind it that nobody has."""
    slug, count = wanted, 1
    while unit.public_calendars.by_slug(slug) is not None:
        count += 1
        slug = f"{wanted}-{count}"
    return slug


def _require_administrator(actor: Actor) -> None:
    if not (actor.is_administrator or actor.is_system):
        raise NotAllowedError("Only an administrator can do that.")


def _clinic(clinic_id: ClinicId, actor: Actor, unit: Unit) -> Clinic:
    unit.clinics.lock(clinic_id)  # its calendars are changed one after the other
    clinic = unit.clinics.get(actor.account_id, clinic_id)
    if clinic is None:
        raise NotFoundError("clinic")
    return clinic


def _hosts(clinic: Clinic, unit: Unit) -> dict[PersonId, str]:
    return {host.id: host.name for host in unit.people.in_host_group(clinic.host_group.id)}


def _known(clinic: Clinic, unit: Unit) -> dict[PersonId | None, PublicCalendar]:
    return {calendar.host_id: calendar for calendar in unit.public_calendars.of_clinic(clinic.id)}


def _closed(clinic: Clinic, host: PersonId | None, slug: str) -> PublicCalendar:
    return PublicCalendar(CalendarId(0), clinic.account_id, clinic.id, host, slug)


def _told(calendar: PublicCalendar, actor: Actor, unit: Unit) -> Done:
    about = EntityRef(EntityKind.CALENDAR, calendar.id)
    kind = "opened" if calendar.is_on else "closed"
    unit.record(actor, Change(f"calendar.{kind}", about, frozenset()))
    return Done(about)
