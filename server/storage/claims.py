"""Claims in the database: one row with a lease for each."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from dispatch.claim import Claim
from dispatch.vocabulary import PersonId, RequestId
from server.storage.tables import claim

_OF = select(claim).where(claim.c.request_id == bindparam("request"))
_DROP = delete(claim).where(claim.c.request_id == bindparam("request"))


class SqlClaims:
    """``dispatch.ports.Claims`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, request_id: RequestId) -> Claim | None:
        row = self._connection.execute(_OF, {"request": request_id}).mappings().first()
        return claim_of(row) if row is not None else None

    def put(self, of: Claim) -> None:
        values = {
            "person_id": of.person_id,
            "tab": of.tab,
            "taken_at": of.taken_at,
            "lease_until": of.lease_until,
        }
        changed = self._connection.execute(
            update(claim).where(claim.c.request_id == of.request_id).values(values)
        )
        if not changed.rowcount:
            self._connection.execute(insert(claim), {"request_id": of.request_id, **values})

    def renew(self, of: Claim, now: datetime) -> None:
        self._lease(of, claim.c.lease_until > now)

    def shorten(self, of: Claim, was: Claim) -> None:
        self._lease(of, claim.c.lease_until == was.lease_until)

    def drop(self, request_id: RequestId) -> None:
        self._connection.execute(_DROP, {"request": request_id})

    def held_by_tab(self, tab: str) -> Sequence[Claim]:
        statement = select(claim).where(claim.c.tab == tab).order_by(claim.c.request_id)
        return [claim_of(row) for row in self._connection.execute(statement).mappings()]

    def _lease(self, of: Claim, condition: ColumnElement[bool]) -> None:
        """Set the lease in one statement, so that nothing comes between looking and writing."""
        self._connection.execute(
            update(claim)
            .where(
                claim.c.request_id == of.request_id,
                claim.c.person_id == of.person_id,
                claim.c.tab == of.tab,
                condition,
            )
            .values(lease_until=of.lease_until)
        )


def claim_of(row: RowMapping) -> Claim:
    """Return the claim of a row that has all its columns."""
    return Claim(
        request_id=RequestId(row["request_id"]),
        person_id=PersonId(row["person_id"]),
        tab=row["tab"],
        taken_at=row["taken_at"],
        lease_until=row["lease_until"],
    )
