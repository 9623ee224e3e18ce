"""The account itself in storage."""

from typing import Protocol

from dispatch.account import Account
from dispatch.vocabulary import AccountId


class Accounts(Protocol):
    """Accounts; making one is not a use case, for nobody of it could be the actor."""

    def get(self, account: AccountId) -> Account: ...
    def lock(self, account: AccountId) -> None:
        """Hold it until commit: what administrators change of it, they change in turn."""

    def save(self, account: Account) -> None: ...
