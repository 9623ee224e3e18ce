"""What the pages of those who asked need beside their cards: links, and the line they stand in."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from dispatch.line import Estimate, PastWait, Waiting
from dispatch.people import Actor
from dispatch.status_link import Linked
from dispatch.vocabulary import ClinicId, RequestId
from server.storage import lines, links
from server.storage.actors import actor_by_email


class SqlPatients:
    """A part of ``dispatch.ports.Reading``."""

    _connection: Connection

    def waiting_now(self) -> Sequence[Waiting]:
        return lines.waiting_now(self._connection)

    def past_waits(self, clinics: Collection[ClinicId], since: datetime) -> Sequence[PastWait]:
        return lines.past_waits(self._connection, clinics, since)

    def told_waits(self, requests: Collection[RequestId]) -> Mapping[RequestId, Estimate]:
        return lines.told_waits(self._connection, requests)

    def link_secret(self) -> bytes:
        return links.link_secret(self._connection)

    def linked(self, requests: Collection[RequestId]) -> Mapping[RequestId, Linked]:
        return links.linked(self._connection, requests)

    def by_email(self, email: str) -> Actor | None:
        return actor_by_email(self._connection, email)
