"""Hosts' availability in the database, and the lock that acceptances of one host share."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, Connection, RowMapping, bindparam, insert, select, update

from dispatch.availability import Availability
from dispatch.slots import Slot
from dispatch.vocabulary import AccountId, PersonId
from server.storage.calendars import slots_between
from server.storage.tables import availability, person

_HOSTS: BindParameter[list[int]] = bindparam("hosts", expanding=True)
_LOCK = (
    select(person.c.id)
    .where(person.c.id.in_(_HOSTS))
    .order_by(person.c.id)
    .with_for_update(key_share=True)
)
_TOGGLES = (
    select(
        person.c.id,
        person.c.account_id,
        availability.c.is_on,
        availability.c.until_at,
        availability.c.changed_at,
        availability.c.version,
        availability.c.break_until_at,
    )
    .outerjoin(availability, availability.c.host_id == person.c.id)
    .where(person.c.id.in_(_HOSTS))
)
_KEPT = ("is_on", "until_at", "changed_at", "version", "break_until_at")
_CHANGE = (
    update(availability)
    .where(availability.c.host_id == bindparam("b_host_id"))
    .values({name: bindparam(name) for name in _KEPT})
)
_ADD = insert(availability)


class SqlHosts:
    """``dispatch.ports.Hosts`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._named: Collection[PersonId] = ()
        self._toggles: dict[PersonId, Availability] = {}

    def lock(self, hosts: Collection[PersonId]) -> None:
        """Hold the hosts, ascending, until commit; SQLite's one writer holds everything."""
        self._toggles.clear()  # what was read before may have changed until the lock was had
        if self._connection.dialect.name != "sqlite":
            self._connection.execute(_LOCK, {"hosts": sorted(hosts)}).all()

    def availability(self, host: PersonId) -> Availability:
        """Return the toggle; those of all whose slots were just asked for are read with it.

        Whoever looks for an available host of a group asks for the one and then for the other.
        """
        if host not in self._toggles:
            self._toggles |= availabilities(self._connection, {host, *self._named})
        return self._toggles[host]

    def save_availability(self, of: Availability) -> None:
        self._toggles.pop(of.host_id, None)
        values = {name: getattr(of, name) for name in _KEPT}
        changed = self._connection.execute(_CHANGE, {"b_host_id": of.host_id, **values})
        if not changed.rowcount:
            self._connection.execute(_ADD, {"host_id": of.host_id, **values})

    def slots(self, hosts: Collection[PersonId], start: datetime, end: datetime) -> Sequence[Slot]:
        self._named = hosts
        return slots_between(self._connection, hosts, start, end)


def availabilities(
    connection: Connection, hosts: Collection[PersonId]
) -> Mapping[PersonId, Availability]:
    """Return the toggle of each host; one who never touched it is off."""
    rows = connection.execute(_TOGGLES, {"hosts": list(hosts)}).mappings()
    return {PersonId(row["id"]): _availability(row) for row in rows}


def _availability(row: RowMapping) -> Availability:
    return Availability(
        host_id=PersonId(row["id"]),
        account_id=AccountId(row["account_id"]),
        is_on=bool(row["is_on"]),
        until_at=row["until_at"],
        changed_at=row["changed_at"],
        version=row["version"] or 0,
        break_until_at=row["break_until_at"],
    )
