"""The links and the line of those who asked, over memory."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from dispatch.line import Estimate, PastWait, Waiting
from dispatch.people import Actor
from dispatch.status_link import Linked
from dispatch.vocabulary import ClinicId, RequestId
from tests.fakes import line_rows, link_rows
from tests.fakes.memory import Memory


class FakePatients:
    """A part of FakeReading."""

    _rows: Memory

    def waiting_now(self) -> Sequence[Waiting]:
        return line_rows.waiting_now(self._rows)

    def past_waits(self, clinics: Collection[ClinicId], since: datetime) -> Sequence[PastWait]:
        return line_rows.past_waits(self._rows, clinics, since)

    def told_waits(self, requests: Collection[RequestId]) -> Mapping[RequestId, Estimate]:
        return line_rows.told_waits(self._rows, requests)

    def link_secret(self) -> bytes:
        return link_rows.SECRET

    def linked(self, requests: Collection[RequestId]) -> Mapping[RequestId, Linked]:
        return link_rows.linked(self._rows, requests)

    def by_email(self, email: str) -> Actor | None:
        wanted = email.strip().lower()
        found = (p.id for p in self._rows.people.values() if p.email and p.email.lower() == wanted)
        return next((self._rows.actor(person) for person in found), None)
