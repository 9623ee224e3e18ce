"""Names under which one row brings several people and groups along, shared by every view."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    func,
    select,
)

from dispatch.events import EntityRef
from dispatch.vocabulary import EntityKind, RequestStatus
from server.storage.among import Among
from server.storage.tables import claim, clinic, host_group, patient_group, person, request, service

requester = person.alias("requester")
target = person.alias("target")
submitter = person.alias("submitter")
decliner = person.alias("decliner")
claimer = person.alias("claimer")
decider = person.alias("decider")
provider = person.alias("provider")

PENDING = request.c.status == RequestStatus.PENDING
REQUEST_TO = func.coalesce(target.c.name, host_group.c.name).label("request_to")  # S4


def pending_requests() -> Select[Any]:
    """Return the joins that every card of a pending request needs."""
    return (
        select(
            request,
            clinic.c.name.label("clinic"),
            clinic.c.zone.label("clinic_zone"),
            clinic.c.mode,
            clinic.c.host_group_id,
            clinic.c.target_seconds,
            clinic.c.nearly_seconds,
            clinic.c.declined_text,
            patient_group.c.name.label("patient_group"),
            host_group.c.name.label("host_group"),
            service.c.name.label("service"),
            service.c.duration_minutes,
            service.c.payment_required,
            requester.c.name.label("requestor"),
            submitter.c.name.label("submitter"),
            REQUEST_TO,
            decliner.c.name.label("decliner"),
            claim.c.person_id.label("claimer_id"),
            claim.c.lease_until,
            claimer.c.name.label("claimer"),
        )
        .join(clinic, clinic.c.id == request.c.clinic_id)
        .join(patient_group, patient_group.c.id == clinic.c.patient_group_id)
        .join(host_group, host_group.c.id == clinic.c.host_group_id)
        .join(service, service.c.id == request.c.service_id)
        .join(requester, requester.c.id == request.c.requester_id)
        .join(submitter, submitter.c.id == request.c.submitted_by_id)
        .outerjoin(target, target.c.id == request.c.target_host_id)
        .outerjoin(decliner, decliner.c.id == request.c.declining_by_id)
        .outerjoin(claim, claim.c.request_id == request.c.id)
        .outerjoin(claimer, claimer.c.id == claim.c.person_id)
        .where(PENDING)
        .order_by(request.c.submitted_at, request.c.number)
    )


def ids(only: Collection[EntityRef] | None, kind: EntityKind) -> list[int] | None:
    """Return the ids of one kind that are asked for; None for all of them."""
    return None if only is None else [ref.id for ref in only if ref.kind is kind]


@dataclass(frozen=True, slots=True)
class Listing:
    """A statement for all of a list and one for some of it; both are built once and kept."""

    everything: Select[Any]
    some: Among

    def fetch(
        self, connection: Connection, wanted: list[int] | None, **values: object
    ) -> list[Row[Any]]:
        """Return the rows, or those of the wanted keys; nothing is asked when none is wanted."""
        if wanted is None:
            return list(connection.execute(self.everything, values))
        if not wanted:
            return []
        return list(connection.execute(self.some.on(connection), {**values, "wanted": wanted}))


def listing(statement: Select[Any], key: ColumnElement[int]) -> Listing:
    """Return the statement together with its narrower form."""
    return Listing(statement, Among("wanted", lambda is_wanted: statement.where(is_wanted(key))))
