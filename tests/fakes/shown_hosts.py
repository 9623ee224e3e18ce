"""What boards and hosts themselves see of who is available, in memory."""

from collections.abc import Iterator
from datetime import datetime

from dispatch import views
from dispatch.vocabulary import ClinicId, ClinicMode, GroupId, PersonId
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
    toggle = rows.toggle(host)
    until = toggle.until_at if toggle.is_on_at(now) else None
    pause = toggle.break_until_at if toggle.is_on_break_at(now) else None
    zone = rows.people[host].zone
    yield views.AvailabilityCard(host, toggle.version, until, zone, pause)


def host_group_of(rows: Memory, group_id: int) -> Iterator[views.HostGroupRow]:
    group = rows.host_groups.get(GroupId(group_id))
    if group is None:
        return
    there = [c for c in rows.clinics.values() if c.host_group.id == group.id]
    modes = {clinic.mode for clinic in there if not clinic.is_archived}
    yield views.HostGroupRow(
        group.id,
        1,
        group.name,
        by_toggle=ClinicMode.ON_DEMAND in modes,
        by_slots=ClinicMode.CALENDAR in modes,
    )
