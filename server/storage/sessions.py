"""Video sessions in the database."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from dispatch.errors import StaleError
from dispatch.lifecycle import OPEN_SESSIONS
from dispatch.session import VideoSession
from dispatch.vocabulary import (
    AccountId,
    ClinicId,
    PersonId,
    RequestId,
    ServiceId,
    SessionId,
    SessionStatus,
)
from server.storage.tables import video_session as table

_LIVE = (
    select(table)
    .where(
        table.c.host_id.in_(bindparam("hosts", expanding=True)),
        table.c.starts_at <= bindparam("end"),
        table.c.ends_at >= bindparam("start"),
        table.c.status != SessionStatus.CANCELLED,
    )
    .order_by(table.c.starts_at, table.c.id)
)
_ADD = insert(table).returning(table.c.id)
_REQUEST_OF = select(table.c.request_id).where(table.c.id == bindparam("session"))
_OPEN = select(table).where(table.c.status.in_(sorted(OPEN_SESSIONS))).order_by(table.c.id)
_CHANGING = (
    "host_id",
    "starts_at",
    "ends_at",
    "status",
    "version",
    "revision",
    "closes_at",
    "arrived_at",
    "left_at",
    "started_at",
    "ended_at",
    "reminders",
    "reminded_at",
)


class SqlSessions:
    """``dispatch.ports.Sessions`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, draft: VideoSession) -> VideoSession:
        key = self._connection.execute(_ADD, _columns(draft)).scalar_one()
        return replace(draft, id=SessionId(key))

    def by_id(self, session_id: SessionId) -> VideoSession | None:
        statement = select(table).where(table.c.id == session_id).with_for_update()
        row = self._connection.execute(statement).mappings().first()
        return _session(row) if row is not None else None

    def save(self, session: VideoSession, was: VideoSession) -> None:
        swapped = self._connection.execute(
            update(table)
            .where(table.c.id == was.id, table.c.version == was.version)
            .values({name: getattr(session, name) for name in _CHANGING})
        )
        if swapped.rowcount != 1:
            raise StaleError("This session changed since you looked. Check it and press again.")

    def request_of(self, session_id: SessionId) -> RequestId | None:
        key = self._connection.execute(_REQUEST_OF, {"session": session_id}).scalar()
        return RequestId(key) if key is not None else None

    def open_in(self, clinic: ClinicId) -> Sequence[VideoSession]:
        rows = self._connection.execute(_OPEN.where(table.c.clinic_id == clinic)).mappings()
        return [_session(row) for row in rows]

    def open_of(self, host: PersonId) -> Sequence[VideoSession]:
        rows = self._connection.execute(_OPEN.where(table.c.host_id == host)).mappings()
        return [_session(row) for row in rows]

    def of_host(self, host: PersonId, start: datetime, end: datetime) -> Sequence[VideoSession]:
        return live_sessions(self._connection, [host], start, end)

    def shown(self, account: AccountId, now: datetime) -> Sequence[VideoSession]:
        """Return the sessions of which something may still become; no row is locked."""
        statement = (
            select(table)
            .where(
                table.c.account_id == account,
                table.c.closes_at > now,
                table.c.status.in_(sorted(OPEN_SESSIONS)),
            )
            .order_by(table.c.id)
        )
        return [_session(row) for row in self._connection.execute(statement).mappings()]


def session_by_id(
    connection: Connection, account: AccountId, session_id: SessionId
) -> VideoSession | None:
    """Return a session of the account."""
    statement = select(table).where(table.c.id == session_id, table.c.account_id == account)
    row = connection.execute(statement).mappings().first()
    return _session(row) if row is not None else None


def live_sessions(
    connection: Connection, hosts: Collection[PersonId], start: datetime, end: datetime
) -> list[VideoSession]:
    """Return the sessions of the hosts that are not cancelled and touch ``[start, end]``."""
    values = {"hosts": list(hosts), "start": start, "end": end}
    return [_session(row) for row in connection.execute(_LIVE, values).mappings()]


def _session(row: RowMapping) -> VideoSession:
    return VideoSession(
        id=SessionId(row["id"]),
        account_id=AccountId(row["account_id"]),
        clinic_id=ClinicId(row["clinic_id"]),
        request_id=RequestId(row["request_id"]),
        service_id=ServiceId(row["service_id"]),
        host_id=PersonId(row["host_id"]),
        requester_id=PersonId(row["requester_id"]),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        room=row["room"],
        status=SessionStatus(row["status"]),
        version=row["version"],
        revision=row["revision"],
        arrived_at=row["arrived_at"],
        left_at=row["left_at"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        reminders=row["reminders"],
        reminded_at=row["reminded_at"],
    )


def _columns(of: VideoSession) -> dict[str, object]:
    fixed = ("account_id", "clinic_id", "request_id", "service_id", "requester_id", "room")
    return {name: getattr(of, name) for name in (*fixed, *_CHANGING)}
