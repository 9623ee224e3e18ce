"""Sign-ins in the database: only the hash of a token is kept."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from dispatch.people import Actor
from dispatch.vocabulary import LoginId, PersonId
from server.storage.actors import actor_by_id, actors_by_id
from server.storage.among import Among
from server.storage.tables import login, person

_LASTING = (login.c.until_at > bindparam("now"), login.c.ended_at.is_(None))
_OF_TOKEN = select(login.c.id, login.c.person_id).where(
    login.c.token_hash == bindparam("token"), *_LASTING
)
_OF_TOKENS = Among(
    "tokens",
    lambda is_asked: select(login.c.id, login.c.person_id, login.c.token_hash).where(
        is_asked(login.c.token_hash), *_LASTING
    ),
)
_OF_IDS = Among(
    "ids",
    lambda is_asked: select(login.c.id, login.c.person_id).where(is_asked(login.c.id), *_LASTING),
)


class SqlLogins:
    """``dispatch.ports.Logins`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, token_hash: str, person: PersonId, now: datetime, until: datetime) -> LoginId:
        values = {
            "token_hash": token_hash,
            "person_id": person,
            "began_at": now,
            "until_at": until,
        }
        key = self._connection.execute(insert(login).returning(login.c.id), values).scalar_one()
        return LoginId(key)

    def end(self, login_id: LoginId, person: PersonId, now: datetime) -> None:
        self._connection.execute(
            update(login)
            .where(login.c.id == login_id, login.c.person_id == person, login.c.ended_at.is_(None))
            .values(ended_at=now)
        )

    def end_all(self, person: PersonId, now: datetime) -> Sequence[LoginId]:
        """End those that are not ended yet; return them."""
        ended = (
            update(login)
            .where(login.c.person_id == person, login.c.ended_at.is_(None))
            .values(ended_at=now)
            .returning(login.c.id)
        )
        return sorted(map(LoginId, self._connection.execute(ended).scalars()))


def login_of(
    connection: Connection, token_hash: str, now: datetime
) -> tuple[LoginId, Actor] | None:
    """Return the sign-in of a token and who it is, unless ended, expired or disabled."""
    row = connection.execute(_OF_TOKEN, {"token": token_hash, "now": now}).first()
    actor = actor_by_id(connection, PersonId(row.person_id)) if row else None
    return (LoginId(row.id), actor) if row and actor else None


def logins_by_token(
    connection: Connection, token_hashes: Collection[str], now: datetime
) -> Mapping[str, tuple[LoginId, Actor]]:
    """Return the sign-in of each token, and who it is, unless ended, expired or disabled."""
    rows = connection.execute(
        _OF_TOKENS.on(connection), {"tokens": [*token_hashes], "now": now}
    ).all()
    actors = actors_by_id(connection, {PersonId(row.person_id) for row in rows})
    return {
        row.token_hash: (LoginId(row.id), actors[row.person_id])
        for row in rows
        if row.person_id in actors
    }


def logins_of(
    connection: Connection, ids: Collection[LoginId], now: datetime
) -> Mapping[LoginId, Actor]:
    """Return who it is for those of the sign-ins that are not ended, expired or disabled."""
    rows = connection.execute(_OF_IDS.on(connection), {"ids": [*ids], "now": now}).all()
    actors = actors_by_id(connection, {PersonId(row.person_id) for row in rows})
    return {LoginId(row.id): actors[row.person_id] for row in rows if row.person_id in actors}


def credentials_of(connection: Connection, email: str) -> tuple[PersonId, str] | None:
    """Return the person and password hash of a sign-in name; none for the disabled."""
    statement = select(person.c.id, person.c.password_hash).where(
        person.c.email == email.strip().lower(), person.c.disabled_at.is_(None)
    )
    row = connection.execute(statement).first()
    return (PersonId(row.id), row.password_hash) if row and row.password_hash else None
