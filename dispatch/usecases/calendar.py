"""What a calendar offers: the times that can be asked for in a clinic, or of one provider."""

from collections.abc import Collection
from datetime import datetime

from dispatch.clinic import Clinic, Service
from dispatch.openings import Opening, openings
from dispatch.ports import Reading
from dispatch.vocabulary import PersonId


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

    ``hosts`` leaves those of the group who are not among them out of it.
    """
    members = [host.id for host in reading.hosts_of(clinic.host_group.id)]
    asked = [host for host in members if hosts is None or host in hosts]
    start = max(start, now)
    if not asked or end <= start:
        return ()
    until = end + service.duration
    return openings(
        reading.slots(asked, start, until),
        reading.sessions_of(asked, start, until),
        service.duration,
        start,
        end,
        now,
    )


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
