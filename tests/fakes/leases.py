"""Leases in memory: claims on requests, and patients in waiting rooms."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic

from dispatch.lease import K, Lease
from dispatch.vocabulary import PersonId


@dataclass
class FakeLeases(Generic[K]):
    rows: dict[K, Lease[K]]

    def of(self, key: K) -> Lease[K] | None:
        return self.rows.get(key)

    def put(self, lease: Lease[K]) -> None:
        self.rows[lease.of] = lease

    def renew(self, lease: Lease[K], now: datetime) -> None:
        held = self.of(lease.of)
        is_same = held and (held.person_id, held.tab) == (lease.person_id, lease.tab)
        if held and is_same and held.is_live(now):
            self.put(replace(held, lease_until=lease.lease_until))

    def shorten(self, lease: Lease[K], was: Lease[K]) -> None:
        if self.of(lease.of) == was:
            self.put(lease)

    def drop(self, key: K) -> None:
        self.rows.pop(key, None)

    def held_by_tab(self, tab: str) -> list[Lease[K]]:
        return [lease for lease in self.rows.values() if lease.tab == tab]

    def held_by(self, person: PersonId) -> list[Lease[K]]:
        return [lease for lease in self.rows.values() if lease.person_id == person]
