"""One transaction of one use case: rows as they change, then notices, audit and, last, events."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from dispatch.events import Change, EntityRef
from dispatch.notice import Addressee
from dispatch.people import Actor
from dispatch.vocabulary import NoticeKind, NoticeStatus, PersonId
from server.storage.accounts import SqlAccounts
from server.storage.bookings import SqlBookings
from server.storage.calendars import SqlCalendars
from server.storage.clinics import SqlClinics
from server.storage.connected import SqlConnected
from server.storage.event_log import append
from server.storage.forms import SqlForms
from server.storage.groups import SqlGroups, SqlServices
from server.storage.hosts import SqlHosts
from server.storage.leases import ATTENDANCES, CLAIMS, SqlLeases
from server.storage.logins import SqlLogins
from server.storage.notices import SqlNotices
from server.storage.people import SqlPeople
from server.storage.public_calendars import SqlPublicCalendars
from server.storage.replies import SqlReplies
from server.storage.requests import SqlRequests
from server.storage.sessions import SqlSessions
from server.storage.tables import audit, outbox, person
from server.storage.tries import SqlTries
from server.storage.videos import SqlVideos

Token = Callable[[int], str]  # bytes of chance -> twice as many hex digits


_SAID = (
    "kind",
    "about_kind",
    "about_id",
    "occasion",
    "created_at",
    "wanted_at",
    "next_at",
    "status",
)


def _said(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=outbox.c[name].type)


_NOTIFY = {  # a row for each recipient, of the recipient's own account
    name: dialect.insert(outbox)
    .from_select(
        ["account_id", "recipient_id", *_SAID],
        select(
            person.c.account_id,
            person.c.id,
            *map(_said, _SAID),
        )
        .where(person.c.id.in_(bindparam("recipients", expanding=True)))
        .order_by(person.c.id),
    )
    .on_conflict_do_nothing()
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_NOTIFY_ADDRESS = {
    name: dialect.insert(outbox).on_conflict_do_nothing()
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_AUDIT = insert(audit)


class SqlUnit:
    """``dispatch.ports.Unit`` over one open transaction; whoever opened it commits it."""

    def __init__(self, connection: Connection, now: datetime, token: Token) -> None:
        self._connection = connection
        self._now = now
        self._token = token
        self._changes: list[Change] = []
        self._notices: list[dict[str, object]] = []
        self._letters: list[dict[str, object]] = []  # to somebody who is no person
        self._actor: Actor | None = None
        self.requests = SqlRequests(connection)
        self.sessions = SqlSessions(connection)
        self.accounts = SqlAccounts(connection)
        self.groups = SqlGroups(connection)
        self.services = SqlServices(connection)
        self.clinics = SqlClinics(connection)
        self.people = SqlPeople(connection)
        self.hosts = SqlHosts(connection)
        self.calendars = SqlCalendars(connection)
        self.claims = SqlLeases(connection, CLAIMS)
        self.connected = SqlConnected(connection)
        self.logins = SqlLogins(connection)
        self.forms = SqlForms(connection)
        self.replies = SqlReplies(connection)
        self.notices = SqlNotices(connection)
        self.attendances = SqlLeases(connection, ATTENDANCES)
        self.videos = SqlVideos(connection)
        self.public_calendars = SqlPublicCalendars(connection)
        self.bookings = SqlBookings(connection)
        self.tries = SqlTries(connection)

    def record(self, actor: Actor, *changes: Change) -> None:
        """Note what changed; it is written by ``finish``, last before commit."""
        self._actor = actor
        self._changes.extend(changes)

    def notify(
        self,
        kind: NoticeKind,
        recipients: Iterable[PersonId],
        about: EntityRef,
        occasion: int = 0,
    ) -> None:
        """Put one waiting notice per recipient into the outbox; a repeat is dropped (S18)."""
        if told := sorted(set(recipients)):
            self._notices.append(self._notice(kind, about, occasion) | {"recipients": told})

    def notify_address(
        self, kind: NoticeKind, addressee: Addressee, about: EntityRef, occasion: int = 0
    ) -> None:
        """Put a waiting notice to somebody who is no person of the account into the outbox."""
        to = {
            "account_id": addressee.account_id,
            "address": addressee.email,
            "address_name": addressee.name,
            "address_zone": addressee.zone,
        }
        self._letters.append(self._notice(kind, about, occasion) | to)

    def _notice(self, kind: NoticeKind, about: EntityRef, occasion: int) -> dict[str, object]:
        return {
            "kind": kind,
            "about_kind": about.kind,
            "about_id": about.id,
            "occasion": occasion,
            "created_at": self._now,
            "wanted_at": self._now,
            "next_at": self._now,
            "status": NoticeStatus.WAITING,
        }

    def token(self) -> str:
        """Return an unguessable word of 128 bits."""
        return self._token(16)

    def finish(self) -> Mapping[str, int]:
        """Write notices, one audit row and the events; return the heads that moved."""
        self._write_notices()
        if not self._changes or self._actor is None:
            return {}
        first = self._changes[0]
        row = {
            "account_id": self._actor.account_id,
            "at": self._now,
            "actor_id": self._actor.person_id,
            "kind": first.kind,
            "entity_kind": first.entity.kind,
            "entity_id": first.entity.id,
        }
        self._connection.execute(_AUDIT, row)
        tags = [self._token(4) for _ in self._changes]
        return append(self._connection, self._changes, tags, self._actor.person_id, self._now)

    def _write_notices(self) -> None:
        statement = _NOTIFY[self._connection.dialect.name]
        for notice in self._notices:
            self._connection.execute(statement, notice)
        if self._letters:
            addressed = _NOTIFY_ADDRESS[self._connection.dialect.name]
            self._connection.execute(addressed, self._letters)
