"""Notices in the outbox: one transaction's rows, and those that wait to be tried."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, select, update

from dispatch.events import EntityRef
from dispatch.notice import Addressee, Notice
from dispatch.vocabulary import AccountId, EntityKind, NoticeId, NoticeKind, NoticeStatus, PersonId
from server.storage.tables import outbox as table

_ONE = (
    select(table)
    .where(table.c.id == bindparam("id"), table.c.account_id == bindparam("account"))
    .with_for_update()
)
_DUE = (
    select(table.c.account_id, table.c.id)
    .where(table.c.status == NoticeStatus.WAITING, table.c.next_at <= bindparam("now"))
    .order_by(table.c.next_at, table.c.id)
    .limit(bindparam("most"))
)
_KEPT = ("status", "tries", "wanted_at", "next_at", "settled_at", "problem")
_SAVE = (  # built once: it is run for every try of every message
    update(table)
    .where(table.c.id == bindparam("key"))
    .values({name: bindparam(f"new_{name}") for name in _KEPT})
)


class SqlNotices:
    """``dispatch.ports.Notices`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_id(self, account: AccountId, notice_id: NoticeId) -> Notice | None:
        asked = {"id": notice_id, "account": account}
        row = self._connection.execute(_ONE, asked).mappings().first()
        return _notice(row) if row is not None else None

    def save(self, notice: Notice) -> None:
        kept = {f"new_{name}": getattr(notice, name) for name in _KEPT}
        self._connection.execute(_SAVE, kept | {"key": notice.id})


def due_notices(
    connection: Connection, now: datetime, limit: int
) -> Sequence[tuple[AccountId, NoticeId]]:
    """Return the notices to be tried, those that are due longest first."""
    rows = connection.execute(_DUE, {"now": now, "most": limit})
    return [(AccountId(row.account_id), NoticeId(row.id)) for row in rows]


def _notice(row: RowMapping) -> Notice:
    return Notice(
        id=NoticeId(row["id"]),
        account_id=AccountId(row["account_id"]),
        kind=NoticeKind(row["kind"]),
        recipient_id=PersonId(row["recipient_id"]) if row["recipient_id"] else None,
        about=EntityRef(EntityKind(row["about_kind"]), row["about_id"]),
        created_at=row["created_at"],
        wanted_at=row["wanted_at"],
        next_at=row["next_at"],
        status=NoticeStatus(row["status"]),
        tries=row["tries"],
        settled_at=row["settled_at"],
        problem=row["problem"],
        occasion=row["occasion"],
        addressee=_addressee(row),
    )


def _addressee(row: RowMapping) -> Addressee | None:
    if row["recipient_id"] is not None:
        return None
    return Addressee(
        account_id=AccountId(row["account_id"]),
        email=row["address"],
        name=row["address_name"],
        zone=row["address_zone"],
    )
