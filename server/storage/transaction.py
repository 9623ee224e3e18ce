"""One run of one use case inside an open transaction: once per key, with today's rights."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, bindparam, insert, select

from dispatch.errors import AlreadySentError, NotAllowedError
from dispatch.events import EntityRef
from dispatch.people import Actor
from dispatch.ports import Done, Unit, UseCase
from dispatch.request import SessionRequest
from dispatch.vocabulary import EntityKind, RequestNumber
from server.codec import fingerprint
from server.storage.actors import actor_by_id
from server.storage.tables import idempotency
from server.storage.unit_of_work import SqlUnit, Token

C = TypeVar("C")
_ANSWER = select(idempotency).where(
    idempotency.c.actor_id == bindparam("actor"), idempotency.c.key == bindparam("key")
)
_REMEMBER = insert(idempotency)


class Transaction:
    """What is run in one transaction; run it again, in another, after a rollback."""

    def __init__(
        self, usecase: "UseCase[C]", command: C, actor: Actor, key: str | None, token: Token
    ) -> None:
        def run(actor: Actor, unit: Unit, now: datetime) -> Done:
            return usecase(command, actor, unit, now)

        self._run = run
        self._mark = fingerprint(usecase.__name__, command) if key is not None else ""
        self._actor = actor
        self._key = key
        self._token = token
        self.decided: Sequence[SessionRequest] = ()  # by the last run, if it is committed

    def run(self, connection: Connection, now: datetime) -> tuple[Done, Mapping[str, int]]:
        """Return what it came to, and the heads of the streams that moved; commits nothing."""
        self.decided = ()
        if self._key is not None:
            before = _answered(connection, self._actor, self._key, self._mark)
            if before is not None:
                return before, {}
        unit = SqlUnit(connection, now, self._token)
        done = self._run(_as_of_now(connection, self._actor), unit, now)
        if self._key is not None:
            _remember(connection, self._actor, self._key, self._mark, done, now)
        self.decided = unit.requests.decided
        return done, unit.finish()


def _as_of_now(connection: Connection, actor: Actor) -> Actor:
    """Return the actor with the rights that they have inside this transaction."""
    if actor.is_system:
        return actor
    current = actor_by_id(connection, actor.person_id)
    if current is None:
        raise NotAllowedError("You are signed out. Sign in again.")
    return current


def _answered(connection: Connection, actor: Actor, key: str, mark: str) -> Done | None:
    row = connection.execute(_ANSWER, {"actor": actor.person_id, "key": key}).mappings().first()
    if row is None:
        return None
    if row["fingerprint"] != mark:
        raise AlreadySentError("This was already sent. What you sent first stands.")
    about = EntityRef(EntityKind(row["entity_kind"]), row["entity_id"])
    number = RequestNumber(row["number"]) if row["number"] is not None else None
    return Done(about, number, was_there=True)


def _remember(
    connection: Connection, actor: Actor, key: str, mark: str, done: Done, now: datetime
) -> None:
    row = {
        "actor_id": actor.person_id,
        "key": key,
        "fingerprint": mark,
        "entity_kind": done.entity.kind,
        "entity_id": done.entity.id,
        "number": done.number,
        "at": now,
    }
    connection.execute(_REMEMBER, row)
