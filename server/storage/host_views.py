"""What a provider's streams hold: requests to their group or to them, passes, sessions, toggle."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Exists, Row, bindparam, exists, select

from dispatch.events import EntityRef
from dispatch.views import AvailabilityCard, HostCard, HostGroupRow, PassRow, View
from dispatch.vocabulary import (
    ClinicId,
    ClinicMode,
    DeclineReason,
    EntityKind,
    GroupId,
    PersonId,
    RequestId,
    RequestNumber,
    RequestType,
)
from server.storage.board_views import claim_view, declining_view
from server.storage.columns import PENDING, ids, listing, pending_requests
from server.storage.form_text import answers_in
from server.storage.replies import replies_of, sentences_of
from server.storage.request_rows import times_of
from server.storage.session_views import OPEN, session_row
from server.storage.tables import (
    availability,
    clinic,
    host_group,
    host_member,
    person,
    request,
    request_answers,
    request_pass,
    service,
    video_session,
)

Only = Collection[EntityRef] | None
_CARDS = (
    pending_requests()
    .add_columns(request_answers.c.answers)
    .outerjoin(request_answers, request_answers.c.request_id == request.c.id)
)
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
    availability.c.break_until_at,
).outerjoin(availability, availability.c.host_id == person.c.id)
_HOST: BindParameter[int] = bindparam("host")


def _answers_by(mode: ClinicMode) -> Exists:
    open_clinic = (clinic.c.host_group_id == host_group.c.id, clinic.c.archived_at.is_(None))
    return exists().where(*open_clinic, clinic.c.mode == mode)


_GROUP = listing(
    select(
        host_group.c.id,
        host_group.c.name,
        _answers_by(ClinicMode.ON_DEMAND).label("by_toggle"),
        _answers_by(ClinicMode.CALENDAR).label("by_slots"),
    ).where(host_group.c.id == bindparam("group")),
    host_group.c.id,
)
_OF_GROUP = listing(
    _CARDS.where(clinic.c.host_group_id == bindparam("group"), request.c.target_host_id.is_(None)),
    request.c.id,
)
_OWN_CARDS = listing(  # of the clinics where they still answer (S28)
    _CARDS.where(
        request.c.target_host_id == _HOST,
        exists().where(
            host_member.c.group_id == clinic.c.host_group_id, host_member.c.person_id == _HOST
        ),
    ),
    request.c.id,
)
_OWN_PASSES = listing(_PASSES.where(request_pass.c.host_id == _HOST), request.c.id)
_OWN_SESSIONS = listing(OPEN.where(video_session.c.host_id == _HOST), video_session.c.id)
_OWN_TOGGLE = listing(_TOGGLE.where(person.c.id == _HOST), person.c.id)


def group(connection: Connection, group_id: int, only: Only, now: datetime) -> list[View]:
    """Return the pending requests that are directed to the whole group, and the group itself."""
    rows = _OF_GROUP.fetch(connection, ids(only, EntityKind.REQUEST), group=group_id)
    groups = _GROUP.fetch(connection, ids(only, EntityKind.HOST_GROUP), group=group_id)
    return [*_cards(connection, rows), *map(_group, groups)]


def own(connection: Connection, host_id: int, only: Only, now: datetime) -> list[View]:
    """Return what concerns one host alone."""
    cards = _OWN_CARDS.fetch(connection, ids(only, EntityKind.REQUEST), host=host_id)
    passes = _OWN_PASSES.fetch(connection, ids(only, EntityKind.PASS), host=host_id)
    sessions = _OWN_SESSIONS.fetch(connection, ids(only, EntityKind.SESSION), host=host_id, now=now)
    toggles = _OWN_TOGGLE.fetch(connection, ids(only, EntityKind.AVAILABILITY), host=host_id)
    return [
        *_cards(connection, cards),
        *map(_pass, passes),
        *map(session_row, sessions),
        *map(_toggle, toggles),
    ]


def _cards(connection: Connection, rows: list[Row[Any]]) -> list[HostCard]:
    times = times_of(connection, [row.id for row in rows if row.type == RequestType.SCHEDULED])
    clinics = {ClinicId(row.clinic_id) for row in rows}
    replies = replies_of(connection, clinics) if clinics else {}
    worded = sentences_of(connection, clinics) if clinics else {}
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
            answers=answers_in(row.answers),
            claim=claim_view(row),
            declining=declining_view(row),
            replies=replies[row.clinic_id],
            declined_text=_declined_text(row, worded[row.clinic_id]),
        )
        for row in rows
    ]


def _declined_text(row: Row[Any], worded: Mapping[DeclineReason, str]) -> str:
    """Return what a decline by the host says; one who can only pass sends no word."""
    if row.target_host_id is None:
        return ""
    return worded.get(DeclineReason.OTHER) or str(row.declined_text)


def _pass(row: Row[Any]) -> PassRow:
    # Version 1 for ever: a pass never changes, and does not follow the request that it is about.
    return PassRow(RequestId(row.id), 1, RequestNumber(row.number), row.service)


def _group(row: Row[Any]) -> HostGroupRow:
    # Version 1 for ever: one stream alone holds it, and the last word counts.
    return HostGroupRow(
        GroupId(row.id), 1, row.name, by_toggle=bool(row.by_toggle), by_slots=bool(row.by_slots)
    )


def _toggle(row: Row[Any]) -> AvailabilityCard:
    return AvailabilityCard(
        id=PersonId(row.id),
        version=row.version or 0,
        until_at=row.until_at if row.is_on else None,
        zone=row.zone,
        break_until_at=row.break_until_at if row.is_on else None,
    )
