"""What use cases on a session share: find it, say who hears of it, and what it would overlap."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch import permissions
from dispatch.clinic import Clinic
from dispatch.conflicts import overlap
from dispatch.docket import clinic_of
from dispatch.errors import ConfirmationError, NotFoundError, StaleError
from dispatch.events import EntityRef, host_stream, session_changed
from dispatch.people import Actor
from dispatch.ports import Unit
from dispatch.request import SessionRequest
from dispatch.roster import available_times
from dispatch.session import VideoSession
from dispatch.vocabulary import ClinicId, EntityKind, PersonId, SessionId, SessionVerb

UNAVAILABLE = "unavailable"  # what is sent back to go on with a Not Available provider (S53)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session with the request that it was made of, both locked, and their clinic."""

    session: VideoSession
    request: SessionRequest
    clinic: Clinic

    @property
    def about(self) -> EntityRef:
        """Return the session's name on the wire."""
        return EntityRef(EntityKind.SESSION, self.session.id)

    def require_revision(self, expected: int) -> None:
        """Let a plan be changed only by whoever saw it as it is; who came and went matters not.

        Raises:
            StaleError: its time, its host or whether it takes place has changed.
        """
        if self.session.revision != expected:
            raise StaleError("This session changed since you looked. See below what is true now.")


def find_sitting(session_id: SessionId, actor: Actor, verb: SessionVerb, unit: Unit) -> Sitting:
    """Return the session if the actor may do that; the request is locked before the session.

    Raises:
        NotFoundError: no such session, or not theirs to know of.
        NotAllowedError: this is not theirs to do.
    """
    request_id = unit.sessions.request_of(session_id)
    request = unit.requests.by_id(request_id) if request_id is not None else None
    session = unit.sessions.by_id(session_id) if request is not None else None
    if request is None or session is None or request.account_id != actor.account_id:
        raise NotFoundError("session")
    if request.session_id != session.id and not actor.is_system:
        raise NotFoundError("session")  # its request went back, and may be accepted anew
    clinic = clinic_of(request, unit)
    permissions.require_session(actor, verb, request, clinic)
    return Sitting(session, request, clinic)


def keep(kind: str, sitting: Sitting, after: VideoSession, actor: Actor, unit: Unit) -> None:
    """Store the session as it is now, and ring every stream that could see it before or after.

    Where host or time changed, its request is kept in step: it names them once it is decided, and
    the rows that show a request with its session turn with the session.
    """
    was, request = sitting.session, sitting.request
    unit.sessions.save(after, was=was)
    if (was.host_id, was.starts_at) != (after.host_id, after.starts_at):
        unit.requests.save(request.moved(after.host_id, after.starts_at), was=request)
    if not after.is_open:
        unit.attendances.drop(after.id)
    hosts = {was.host_id, after.host_id}
    clinics = frozenset().union(*(seen_by(host, unit) for host in hosts)) | {sitting.clinic.id}
    change = session_changed(kind, after, clinics)
    streams = change.streams | {host_stream(host) for host in hosts}
    unit.record(actor, replace(change, streams=streams))


def require_confirmation(
    session: VideoSession,
    clinic: Clinic,
    confirmed: Collection[str],
    unit: Unit,
    now: datetime,
    *,
    minds_absence: bool,
    question: str,
) -> None:
    """Ask once more where the host is really busy at that time, or Not Available for it.

    The host must be locked, so that two who plan at once see each other.

    Raises:
        ConfirmationError: names what was not confirmed yet, and all that has to be (S53, S66).
    """
    busy = clashes(session, unit)
    needed = {str(EntityRef(EntityKind.SESSION, clash.id)) for clash in busy}
    host, sentences = unit.people.name(session.host_id), []
    if needed - set(confirmed):
        count = "another session" if len(busy) == 1 else f"{len(busy)} other sessions"
        sentences.append(f"{host} has {count} at that time.")
    if minds_absence and not _is_available(session, clinic, unit, now):
        needed.add(UNAVAILABLE)
        if UNAVAILABLE not in confirmed:
            sentences.append(f"{host} is not available.")
    if sentences:
        sentence = " ".join([*sentences, question])
        raise ConfirmationError(sentence, confirm=tuple(sorted(needed)))


def _is_available(session: VideoSession, clinic: Clinic, unit: Unit, now: datetime) -> bool:
    starts_at, ends_at = session.starts_at, session.ends_at
    slots = unit.hosts.slots([session.host_id], starts_at, ends_at)
    toggle = unit.hosts.availability(session.host_id)
    at = (starts_at,)
    return bool(available_times(clinic.mode, toggle, slots, at, ends_at - starts_at, now))


def clashes(session: VideoSession, unit: Unit) -> Sequence[VideoSession]:
    """Return the other sessions of its host that overlap it; the host must be locked."""
    near = unit.sessions.of_host(session.host_id, session.starts_at, session.ends_at)
    wanted = (session.starts_at, session.ends_at)
    return [other for other in near if other.id != session.id and overlap(other.held, wanted)]


def seen_by(host_id: PersonId, unit: Unit) -> frozenset[ClinicId]:
    """Return every clinic whose board shows the host's sessions as possible conflicts."""
    return frozenset(clinic.id for clinic in unit.clinics.with_host(host_id))
