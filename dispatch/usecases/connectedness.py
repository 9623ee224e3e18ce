"""Providers come and go with their pages; boards are told of that, and nothing else follows."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.connectedness import GRACE, LEASE
from dispatch.docket import connection_changed
from dispatch.errors import NotAllowedError
from dispatch.events import EntityRef
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.vocabulary import EntityKind, PersonId


@dataclass(frozen=True, slots=True)
class KeepConnected:
    """These providers have pages open; sent by the process that holds their sockets, every 10 s."""

    hosts: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class LetGo:
    """The last pages of these providers in one process have closed."""

    hosts: tuple[PersonId, ...]


def keep_connected(command: KeepConnected, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Give each a fresh lease; only who was not connected before is an event.

    Raises:
        NotAllowedError: the actor is a person.
    """
    _require_system(actor)
    until = now + LEASE
    newcomers = set(command.hosts) - unit.connected.renew(command.hosts, until)
    if newcomers:
        unit.hosts.lock(newcomers)  # another process may bring them in at the same moment
        newcomers -= unit.connected.renew(newcomers, until)
        unit.connected.add(newcomers, until)
    for host in sorted(newcomers):
        unit.record(actor, connection_changed("connected", host, unit))
    return Done(EntityRef(EntityKind.PROVIDER, 0), was_there=not newcomers)


def let_go(command: LetGo, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Shorten their leases to the grace; the sweep makes the event, unless a page comes back.

    Raises:
        NotAllowedError: the actor is a person.
    """
    _require_system(actor)
    unit.connected.shorten(command.hosts, now + GRACE)
    return Done(EntityRef(EntityKind.PROVIDER, 0))


def _require_system(actor: Actor) -> None:
    if not actor.is_system:
        raise NotAllowedError("Only the system knows which pages are open.")
