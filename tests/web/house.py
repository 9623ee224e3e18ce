"""Knows how to open the whole application over a real file, and how to walk in as somebody."""

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any, TypeVar, cast

from argon2 import PasswordHasher
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from dispatch.people import system_actor
from dispatch.ports import Reading
from dispatch.request import SessionRequest
from dispatch.usecases.administration import CreatePerson, create_person
from dispatch.vocabulary import PersonId, RequestNumber
from server.app import create_app
from server.settings import Settings
from server.web.login import cookie_name
from server.web.password import Passwords
from tests.builders import FrozenClock, a_person
from tests.web.furnished import furnished
from tests.web.northside import Northside

T = TypeVar("T")

PASSWORD = "correct horse battery"
CHEAP = PasswordHasher(1, 8, 1)  # what a guess costs is argon2's own affair
FROM_US = {"sec-fetch-site": "same-origin"}  # what a browser says of our own pages


class House:
    """One running application, its desk, its clock and one browser."""

    def __init__(
        self, client: TestClient, clock: FrozenClock, settings: Settings, desk: Northside
    ) -> None:
        self.client, self.clock, self.settings, self.desk = client, clock, settings, desk

    def run(self, step: Callable[..., Awaitable[T]], *args: object) -> T:
        """Run something on the application's own loop."""
        assert self.client.portal
        return self.client.portal.call(step, *args)

    def read(self, query: Callable[[Reading], T]) -> T:
        return self.run(self.desk.store.read, query)

    def enter(self, name: str) -> None:
        """Sign the browser in as a person of the desk."""
        self.leave()
        token = self.run(self.desk.sign_in, name)
        self.client.cookies.set(cookie_name(self.settings), token)

    def leave(self) -> None:
        self.client.cookies.clear()

    def add_with_password(self, name: str, email: str, **changes: Any) -> PersonId:
        person = a_person(name, account_id=self.desk.account, email=email, **changes)
        command = CreatePerson(person, CHEAP.hash(PASSWORD))
        system = system_actor(self.desk.account)
        done = self.run(self.desk.store.perform, create_person, command, system)
        self.run(self.desk.look_up, name, PersonId(done.entity.id))
        return PersonId(done.entity.id)

    def ask(self, *args: Any, **changes: Any) -> RequestNumber:
        async def asked() -> RequestNumber:
            return await self.desk.ask(*args, **changes)

        return self.run(asked)

    def request(self, number: int) -> SessionRequest:
        found = self.read(lambda r: r.request(self.desk.account, RequestNumber(number)))
        assert found
        return found

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers, follow_redirects=False)

    def post(self, path: str, fields: dict[str, Any] | None = None, **headers: str) -> Any:
        sent = FROM_US | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(path, data=fields or {}, headers=sent, follow_redirects=False)


@contextmanager
def open_house(
    folder: Path, *, routes: tuple[BaseRoute, ...] = (), **settings: Any
) -> Iterator[House]:
    """Open the application on a database with nothing but the desk in it."""
    clock = FrozenClock()
    ready = furnished(folder / "dispatch.db", FrozenClock)
    chosen = Settings(database_url=ready.database_url, **settings)
    app = create_app(chosen, clock=clock, routes=routes, passwords=Passwords(CHEAP))
    with TestClient(app, base_url="http://testserver") as client:
        desk = ready.desk(cast("Any", client.app_state)["store"])
        yield House(client, clock, chosen, desk)


def words(reply: Any) -> str:
    """Return what a person reads: no tags, single blanks."""
    body = unescape(re.sub(r"<[^>]+>", " ", reply.text.partition("<main")[2]))
    return " ".join(body.split())


def title(reply: Any) -> str:
    return unescape(reply.text.partition("<title>")[2].partition("</title>")[0])
