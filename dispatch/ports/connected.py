"""Which providers have a live page open, in storage."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from dispatch.vocabulary import PersonId


class Connected(Protocol):
    """One lease for each provider who is connected; when it is gone, they are not."""

    def renew(self, hosts: Collection[PersonId], until: datetime) -> set[PersonId]:
        """Set the lease of those who have one; return who they are."""

    def add(self, hosts: Collection[PersonId], until: datetime) -> None: ...
    def shorten(self, hosts: Collection[PersonId], until: datetime) -> None:
        """Have no lease of theirs run longer than that."""

    def drop(self, host: PersonId, now: datetime) -> bool:
        """Let go of a lease that has run out; return whether there was one."""
