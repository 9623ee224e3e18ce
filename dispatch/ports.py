"""What the use cases need from storage, as Protocols; ``server.storage`` keeps them."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from dispatch.availability import Availability
from dispatch.claim import Claim
from dispatch.clinic import Clinic
from dispatch.events import Change, EntityRef
from dispatch.notice import Notice
from dispatch.people import Actor, Person
from dispatch.reading import Due as Due
from dispatch.reading import Reading as Reading
from dispatch.request import SessionRequest
from dispatch.session import VideoSession
from dispatch.slots import Slot
from dispatch.vocabulary import (
    AccountId,
    ClinicId,
    GroupId,
    LoginId,
    NoticeId,
    NoticeKind,
    PersonId,
    RequestId,
    RequestNumber,
    SessionId,
)

T = TypeVar("T")
C = TypeVar("C", contravariant=True)


@dataclass(frozen=True, slots=True)
class Done:
    """What a command came to: a reference that the page renders anew, never a stored answer."""

    entity: EntityRef
    number: RequestNumber | None = None  # of the request concerned, where there is one
    was_there: bool = False  # answered with what was already so


class Requests(Protocol):
    """Session requests; every read inside a change locks the row until commit."""

    def by_number(self, account: AccountId, number: RequestNumber) -> SessionRequest | None: ...
    def by_id(self, request_id: RequestId) -> SessionRequest | None: ...
    def open_of(self, requester: PersonId, clinic: ClinicId) -> SessionRequest | None: ...
    def add(self, draft: SessionRequest) -> SessionRequest:
        """Store it with the account's next number; return it with id and number."""

    def save(self, request: SessionRequest, was: SessionRequest) -> None:
        """Compare and swap on ``was``'s version and status; StaleError if somebody was first."""

    def passed_by(self, request_id: RequestId) -> frozenset[PersonId]: ...
    def add_pass(
        self, request_id: RequestId, host: PersonId, reason: str, at: datetime
    ) -> None: ...
    def clear_passes(self, request_id: RequestId) -> None: ...
    def passed_on(self, clinics: Collection[ClinicId]) -> Sequence[SessionRequest]:
        """Return the pending requests of the clinics on which some host has passed."""


class Sessions(Protocol):
    """Video sessions."""

    def add(self, draft: VideoSession) -> VideoSession: ...
    def by_id(self, session_id: SessionId) -> VideoSession | None: ...
    def save(self, session: VideoSession, was: VideoSession) -> None: ...
    def of_host(self, host: PersonId, start: datetime, end: datetime) -> Sequence[VideoSession]:
        """Return the host's live sessions that touch ``[start, end]``."""


class Clinics(Protocol):
    """Clinics with their groups and services."""

    def get(self, account: AccountId, clinic_id: ClinicId) -> Clinic | None: ...
    def with_host(self, host: PersonId) -> Sequence[Clinic]:
        """Return every clinic whose host group holds them."""

    def groups(self, account: AccountId) -> tuple[frozenset[GroupId], frozenset[GroupId]]:
        """Return the account's patient groups and host groups."""

    def schedulers(self, clinic_id: ClinicId) -> Sequence[PersonId]: ...
    def add(self, clinic: Clinic) -> Clinic:
        """Store it; groups and services of id 0 are made, the others linked."""

    def add_scheduler(self, clinic_id: ClinicId, person: PersonId) -> None: ...


class People(Protocol):
    """People and their memberships."""

    def get(self, account: AccountId, person_id: PersonId) -> Person | None: ...
    def name(self, person_id: PersonId) -> str:
        """Return a name for a sentence; ``The system`` for 0."""

    def actor(self, person_id: PersonId) -> Actor | None:
        """Return them with every relation, or None when disabled or unknown."""

    def add(self, person: Person, password_hash: str = "") -> Person: ...
    def set_disabled(self, person_id: PersonId, at: datetime | None) -> None: ...
    def in_host_group(self, group: GroupId) -> Sequence[Person]: ...
    def in_patient_group(self, group: GroupId, person: PersonId) -> bool: ...
    def join_hosts(self, group: GroupId, people: Iterable[PersonId]) -> None: ...
    def join_patients(self, group: GroupId, people: Iterable[PersonId]) -> None: ...
    def by_source(self, account: AccountId, identifiers: Collection[str]) -> Mapping[str, PersonId]:
        """Return those of the source identifiers that are known."""

    def known_emails(self, account: AccountId, emails: Collection[str]) -> frozenset[str]: ...


class Hosts(Protocol):
    """Availability, slots and the lock that acceptances of one host share."""

    def lock(self, hosts: Collection[PersonId]) -> None:
        """Hold the hosts, ascending, until commit; overlaps are read after this."""

    def availability(self, host: PersonId) -> Availability: ...
    def save_availability(self, availability: Availability) -> None: ...
    def slots(
        self, hosts: Collection[PersonId], start: datetime, end: datetime
    ) -> Sequence[Slot]: ...
    def add_slots(self, slots: Iterable[Slot]) -> None: ...


class Claims(Protocol):
    """Claims on pending requests, one at most each."""

    def of(self, request_id: RequestId) -> Claim | None: ...
    def put(self, claim: Claim) -> None: ...
    def renew(self, claim: Claim, now: datetime) -> None:
        """Set the lease where this person's page still holds a live one; else change nothing.

        No request is locked for this, so somebody may have taken over, or it may have lapsed.
        """

    def shorten(self, claim: Claim, was: Claim) -> None:
        """Set the lease where it is still as ``was`` says; whoever renewed meanwhile keeps it."""

    def drop(self, request_id: RequestId) -> None: ...
    def held_by_tab(self, tab: str) -> Sequence[Claim]: ...


class Logins(Protocol):
    """Sign-ins, kept on the server; the browser holds a token of which only the hash is here."""

    def add(self, token_hash: str, person: PersonId, now: datetime, until: datetime) -> LoginId: ...
    def end(self, login: LoginId, person: PersonId, now: datetime) -> None: ...
    def end_all(self, person: PersonId, now: datetime) -> None: ...


class Notices(Protocol):
    """Messages on their way out; ``Unit.notify`` adds them."""

    def by_id(self, account: AccountId, notice_id: NoticeId) -> Notice | None: ...
    def save(self, notice: Notice) -> None: ...


class Unit(Protocol):
    """One transaction of one use case: all of it is kept, or nothing."""

    @property
    def requests(self) -> Requests: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def clinics(self) -> Clinics: ...
    @property
    def people(self) -> People: ...
    @property
    def hosts(self) -> Hosts: ...
    @property
    def claims(self) -> Claims: ...
    @property
    def logins(self) -> Logins: ...
    @property
    def notices(self) -> Notices: ...

    def record(self, actor: Actor, *changes: Change) -> None:
        """Note what changed: an event per change and stream, written last before commit.

        The first change noted in a transaction names its one audit row.
        """

    def notify(self, kind: NoticeKind, recipients: Iterable[PersonId], about: EntityRef) -> None:
        """Put one waiting notice per recipient into the outbox; a repeat is dropped (S18)."""

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
