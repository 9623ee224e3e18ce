"""What an administrator sees: groups and services with where they are used, and the audit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.clinic import Group, Service
from dispatch.vocabulary import EntityKind, GroupKind, PersonId


@dataclass(frozen=True, slots=True)
class GroupInUse:
    """A group, how many belong to it, and the clinics in which it asks or answers."""

    kind: GroupKind
    group: Group
    members: int
    clinics: Sequence[str]


@dataclass(frozen=True, slots=True)
class ServiceInUse:
    """A service and the clinics that offer it."""

    service: Service
    clinics: Sequence[str]


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What goes on in a clinic: requests that wait, and sessions that are to come or under way."""

    requests: int
    sessions: int

    @property
    def is_any(self) -> bool:
        """Return whether somebody still counts on the clinic."""
        return bool(self.requests or self.sessions)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who did what to which, and when; ``about`` is a name or a number, never anybody's words."""

    id: int
    at: datetime
    actor_id: PersonId  # 0 for the system
    actor: str
    kind: str  # as in the event: ``request.accepted``
    entity: EntityKind
    entity_id: int
    about: str
