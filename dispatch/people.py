"""Who acts: a signed-in person with their relations, or the system."""

from dataclasses import dataclass, field
from datetime import date, datetime

from dispatch.vocabulary import AccountId, ClinicId, GroupId, PersonId, Role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known to an account."""

    id: PersonId
    account_id: AccountId
    name: str
    zone: str  # IANA name; every time shown to this person is in it (S91)
    email: str | None = None
    phone: str | None = None
    birth_date: date | None = None
    source_identifier: str | None = None  # NPI or medical record number
    is_administrator: bool = False
    is_disabled: bool = False
    invited_at: datetime | None = None  # whole seconds; None: not, or they have answered
    moved_at: datetime | None = None  # when their last e-mail address was given up for this one


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What the import of a roster may take (``birth_date`` and identifiers stay inside)."""

    name: str
    source_identifier: str
    email: str | None = None
    phone: str | None = None
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at the moment of acting, with every relation that permissions look at.

    ``schedules`` are clinics, ``hosts_in`` host groups, ``asks_in`` patient groups. Who has asked
    once keeps their own pages when they may ask no more.
    """

    person_id: PersonId
    account_id: AccountId
    name: str
    zone: str = "UTC"
    is_administrator: bool = False
    is_system: bool = False
    schedules: frozenset[ClinicId] = field(default_factory=frozenset)
    hosts_in: frozenset[GroupId] = field(default_factory=frozenset)
    asks_in: frozenset[GroupId] = field(default_factory=frozenset)
    may_ask: bool = False  # somewhere: a clinic of one of those groups is open
    has_asked: bool = False  # ever, and wherever

    @property
    def is_requester(self) -> bool:
        """Return whether they have pages of their own as a patient."""
        return self.has_asked or bool(self.asks_in)

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles that follow from the relations."""
        held = {
            Role.REQUESTER: self.is_requester,
            Role.HOST: bool(self.hosts_in),
            Role.SCHEDULER: bool(self.schedules),
            Role.ADMINISTRATOR: self.is_administrator,
            Role.SYSTEM: self.is_system,
        }
        return frozenset(role for role, holds in held.items() if holds)


def system_actor(account_id: AccountId) -> Actor:
    """Return the actor of what happens by time alone."""
    return Actor(PersonId(0), account_id, "The system", is_system=True)
