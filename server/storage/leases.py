"""Leases in the database, one row each: claims on requests, and patients in waiting rooms."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Generic

from sqlalchemy import Connection, RowMapping, Table, bindparam, delete, insert, select, update

from dispatch.attendance import Attendance
from dispatch.claim import Claim
from dispatch.events import (
    EntityRef,
    clinic_stream,
    host_stream,
    hosts_stream,
    patient_stream,
    request_stream,
)
from dispatch.lease import K, Lease
from dispatch.vocabulary import EntityKind, PersonId, RequestId, SessionId
from server.storage.tables import attendance, claim, clinic, request


class LeaseTable(Generic[K]):
    """Where leases of one kind are kept, and what is asked of them, built once."""

    def __init__(self, table: Table, *, of: str, since: str) -> None:
        """``of`` and ``since`` are what this table calls these columns."""
        self._of, self._since = of, since
        is_it = table.c[of] == bindparam("it")
        self.one = select(table).where(is_it)
        self.of_tab = select(table).where(table.c.tab == bindparam("page")).order_by(table.c[of])
        is_theirs = table.c.person_id == bindparam("holder")
        self.of_person = select(table).where(is_theirs).order_by(table.c[of])
        self.add = insert(table)
        self.change = update(table).where(is_it)
        self.drop = delete(table).where(is_it)
        # The lease is set in one statement, so that nothing comes between looking and writing.
        its_own = (
            update(table)
            .where(is_it, is_theirs)
            .where(table.c.tab == bindparam("page"))
            .values(lease_until=bindparam("until"))
        )
        self.renew = its_own.where(table.c.lease_until > bindparam("now"))
        self.shorten = its_own.where(table.c.lease_until == bindparam("was"))

    def lease_of(self, row: RowMapping) -> Lease[K]:
        """Return the lease of a row that has all its columns."""
        return Lease(
            of=row[self._of],
            person_id=PersonId(row["person_id"]),
            tab=row["tab"],
            since=row[self._since],
            lease_until=row["lease_until"],
        )

    def row_of(self, lease: Lease[K]) -> dict[str, object]:
        """Return a lease's columns."""
        return {
            self._of: lease.of,
            "person_id": lease.person_id,
            "tab": lease.tab,
            self._since: lease.since,
            "lease_until": lease.lease_until,
        }


CLAIMS: LeaseTable[RequestId] = LeaseTable(claim, of="request_id", since="taken_at")
ATTENDANCES: LeaseTable[SessionId] = LeaseTable(attendance, of="session_id", since="came_at")
_CLAIMED = (  # pending requests all: a claim goes with the wait
    select(
        request.c.clinic_id,
        request.c.target_host_id,
        request.c.requester_id,
        clinic.c.host_group_id,
        claim,
    )
    .join(claim, claim.c.request_id == request.c.id)
    .join(clinic, clinic.c.id == request.c.clinic_id)
    .order_by(claim.c.lease_until)
)
_WAITING = select(attendance)


class SqlLeases(Generic[K]):
    """``dispatch.ports.Leases`` over one transaction."""

    def __init__(self, connection: Connection, table: LeaseTable[K]) -> None:
        self._connection = connection
        self._table = table

    def of(self, key: K) -> Lease[K] | None:
        row = self._connection.execute(self._table.one, {"it": key}).mappings().first()
        return self._table.lease_of(row) if row is not None else None

    def put(self, lease: Lease[K]) -> None:
        row = self._table.row_of(lease)
        changed = self._connection.execute(self._table.change, row | {"it": lease.of})
        if not changed.rowcount:
            self._connection.execute(self._table.add, row)

    def renew(self, lease: Lease[K], now: datetime) -> None:
        self._connection.execute(self._table.renew, _its_own(lease) | {"now": now})

    def shorten(self, lease: Lease[K], was: Lease[K]) -> None:
        self._connection.execute(self._table.shorten, _its_own(lease) | {"was": was.lease_until})

    def drop(self, key: K) -> None:
        self._connection.execute(self._table.drop, {"it": key})

    def held_by_tab(self, tab: str) -> Sequence[Lease[K]]:
        rows = self._connection.execute(self._table.of_tab, {"page": tab}).mappings()
        return [self._table.lease_of(row) for row in rows]

    def held_by(self, person: PersonId) -> Sequence[Lease[K]]:
        rows = self._connection.execute(self._table.of_person, {"holder": person}).mappings()
        return [self._table.lease_of(row) for row in rows]


def _its_own(lease: Lease[K]) -> dict[str, object]:
    return {
        "it": lease.of,
        "holder": lease.person_id,
        "page": lease.tab,
        "until": lease.lease_until,
    }


def leases_of(
    connection: Connection, streams: Collection[str]
) -> Mapping[str, Mapping[EntityRef, Claim | Attendance]]:
    """Return each claim by its request and each attendance by its session, for every stream."""
    found: dict[str, dict[EntityRef, Claim | Attendance]] = {stream: {} for stream in streams}
    for row in connection.execute(_CLAIMED).mappings():
        target, group = row["target_host_id"], row["host_group_id"]
        held = CLAIMS.lease_of(row)
        for stream in (
            clinic_stream(row["clinic_id"]),
            patient_stream(row["requester_id"]),
            request_stream(held.of),
            host_stream(target) if target else hosts_stream(group),
        ):
            if stream in found:
                found[stream][EntityRef(EntityKind.REQUEST, held.of)] = held
    for row in connection.execute(_WAITING).mappings():
        waits = ATTENDANCES.lease_of(row)
        stream = patient_stream(waits.person_id)  # whose page renews it; nobody else needs to know
        if stream in found:
            found[stream][EntityRef(EntityKind.SESSION, waits.of)] = waits
    return found
