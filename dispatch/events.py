"""What changed, said to the streams that could see it: pointers, never contents.

Streams are the unit of authorisation. A change rings every stream that could see the entity before
or after it, so that nobody keeps a row that has left them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.clinic import Clinic
from dispatch.request import SessionRequest
from dispatch.session import VideoSession
from dispatch.vocabulary import ClinicId, EntityKind, GroupId, LoginId, PersonId, RequestId

CONTROL = "control"  # for the workers: revocations, memberships, settings


@dataclass(frozen=True, slots=True, order=True)
class EntityRef:
    """One entity as events and frames name it: ``request:12``."""

    kind: EntityKind
    id: int

    def __str__(self) -> str:
        """Return the name used on the wire and as the element's ``data-entity``."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Change:
    """One entity, what became of it (``request.accepted``), and who must be told."""

    kind: str
    entity: EntityRef
    streams: frozenset[str]


def clinic_stream(clinic_id: ClinicId) -> str:
    """Return the stream of a clinic's schedulers."""
    return f"clinic:{clinic_id}"


def hosts_stream(group_id: GroupId) -> str:
    """Return the stream of the hosts of a group."""
    return f"hosts:{group_id}"


def host_stream(host_id: PersonId) -> str:
    """Return the stream of one host."""
    return f"host:{host_id}"


def patient_stream(person_id: PersonId) -> str:
    """Return the stream of one signed-in requester."""
    return f"patient:{person_id}"


def request_stream(request_id: RequestId) -> str:
    """Return the stream of whoever holds a request's link."""
    return f"request:{request_id}"


def request_streams(request: SessionRequest, clinic: Clinic) -> frozenset[str]:
    """Return every stream that could show this request as it now is."""
    streams = {
        clinic_stream(request.clinic_id),
        patient_stream(request.requester_id),
        request_stream(request.id),
    }
    if request.target_host_id is None:
        streams.add(hosts_stream(clinic.host_group.id))
    else:
        streams.add(host_stream(request.target_host_id))
    return frozenset(streams)


def request_changed(kind: str, request: SessionRequest, clinic: Clinic) -> Change:
    """Return the change of a request for all its streams; none of them ever changes with it."""
    entity = EntityRef(EntityKind.REQUEST, request.id)
    return Change(f"request.{kind}", entity, request_streams(request, clinic))


def logins_ended(logins: Iterable[LoginId]) -> tuple[Change, ...]:
    """Return that these sign-ins are over: their sockets close, whoever the person still is."""
    about = (EntityRef(EntityKind.LOGIN, login) for login in logins)
    return tuple(Change("login.ended", each, frozenset({CONTROL})) for each in about)


def session_changed(kind: str, session: VideoSession, clinics: Iterable[ClinicId]) -> Change:
    """Return the change of a session; ``clinics`` are all that its host answers in, whose boards
    show it as a possible conflict.
    """
    streams = {
        host_stream(session.host_id),
        patient_stream(session.requester_id),
        request_stream(session.request_id),
        *map(clinic_stream, clinics),
    }
    return Change(f"session.{kind}", EntityRef(EntityKind.SESSION, session.id), frozenset(streams))


def passes_changed(
    kind: str, request_id: RequestId, hosts: Iterable[PersonId]
) -> tuple[Change, ...]:
    """Return the change of the passes on a request, which only their hosts' own pages show.

    These are the only streams whose number grows with people: with those who passed, a few.
    """
    streams = frozenset(map(host_stream, hosts))
    entity = EntityRef(EntityKind.PASS, request_id)
    return (Change(f"pass.{kind}", entity, streams),) if streams else ()


def provider_changed(
    kind: str, host_id: PersonId, clinics: Iterable[ClinicId]
) -> tuple[Change, ...]:
    """Return the changes of a host's availability: one for the boards, one for their own page."""
    boards = frozenset(map(clinic_stream, clinics))
    return (
        Change(f"provider.{kind}", EntityRef(EntityKind.PROVIDER, host_id), boards),
        Change(
            f"availability.{kind}",
            EntityRef(EntityKind.AVAILABILITY, host_id),
            frozenset({host_stream(host_id)}),
        ),
    )
