"""Accounts in the database."""

from sqlalchemy import Connection, RowMapping, select, text, update

from dispatch.account import Account
from dispatch.vocabulary import AccountId
from server.storage.tables import account as table

_ROOM = 0x41444D  # among the advisory locks: what administrators change in turn
_HOLD = text("SELECT pg_advisory_xact_lock(:room, CAST(:account AS integer))")


class SqlAccounts:
    """``dispatch.ports.Accounts`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, account: AccountId) -> Account:
        return account_by_id(self._connection, account)

    def lock(self, account: AccountId) -> None:
        """Hold it by a word of its own: the row numbers requests, and nobody who asks may wait."""
        if self._connection.dialect.name == "postgresql":  # SQLite has one writer at a time
            self._connection.execute(_HOLD, {"room": _ROOM, "account": account})

    def save(self, account: Account) -> None:
        self._connection.execute(
            update(table)
            .where(table.c.id == account.id)
            .values(name=account.name, zone=account.zone)
        )


def account_by_id(connection: Connection, account: AccountId) -> Account:
    """Return the account of somebody who acts in it, so there is one."""
    row = connection.execute(select(table).where(table.c.id == account)).mappings().one()
    return _account(row)


def _account(row: RowMapping) -> Account:
    return Account(AccountId(row["id"]), row["name"], row["zone"])
