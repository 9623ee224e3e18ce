"""Sign-ins in the database: only the hash of a token is kept."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from dispatch.people import Actor
from dispatch.vocabulary import LoginId, PersonId
from server.storage.people import actor_by_id
from server.storage.tables import login, person


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

    def end_all(self, person: PersonId, now: datetime) -> None:
        self._connection.execute(
            update(login)
            .where(login.c.person_id == person, login.c.ended_at.is_(None))
            .values(ended_at=now)
        )


def login_of(
    connection: Connection, token_hash: str, now: datetime
) -> tuple[LoginId, Actor] | None:
    """Return the sign-in of a token and who it is, unless ended, expired or disabled."""
    statement = select(login.c.id, login.c.person_id).where(
        login.c.token_hash == token_hash, login.c.until_at > now, login.c.ended_at.is_(None)
    )
    row = connection.execute(statement).first()
    actor = actor_by_id(connection, PersonId(row.person_id)) if row else None
    return (LoginId(row.id), actor) if row and actor else None


def credentials_of(connection: Connection, email: str) -> tuple[PersonId, str] | None:
    """Return the person and password hash of a sign-in name; none for the disabled."""
    statement = select(person.c.id, person.c.password_hash).where(
        person.c.email == email.strip().lower(), person.c.disabled_at.is_(None)
    )
    row = connection.execute(statement).first()
    return (PersonId(row.id), row.password_hash) if row and row.password_hash else None
