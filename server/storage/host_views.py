"""What a provider's streams hold: requests to their group or to them, passes, sessions, toggle."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from dispatch.events import EntityRef
from dispatch.views import AvailabilityCard, HostCard, PassRow, View
from dispatch.vocabulary import (
    EntityKind,
    PersonId,
    RequestId,
    RequestNumber,
    RequestType,
)
from server.storage.board_views import claim_view, declining_view
from server.storage.columns import PENDING, fetch, ids, pending_requests
from server.storage.requests import times_of
from server.storage.session_views import SESSIONS, session_row
from server.storage.tables import (
    availability,
    clinic,
    host_group,
    host_member,
    person,
    request,
    request_pass,
    service,
    video_session,
)

Only = Collection[EntityRef] | None
_CARDS = pending_requests()
_PASSES = (
    select(request.c.id, request.c.number, service.c.name.label("service"))
    .join(request_pass, request_pass.c.request_id == request.c.id)
    .join(service, service.c.id == request.c.service_id)
    .where(PENDING)
    .order_by(request.c.number)
)
_TOGGLE = select(
    person.c.id,
    person.c.zone,
    availability.c.is_on,
    availability.c.until_at,
    availability.c.version,
).outerjoin(availability, availability.c.host_id == person.c.id)


def group(connection: Connection, group_id: int, only: Only, now: datetime) -> list[View]:
    """Return the pending requests that are directed to the whole group."""
    statement = _CARDS.where(clinic.c.host_group_id == group_id, request.c.target_host_id.is_(None))
    return list(_cards(connection, fetch(connection, statement, request.c.id, _requests(only))))


def own(connection: Connection, host_id: int, only: Only, now: datetime) -> list[View]:
    """Return what concerns one host alone."""
    statement = _CARDS.where(request.c.target_host_id == host_id)
    views: list[View] = [
        *_cards(connection, fetch(connection, statement, request.c.id, _requests(only)))
    ]
    passes = _PASSES.where(request_pass.c.host_id == host_id)
    wanted = ids(only, EntityKind.PASS)
    views += [_pass(row) for row in fetch(connection, passes, request.c.id, wanted)]
    sessions = SESSIONS.where(video_session.c.host_id == host_id, video_session.c.ends_at > now)
    wanted = ids(only, EntityKind.SESSION)
    views += [
        session_row(row, join_url(row.video_url, row.room))
        for row in fetch(connection, sessions, video_session.c.id, wanted)
    ]
    toggles = _TOGGLE.where(person.c.id == host_id)
    wanted = ids(only, EntityKind.AVAILABILITY)
    rows = fetch(connection, toggles, person.c.id, wanted)
    return views + [_toggle(connection, row) for row in rows]


def join_url(template: str, room: str) -> str:
    """Return the link of one room of a clinic's video service; empty where it has none."""
    return template.replace("{room}", room)


def _requests(only: Only) -> list[int] | None:
    return ids(only, EntityKind.REQUEST)


def _cards(connection: Connection, rows: list[Row[Any]]) -> list[HostCard]:
    times = times_of(connection, [row.id for row in rows if row.type == RequestType.SCHEDULED])
    return [
        HostCard(
            id=RequestId(row.id),
            version=row.version,
            number=RequestNumber(row.number),
            requestor=row.requestor,
            clinic=row.clinic,
            service=row.service,
            payment_required=row.payment_required,
            type=RequestType(row.type),
            request_to=row.request_to,
            is_directed=row.target_host_id is not None,
            submitted_at=row.submitted_at,
            target_seconds=row.target_seconds,
            nearly_seconds=row.nearly_seconds,
            times=times.get(row.id, (row.submitted_at,)),
            zone=row.clinic_zone,
            note=row.note,
            claim=claim_view(row),
            declining=declining_view(row),
        )
        for row in rows
    ]


def _pass(row: Row[Any]) -> PassRow:
    # Version 1 for ever: a pass never changes, and does not follow the request that it is about.
    return PassRow(RequestId(row.id), 1, RequestNumber(row.number), row.service)


def _toggle(connection: Connection, row: Row[Any]) -> AvailabilityCard:
    groups = (
        select(host_group.c.name)
        .join(host_member, host_member.c.group_id == host_group.c.id)
        .where(host_member.c.person_id == row.id)
        .order_by(host_group.c.name)
    )
    return AvailabilityCard(
        id=PersonId(row.id),
        version=row.version or 0,
        until_at=row.until_at if row.is_on else None,
        groups=tuple(connection.execute(groups).scalars()),
        zone=row.zone,
    )
