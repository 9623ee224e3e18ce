"""What whoever runs the console asks of the database: its schema, what waits, and what is late."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Select, String, column, func, select, table

from dispatch.vocabulary import ClinicId, NoticeStatus, RequestStatus
from server.storage.tables import clinic, outbox, request

Backlogs = Mapping[ClinicId, tuple[int, datetime | None]]
Late = tuple[datetime | None, datetime | None]  # since when it is due: an end, a message

_REVISION: Select[str] = select(column("version_num", String)).select_from(table("alembic_version"))
# Every clinic, the quiet ones too: a series that comes and goes cannot be alarmed on. The index of
# clinic, status and submitted_at holds all that this reads of a request.
_BACKLOGS = (
    select(clinic.c.id, func.count(request.c.clinic_id), func.min(request.c.submitted_at))
    .outerjoin(
        request,
        (request.c.clinic_id == clinic.c.id) & (request.c.status == RequestStatus.PENDING),
    )
    .group_by(clinic.c.id)
)

# The first by its index each; whether its time has come, whoever asks knows by the clock.
_LATE = (
    select(func.min(request.c.declining_due_at)).where(request.c.status == RequestStatus.PENDING),
    select(func.min(request.c.expires_at)).where(
        request.c.status == RequestStatus.PENDING, request.c.declining_by_id.is_(None)
    ),
    select(func.min(outbox.c.next_at)).where(outbox.c.status == NoticeStatus.WAITING),
)


def revision_of(connection: Connection) -> str | None:
    """Return the schema that the database has."""
    return connection.execute(_REVISION).scalar()


def backlogs(connection: Connection) -> Backlogs:
    """Return each clinic's count of pending requests, and when the oldest was submitted."""
    return {ClinicId(key): (count, at) for key, count, at in connection.execute(_BACKLOGS)}


def late(connection: Connection) -> Late:
    """Return when the first waiting request is due to end, and the first message to be sent."""
    decline, expiry, message = (connection.execute(each).scalar() for each in _LATE)
    ends = [at for at in (decline, expiry) if at is not None]
    return min(ends, default=None), message
