"""What open pages hold in storage."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from dispatch.lease import K, Lease
from dispatch.vocabulary import PersonId


class Leases(Protocol[K]):
    """Claims on pending requests, or patients in waiting rooms: one at most for each."""

    def of(self, key: K) -> Lease[K] | None: ...
    def put(self, lease: Lease[K]) -> None: ...
    def renew(self, lease: Lease[K], now: datetime) -> None:
        """Set the lease where this person's page still holds a live one; else change nothing.

        Nothing else is locked for this, so somebody may have taken over, or it may have lapsed.
        """

    def shorten(self, lease: Lease[K], was: Lease[K]) -> None:
        """Set the lease where it is still as ``was`` says; whoever renewed meanwhile keeps it."""

    def drop(self, key: K) -> None: ...
    def held_by_tab(self, tab: str) -> Sequence[Lease[K]]: ...
    def held_by(self, person: PersonId) -> Sequence[Lease[K]]: ...
