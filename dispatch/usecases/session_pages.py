"""What the pages of one session ask: who stands how to it, and who else could hold it."""

from dataclasses import dataclass
from datetime import datetime

from dispatch import permissions
from dispatch.clinic import Clinic
from dispatch.conflicts import WINDOW, conflicts_near
from dispatch.errors import NotFoundError
from dispatch.people import Actor
from dispatch.permissions import Relation
from dispatch.ports import Reading
from dispatch.request import SessionRequest
from dispatch.roster import available_times
from dispatch.session import VideoSession
from dispatch.video import Entrance
from dispatch.views import SessionRow
from dispatch.vocabulary import PersonId, SessionId, SessionStatus


@dataclass(frozen=True, slots=True)
class Seen:
    """A session as of one instant, and every way in which the viewer stands to it."""

    session: VideoSession
    request: SessionRequest
    clinic: Clinic
    row: SessionRow
    relations: frozenset[Relation]

    @property
    def is_requesters(self) -> bool:
        return Relation.REQUESTER in self.relations

    @property
    def is_hosts(self) -> bool:
        return Relation.SESSION_HOST in self.relations

    @property
    def is_schedulers(self) -> bool:
        return Relation.SCHEDULER in self.relations


@dataclass(frozen=True, slots=True)
class HostOption:
    """A provider who could hold the session instead."""

    id: PersonId
    name: str
    is_available: bool
    overlaps: bool
    near: int  # other sessions within two hours


def session_seen(reading: Reading, actor: Actor, session_id: SessionId) -> Seen:
    """Return the session for whoever may know of it.

    Raises:
        NotFoundError: there is none, or it is not theirs (S55, S67).
    """
    found = reading.sitting(actor.account_id, session_id)
    row = reading.session_row(session_id) if found is not None else None
    if found is None or row is None:
        raise NotFoundError("session")
    session, request = found
    clinic = reading.clinic(actor.account_id, session.clinic_id)
    if clinic is None:
        raise NotFoundError("session")
    relations = permissions.session_relations(actor, request, clinic)
    if request.session_id != session.id:  # given back: what is held now is to another session
        relations -= {Relation.SESSION_HOST}
    if not relations:
        raise NotFoundError("session")
    return Seen(session, request, clinic, row, relations)


def entrance(
    reading: Reading, actor: Actor, session_id: SessionId, now: datetime
) -> Entrance | None:
    """Return what leads one of the two into the visit; None while it does not go on.

    Raises:
        NotFoundError: it is not a visit of theirs.
    """
    seen = session_seen(reading, actor, session_id)
    if not (seen.is_requesters or seen.is_hosts):
        raise NotFoundError("session")
    session = seen.session
    if session.status is not SessionStatus.IN_PROGRESS or now >= session.closes_at:
        return None
    return Entrance(
        setting=reading.video(session.clinic_id),
        host_link=reading.host_link(session.host_id),
        room=session.room,
        name=actor.name,
        is_host=seen.is_hosts,
    )


def other_hosts(reading: Reading, seen: Seen, now: datetime) -> tuple[HostOption, ...]:
    """Return the clinic's other providers, those who are free first (S37, S42)."""
    session, clinic = seen.session, seen.clinic
    hosts = [h for h in reading.hosts_of(clinic.host_group.id) if h.id != session.host_id]
    ids = [host.id for host in hosts]
    starts_at, duration = session.starts_at, session.ends_at - session.starts_at
    toggles = reading.availabilities(ids)
    slots = reading.slots(ids, starts_at, session.ends_at)
    sessions = reading.sessions_of(ids, starts_at - WINDOW, session.ends_at + WINDOW)
    options = []
    for host in hosts:
        own = [each for each in sessions if each.host_id == host.id]
        near = conflicts_near(own, [starts_at], duration)
        covered = available_times(clinic.mode, toggles[host.id], slots, (starts_at,), duration, now)
        overlaps = any(conflict.overlaps for conflict in near)
        options.append(HostOption(host.id, host.name, bool(covered), overlaps, len(near)))
    order = sorted(options, key=lambda o: (o.overlaps, not o.is_available, o.near, o.name))
    return tuple(order)
