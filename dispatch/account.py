"""An account: whom everything belongs to."""

from dataclasses import dataclass

from dispatch.vocabulary import AccountId


@dataclass(frozen=True, slots=True)
class Account:
    """One organisation; nothing of it can be seen from another."""

    id: AccountId
    name: str
    zone: str = "UTC"  # IANA name: what a new clinic or person starts with
