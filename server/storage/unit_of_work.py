"""One transaction of one use case: rows as they change, then notices, audit and, last, events."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from dispatch.events import Change, EntityRef
from dispatch.people import Actor
from dispatch.vocabulary import NoticeKind, PersonId
from server.storage.claims import SqlClaims
from server.storage.clinics import SqlClinics
from server.storage.event_log import append
from server.storage.hosts import SqlHosts
from server.storage.logins import SqlLogins
from server.storage.people import SqlPeople
from server.storage.requests import SqlRequests
from server.storage.sessions import SqlSessions
from server.storage.tables import audit, outbox, person

Token = Callable[[int], str]  # bytes of chance -> twice as many hex digits


class SqlUnit:
    """``dispatch.ports.Unit`` over one open transaction; whoever opened it commits it."""

    def __init__(self, connection: Connection, now: datetime, token: Token) -> None:
        self._connection = connection
        self._now = now
        self._token = token
        self._changes: list[Change] = []
        self._notices: list[dict[str, object]] = []
        self._actor: Actor | None = None
        self.requests = SqlRequests(connection)
        self.sessions = SqlSessions(connection)
        self.clinics = SqlClinics(connection)
        self.people = SqlPeople(connection)
        self.hosts = SqlHosts(connection)
        self.claims = SqlClaims(connection)
        self.logins = SqlLogins(connection)

    def record(self, actor: Actor, *changes: Change) -> None:
        """Note what changed; it is written by ``finish``, last before commit."""
        self._actor = actor
        self._changes.extend(changes)

    def notify(self, kind: NoticeKind, recipients: Iterable[PersonId], about: EntityRef) -> None:
        """Put one waiting notice per recipient into the outbox; a repeat is dropped (S18)."""
        for recipient in sorted(set(recipients)):
            self._notices.append(
                {
                    "kind": kind,
                    "recipient_id": recipient,
                    "about_kind": about.kind,
                    "about_id": about.id,
                    "created_at": self._now,
                }
            )

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
        self._connection.execute(insert(audit), row)
        tags = [self._token(4) for _ in self._changes]
        return append(self._connection, self._changes, tags, self._actor.person_id, self._now)

    def _write_notices(self) -> None:
        if not self._notices:
            return
        ids = {notice["recipient_id"] for notice in self._notices}
        found = self._connection.execute(
            select(person.c.id, person.c.account_id).where(person.c.id.in_(ids))
        )
        accounts = dict(found.all())
        rows = [
            {**notice, "account_id": accounts[notice["recipient_id"]]}
            for notice in self._notices
            if notice["recipient_id"] in accounts
        ]
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        self._connection.execute(dialect.insert(outbox).on_conflict_do_nothing(), rows)
