"""Which providers have a live page open, in memory."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from dispatch.vocabulary import PersonId
from tests.fakes.memory import Memory


@dataclass
class FakeConnected:
    rows: Memory

    def renew(self, hosts: Collection[PersonId], until: datetime) -> set[PersonId]:
        there = set(hosts) & self.rows.connected.keys()
        self.add(there, until)
        return there

    def add(self, hosts: Collection[PersonId], until: datetime) -> None:
        self.rows.connected |= dict.fromkeys(hosts, until)

    def shorten(self, hosts: Collection[PersonId], until: datetime) -> None:
        for host in set(hosts) & self.rows.connected.keys():
            self.rows.connected[host] = min(self.rows.connected[host], until)

    def drop(self, host: PersonId, now: datetime) -> bool:
        is_over = host in self.rows.connected and self.rows.connected[host] <= now
        if is_over:
            del self.rows.connected[host]
        return is_over
