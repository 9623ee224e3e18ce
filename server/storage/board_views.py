"""What a clinic's stream holds for its board: pending requests, and the providers' toggles."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from dispatch.events import EntityRef
from dispatch.line import Estimate
from dispatch.roster import available_times, everyone_passed
from dispatch.slots import spans
from dispatch.views import (
    BoardRow,
    ClaimView,
    DecliningView,
    ProviderRow,
    View,
)
from dispatch.vocabulary import (
    ClinicId,
    ClinicMode,
    EntityKind,
    PersonId,
    RequestId,
    RequestNumber,
    RequestType,
)
from server.storage.calendars import slots_between
from server.storage.columns import (
    ids,
    listing,
    pending_requests,
)
from server.storage.hosts import availabilities
from server.storage.request_rows import times_of
from server.storage.tables import (
    availability,
    clinic,
    connected_host,
    host_member,
    person,
    request,
    request_pass,
    told_wait,
)

_PASSES = (
    select(func.count())
    .where(request_pass.c.request_id == request.c.id)
    .scalar_subquery()
    .label("passes")
)
_ROWS = listing(
    pending_requests()
    .add_columns(_PASSES, told_wait.c.low_minutes, told_wait.c.high_minutes)
    .outerjoin(told_wait, told_wait.c.request_id == request.c.id)
    .where(request.c.clinic_id == bindparam("clinic")),
    request.c.id,
)
_PROVIDERS = listing(
    select(
        person.c.id,
        person.c.name,
        clinic.c.id.label("clinic_id"),
        clinic.c.mode,
        clinic.c.zone,
        availability.c.is_on,
        availability.c.until_at,
        availability.c.version,
        availability.c.break_until_at,
        connected_host.c.lease_until.label("connected_until"),
    )
    .join(host_member, host_member.c.person_id == person.c.id)
    .join(clinic, clinic.c.host_group_id == host_member.c.group_id)
    .outerjoin(availability, availability.c.host_id == person.c.id)
    .outerjoin(connected_host, connected_host.c.host_id == person.c.id)
    .where(
        person.c.disabled_at.is_(None),
        clinic.c.id == bindparam("clinic"),
        clinic.c.archived_at.is_(None),
    )
    .order_by(person.c.name, person.c.id),
    person.c.id,
)
Only = Collection[EntityRef] | None


def board(connection: Connection, clinic_id: int, only: Only, now: datetime) -> list[View]:
    """Return the pending requests, oldest first (S30), and the providers with their toggles."""
    rows = _ROWS.fetch(connection, ids(only, EntityKind.REQUEST), clinic=clinic_id)
    times = times_of(connection, [row.id for row in rows if row.type == RequestType.SCHEDULED])
    views: list[View] = [_board_row(connection, row, times.get(row.id, ()), now) for row in rows]
    hosts = _PROVIDERS.fetch(connection, ids(only, EntityKind.PROVIDER), clinic=clinic_id)
    return views + [_provider(row) for row in hosts]


def claim_view(row: Row[Any]) -> ClaimView | None:
    """Return who is deciding on the request of a row."""
    if row.claimer_id is None:
        return None
    return ClaimView(PersonId(row.claimer_id), row.claimer, row.lease_until)


def declining_view(row: Row[Any]) -> DecliningView | None:
    """Return who is declining the request of a row."""
    if row.declining_due_at is None:
        return None
    person_id = None if row.declining_by_id is None else PersonId(row.declining_by_id)
    return DecliningView(person_id, row.decliner or "The system", row.declining_due_at)


def _board_row(
    connection: Connection, row: Row[Any], times: tuple[datetime, ...], now: datetime
) -> BoardRow:
    is_behalf = row.submitted_by_id != row.requester_id
    return BoardRow(
        id=RequestId(row.id),
        version=row.version,
        number=RequestNumber(row.number),
        clinic_id=ClinicId(row.clinic_id),
        requestor=row.requestor,
        type=RequestType(row.type),
        patient_group=row.patient_group,
        host_group=row.host_group,
        request_to=row.request_to,
        service=row.service,
        submitted_at=row.submitted_at,
        target_seconds=row.target_seconds,
        nearly_seconds=row.nearly_seconds,
        times=times or (row.submitted_at,),  # S7
        zone=row.clinic_zone,
        note=row.note,
        claim=claim_view(row),
        declining=declining_view(row),
        on_behalf_by=row.submitter if is_behalf else "",
        escalated_at=row.escalated_at,
        told=Estimate(row.low_minutes, row.high_minutes) if row.low_minutes else None,
        all_passed=bool(row.passes) and _all_passed(connection, row, times, now),
    )


def _all_passed(
    connection: Connection, row: Row[Any], times: tuple[datetime, ...], now: datetime
) -> bool:
    members = (
        select(person.c.id)
        .join(host_member, host_member.c.person_id == person.c.id)
        .where(host_member.c.group_id == row.host_group_id, person.c.disabled_at.is_(None))
    )
    hosts = [PersonId(host) for host in connection.execute(members).scalars()]
    passed = select(request_pass.c.host_id).where(request_pass.c.request_id == row.id)
    duration = timedelta(minutes=row.duration_minutes)
    wanted = times or (now,)
    near = spans(wanted, duration)
    slots = [slot for span in near for slot in slots_between(connection, hosts, *span)]
    toggles = availabilities(connection, hosts)
    mode = ClinicMode(row.mode)
    available = [
        host for host in hosts if available_times(mode, toggles[host], slots, wanted, duration, now)
    ]
    return everyone_passed(available, set(connection.execute(passed).scalars()))


def _provider(row: Sequence[Any]) -> ProviderRow:
    # By place: a row of SQLAlchemy takes three times as long by the names of its columns.
    key, name, clinic_id, mode, zone, is_on, until_at, version, back_at, connected_until = row
    return ProviderRow(
        id=PersonId(key),
        version=version or 0,
        clinic_id=ClinicId(clinic_id),
        name=name,
        mode=ClinicMode(mode),
        until_at=until_at if is_on else None,
        zone=zone,
        break_until_at=back_at if is_on else None,
        is_connected=connected_until is not None,
    )
