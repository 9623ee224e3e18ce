"""Accounts in the database."""

from sqlalchemy import Connection, RowMapping, select, update

from dispatch.account import Account
from dispatch.vocabulary import AccountId
from server.storage.tables import account as table


class SqlAccounts:
    """``dispatch.ports.Accounts`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, account: AccountId) -> Account:
        return account_by_id(self._connection, account)

    def lock(self, account: AccountId) -> None:
        """Hold it; whoever asks meanwhile names the row, which its key alone would forbid."""
        statement = select(table.c.id).where(table.c.id == account)
        self._connection.execute(statement.with_for_update(key_share=True)).all()

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
