"""Patients in waiting rooms in the database: one row with a lease for each."""

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

from dispatch.attendance import Attendance
from dispatch.vocabulary import PersonId, SessionId
from server.storage.tables import attendance as table

_OF = select(table).where(table.c.session_id == bindparam("session"))
_DROP = delete(table).where(table.c.session_id == bindparam("session"))
_BY_TAB = select(table).where(table.c.tab == bindparam("tab")).order_by(table.c.session_id)


class SqlAttendances:
    """``dispatch.ports.Attendances`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, session_id: SessionId) -> Attendance | None:
        row = self._connection.execute(_OF, {"session": session_id}).mappings().first()
        return attendance_of(row) if row is not None else None

    def put(self, of: Attendance) -> None:
        values = {
            "person_id": of.person_id,
            "tab": of.tab,
            "came_at": of.came_at,
            "lease_until": of.lease_until,
        }
        changed = self._connection.execute(
            update(table).where(table.c.session_id == of.session_id).values(values)
        )
        if not changed.rowcount:
            self._connection.execute(insert(table), {"session_id": of.session_id, **values})

    def renew(self, of: Attendance, now: datetime) -> None:
        self._lease(of, table.c.lease_until > now)

    def shorten(self, of: Attendance, was: Attendance) -> None:
        self._lease(of, table.c.lease_until == was.lease_until)

    def drop(self, session_id: SessionId) -> None:
        self._connection.execute(_DROP, {"session": session_id})

    def held_by_tab(self, tab: str) -> Sequence[Attendance]:
        rows = self._connection.execute(_BY_TAB, {"tab": tab}).mappings()
        return [attendance_of(row) for row in rows]

    def _lease(self, of: Attendance, condition: ColumnElement[bool]) -> None:
        """Set the lease in one statement, so that nothing comes between looking and writing."""
        self._connection.execute(
            update(table)
            .where(
                table.c.session_id == of.session_id,
                table.c.person_id == of.person_id,
                table.c.tab == of.tab,
                condition,
            )
            .values(lease_until=of.lease_until)
        )


def attendance_of(row: RowMapping) -> Attendance:
    """Return the attendance of a row that has all its columns."""
    return Attendance(
        session_id=SessionId(row["session_id"]),
        person_id=PersonId(row["person_id"]),
        tab=row["tab"],
        came_at=row["came_at"],
        lease_until=row["lease_until"],
    )
