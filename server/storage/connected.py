"""Which providers have a live page open, in the database."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update

from dispatch.vocabulary import PersonId
from server.storage.tables import connected_host as table

_HOSTS: BindParameter[list[int]] = bindparam("hosts", expanding=True)
_RENEW = (
    update(table)
    .where(table.c.host_id.in_(_HOSTS))
    .values(lease_until=bindparam("until"))
    .returning(table.c.host_id)
)
_SHORTEN = (
    update(table)
    .where(table.c.host_id.in_(_HOSTS), table.c.lease_until > bindparam("until"))
    .values(lease_until=bindparam("until"))
)
_DROP = delete(table).where(
    table.c.host_id == bindparam("host"), table.c.lease_until <= bindparam("now")
)
_AMONG = select(table.c.host_id).where(table.c.host_id.in_(_HOSTS))


class SqlConnected:
    """``dispatch.ports.Connected`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def renew(self, hosts: Collection[PersonId], until: datetime) -> set[PersonId]:
        """Set the lease of those who have one; return who they are."""
        return set(self._connection.execute(_RENEW, _of(hosts, until)).scalars())

    def add(self, hosts: Collection[PersonId], until: datetime) -> None:
        rows = [{"host_id": host, "lease_until": until} for host in sorted(hosts)]
        if rows:
            self._connection.execute(insert(table), rows)

    def shorten(self, hosts: Collection[PersonId], until: datetime) -> None:
        self._connection.execute(_SHORTEN, _of(hosts, until))

    def drop(self, host: PersonId, now: datetime) -> bool:
        """Let go of a lease that has run out; return whether there was one."""
        return bool(self._connection.execute(_DROP, {"host": host, "now": now}).rowcount)


def connected_among(connection: Connection, hosts: Collection[PersonId]) -> frozenset[PersonId]:
    """Return those of the hosts who are connected."""
    return frozenset(connection.execute(_AMONG, {"hosts": list(hosts)}).scalars())


def _of(hosts: Collection[PersonId], until: datetime) -> Mapping[str, object]:
    return {"hosts": sorted(hosts), "until": until}
