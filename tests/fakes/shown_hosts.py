"""What boards and hosts themselves see of who is available, in memory."""

from collections.abc import Iterator
from datetime import datetime

from dispatch import views
from dispatch.vocabulary import ClinicId, PersonId
from tests.fakes.memory import Memory


def providers_of(rows: Memory, clinic_id: int, now: datetime) -> Iterator[views.ProviderRow]:
    clinic = rows.clinics[ClinicId(clinic_id)]
    if clinic.is_archived:
        return
    for host in rows.host_group(clinic.host_group.id):
        toggle = rows.toggle(host.id)
        until = toggle.until_at if toggle.is_on_at(now) else None
        pause = toggle.break_until_at if toggle.is_on_break_at(now) else None
        yield views.ProviderRow(
            host.id,
            toggle.version,
            clinic.id,
            host.name,
            clinic.mode,
            until,
            clinic.zone,
            pause,
            host.id in rows.connected,
        )


def availability_of(
    rows: Memory, host: PersonId, now: datetime
) -> Iterator[views.AvailabilityCard]:
    groups = sorted(rows.host_groups[group].name for group, who in rows.hosts if who == host)
    toggle = rows.toggle(host)
    until = toggle.until_at if toggle.is_on_at(now) else None
    pause = toggle.break_until_at if toggle.is_on_break_at(now) else None
    zone = rows.people[host].zone
    yield views.AvailabilityCard(host, toggle.version, until, tuple(groups), zone, pause)
