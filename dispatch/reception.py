"""What happens at every public calendar: what is open, which times are free, who is let in."""

from datetime import datetime
from typing import Protocol

from dispatch.answers import Given
from dispatch.booking import OpenCalendar, PublicCalendar, opened
from dispatch.clinic import Service
from dispatch.clinic_rules import on_closed_day
from dispatch.errors import InvalidError, NotAllowedError, NotFoundError
from dispatch.events import CONTROL, Change, EntityRef
from dispatch.openings import openings
from dispatch.people import Actor
from dispatch.ports import Unit
from dispatch.showing import cards_of
from dispatch.submission import SubmitRequest, check_times
from dispatch.vocabulary import EntityKind, PersonId, RequestType


def open_calendar(calendar: PublicCalendar | None, unit: Unit) -> OpenCalendar:
    """Return what visitors see.

    Raises:
        NotFoundError: there is no such calendar, or it is closed: the same answer (S13).
    """
    if calendar is None:
        raise NotFoundError("calendar")
    clinic = unit.clinics.get(calendar.account_id, calendar.clinic_id)
    settings = unit.public_calendars.settings(calendar.account_id)
    hosts = unit.people.in_host_group(clinic.host_group.id) if clinic else ()
    shown = opened(
        calendar, settings, clinic, hosts, unit.public_calendars.of_clinic(calendar.clinic_id)
    )
    if shown is None:
        raise NotFoundError("calendar")
    return shown


def require_free(
    times: tuple[datetime, ...], shown: OpenCalendar, service: Service, unit: Unit, now: datetime
) -> None:
    """Let times pass that can be asked for.

    Raises:
        InvalidError: the field is the first one that cannot, by rank.
    """
    check_times(times, shown.clinic, now)
    free = free_times(times, shown, service, unit, now)
    for rank, at in enumerate(times, start=1):
        if at not in free:
            raise InvalidError("That time is not free any more.", field=f"time{rank}")


def free_times(
    times: tuple[datetime, ...], shown: OpenCalendar, service: Service, unit: Unit, now: datetime
) -> tuple[datetime, ...]:
    """Return those of the times for which one of the calendar's hosts is free."""
    free = []
    for at in times:
        until = at + service.duration
        slots = unit.hosts.slots(shown.hosts, at, until)
        taken = [held for host in shown.hosts for held in unit.sessions.of_host(host, at, until)]
        found = openings(slots, taken, service.duration, at, until, now)
        is_there = any(opening.starts_at == at for opening in found)
        if is_there and on_closed_day(shown.clinic, at, 1) is None:
            free.append(at)
    return tuple(free)


class Ask(Protocol):
    """What somebody asks for at a calendar, whoever they are."""

    @property
    def times(self) -> tuple[datetime, ...]: ...
    @property
    def zone(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def given(self) -> Given: ...


def request_for(shown: OpenCalendar, service: Service, ask: Ask) -> SubmitRequest:
    """Return the request that comes of it: to the calendar's host, or to the clinic's group."""
    return SubmitRequest(
        clinic_id=shown.clinic.id,
        service_id=service.id,
        type=RequestType.SCHEDULED,
        times=ask.times,
        target_host_id=shown.calendar.host_id,
        note=ask.note,
        zone=ask.zone,
        given=ask.given,
    )


def join_patients(
    person: PersonId, shown: OpenCalendar, actor: Actor, unit: Unit, now: datetime
) -> Actor:
    """Let them be a patient of the clinic; return them as they now act.

    Raises:
        NotAllowedError: they are disabled.
    """
    group = shown.clinic.patient_group.id
    if not unit.people.in_patient_group(group, person):
        unit.people.join_patients(group, [person])
        about = EntityRef(EntityKind.PERSON, person)
        change = Change("person.membership_changed", about, frozenset({CONTROL}))
        unit.record(actor, change, *cards_of("joined", [person], [group], unit, now))
    joined = unit.people.actor(person)
    if joined is None:  # disabled: the clinic wants to hear from them in another way
        raise NotAllowedError("You can't ask here online. Call the clinic.")
    return joined
