"""What the use cases need from storage, as Protocols; ``server.storage`` keeps them."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from dispatch.events import Change, EntityRef
from dispatch.notice import Addressee
from dispatch.people import Actor
from dispatch.ports.accounts import Accounts
from dispatch.ports.calendars import Calendars
from dispatch.ports.connected import Connected
from dispatch.ports.desk import Requests, Sessions
from dispatch.ports.forms import Forms
from dispatch.ports.groups import Groups, Services
from dispatch.ports.leases import Leases
from dispatch.ports.outbox import Notices
from dispatch.ports.persons import Logins, People
from dispatch.ports.places import Clinics, Hosts
from dispatch.ports.public_calendars import Bookings, PublicCalendars
from dispatch.ports.replies import Replies
from dispatch.ports.tries import Tries
from dispatch.ports.video import Rooms, Videos
from dispatch.reading import Due as Due
from dispatch.reading import Reading as Reading
from dispatch.vocabulary import NoticeKind, PersonId, RequestId, RequestNumber, SessionId

T = TypeVar("T")
C = TypeVar("C", contravariant=True)


@dataclass(frozen=True, slots=True)
class Done:
    """What a command came to: a reference that the page renders anew, never a stored answer."""

    entity: EntityRef
    number: RequestNumber | None = None  # of the request concerned, where there is one
    was_there: bool = False  # answered with what was already so


class Unit(Protocol):
    """One transaction of one use case: all of it is kept, or nothing."""

    @property
    def requests(self) -> Requests: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def groups(self) -> Groups: ...
    @property
    def services(self) -> Services: ...
    @property
    def clinics(self) -> Clinics: ...
    @property
    def replies(self) -> Replies: ...
    @property
    def people(self) -> People: ...
    @property
    def hosts(self) -> Hosts: ...
    @property
    def calendars(self) -> Calendars: ...
    @property
    def connected(self) -> Connected: ...
    @property
    def claims(self) -> Leases[RequestId]: ...
    @property
    def logins(self) -> Logins: ...
    @property
    def forms(self) -> Forms: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def attendances(self) -> Leases[SessionId]: ...
    @property
    def videos(self) -> Videos: ...
    @property
    def public_calendars(self) -> PublicCalendars: ...
    @property
    def bookings(self) -> Bookings: ...
    @property
    def tries(self) -> Tries: ...

    def record(self, actor: Actor, *changes: Change) -> None:
        """Note what changed: an event per change and stream, written last before commit.

        The first change noted in a transaction names its one audit row.
        """

    def notify(
        self,
        kind: NoticeKind,
        recipients: Iterable[PersonId],
        about: EntityRef,
        occasion: int = 0,
    ) -> None:
        """Put one waiting notice per recipient into the outbox; a repeat is dropped (S18).

        What is not a repeat has another ``occasion``: a session's version, say.
        """

    def notify_address(
        self, kind: NoticeKind, addressee: Addressee, about: EntityRef, occasion: int = 0
    ) -> None:
        """Put a waiting notice to somebody who is no person of the account into the outbox."""

    def token(self) -> str:
        """Return an unguessable word; randomness comes from outside, like time."""


UseCase = Callable[[C, Actor, Unit, datetime], Done]


class Store(Protocol):
    """Where use cases are run: one transaction each, then the bell."""

    def perform(
        self, usecase: UseCase[C], command: C, actor: Actor, *, key: str | None = None
    ) -> Awaitable[Done]:
        """Run it once per idempotency key; the same key and command answer as the first time."""

    def read(self, query: Callable[[Reading], T]) -> Awaitable[T]:
        """Run a query in one read transaction of its own."""


__all__ = [
    "Done",
    "Unit",
    "Store",
    "UseCase",
    "Due",
    "Reading",
    "Requests",
    "Leases",
    "Connected",
    "Sessions",
    "Accounts",
    "Groups",
    "Services",
    "Clinics",
    "Replies",
    "Hosts",
    "Calendars",
    "People",
    "Logins",
    "Forms",
    "Notices",
    "Videos",
    "Rooms",
    "PublicCalendars",
    "Bookings",
    "Tries",
]
