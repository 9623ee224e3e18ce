"""What the links of requests stand on: their secret, and how long each request is followed."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, and_, bindparam, select

from dispatch.status_link import Linked
from dispatch.vocabulary import (
    AccountId,
    PersonId,
    RequestId,
    RequestNumber,
    RequestStatus,
    SessionStatus,
)
from server.storage.tables import clinic, person, request, secret, video_session

_SECRET = select(secret.c.word).where(secret.c.name == "status_link")
_LINKED = (
    select(
        request.c.id,
        request.c.account_id,
        request.c.number,
        request.c.requester_id,
        request.c.status,
        request.c.decided_at,
        clinic.c.name.label("clinic"),
        clinic.c.phone,
        video_session.c.ends_at,
        person.c.moved_at,
    )
    .join(clinic, clinic.c.id == request.c.clinic_id)
    .join(person, person.c.id == request.c.requester_id)
    .outerjoin(
        video_session,
        and_(
            video_session.c.id == request.c.session_id,
            video_session.c.status != SessionStatus.CANCELLED,
        ),
    )
    .where(request.c.id.in_(bindparam("ids", expanding=True)), person.c.disabled_at.is_(None))
)


def link_secret(connection: Connection) -> bytes:
    """Return the key; the migration that made its table drew it."""
    return bytes.fromhex(connection.execute(_SECRET).scalar_one())


def linked(connection: Connection, ids: Collection[RequestId]) -> Mapping[RequestId, Linked]:
    """Return each request as far as its links are concerned."""
    if not ids:
        return {}
    return {
        RequestId(row.id): Linked(
            request_id=RequestId(row.id),
            account_id=AccountId(row.account_id),
            number=RequestNumber(row.number),
            requester_id=PersonId(row.requester_id),
            clinic=row.clinic,
            clinic_phone=row.phone,
            decided_at=None if row.status == RequestStatus.PENDING else row.decided_at,
            session_ends_at=row.ends_at,
            moved_at=row.moved_at,
        )
        for row in connection.execute(_LINKED, {"ids": list(ids)})
    }
