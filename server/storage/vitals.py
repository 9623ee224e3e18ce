"""What whoever runs the console asks of the database: its schema, and how many requests wait."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Select, String, column, func, select, table

from dispatch.vocabulary import ClinicId, RequestStatus
from server.storage.tables import clinic, request

Backlogs = Mapping[ClinicId, tuple[int, datetime | None]]

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


def revision_of(connection: Connection) -> str | None:
    """Return the schema that the database has."""
    return connection.execute(_REVISION).scalar()


def backlogs(connection: Connection) -> Backlogs:
    """Return each clinic's count of pending requests, and when the oldest was submitted."""
    return {ClinicId(key): (count, at) for key, count, at in connection.execute(_BACKLOGS)}
