"""What a calendar offers: the times that can be asked for in a clinic, or of one provider."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.clinic import Clinic, Service
from dispatch.openings import Opening, openings
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.vocabulary import ClinicMode, PersonId

PREVIEW = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Prospect:
    """How many times patients of a clinic can ask one host for, by service."""

    clinic: Clinic
    service: Service
    count: int


def prospects(reading: Reading, host: Actor, now: datetime) -> tuple[Prospect, ...]:
    """Return what a host's slots come to in the next four weeks, in each of their clinics that go
    by calendar.
    """
    clinics = (
        clinic
        for clinic in reading.clinics_of(host)
        if clinic.host_group.id in host.hosts_in
        and clinic.mode is ClinicMode.CALENDAR
        and not clinic.is_archived
    )
    asked = (host.person_id, now, now + PREVIEW, now)
    return tuple(
        Prospect(clinic, service, len(provider_openings(reading, clinic, service, *asked)))
        for clinic in clinics
        for service in clinic.services
    )


def clinic_openings(
    reading: Reading,
    clinic: Clinic,
    service: Service,
    start: datetime,
    end: datetime,
    now: datetime,
    *,
    hosts: Collection[PersonId] | None = None,
) -> tuple[Opening, ...]:
    """Return the start times in ``[start, end)`` for which a host of the clinic is free, in order.

    ``hosts`` leaves those of the group who are not among them out of it; days that the clinic is
    closed are left out whatever anybody's slots say.
    """
    members = [host.id for host in reading.hosts_of(clinic.host_group.id)]
    asked = [host for host in members if hosts is None or host in hosts]
    start = max(start, now)
    if not asked or end <= start:
        return ()
    until = end + service.duration
    found = openings(
        reading.slots(asked, start, until),
        reading.sessions_of(asked, start, until),
        service.duration,
        start,
        end,
        now,
    )
    if not clinic.closures:
        return found
    return tuple(one for one in found if clinic.timetable.closure_on(one.starts_at) is None)


def provider_openings(
    reading: Reading,
    clinic: Clinic,
    service: Service,
    host: PersonId,
    start: datetime,
    end: datetime,
    now: datetime,
) -> tuple[Opening, ...]:
    """Return the start times in ``[start, end)`` for which that host of the clinic is free."""
    return clinic_openings(reading, clinic, service, start, end, now, hosts=[host])
