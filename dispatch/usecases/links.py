"""Whoever has lost the link to their request is sent another, to the address that is known."""

from dataclasses import dataclass
from datetime import UTC, datetime

from dispatch.errors import NotAllowedError
from dispatch.events import EntityRef
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.request import OWN_HISTORY, SessionRequest
from dispatch.vocabulary import EntityKind, NoticeKind, PersonId, RequestStatus

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SendLinks:
    """Mail somebody the links of what they asked for."""

    person_id: PersonId


def send_links(command: SendLinks, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Send a link for each request that goes on or whose answer was not dismissed (V3), or else for
    the last one; once a minute at most.

    Raises:
        NotAllowedError: the actor is a person, who could only guess whose address it is.
    """
    if not actor.is_system:
        raise NotAllowedError("Only the system sends links.")
    recent = unit.requests.recent_of(command.person_id, now - OWN_HISTORY)
    going_on = [request for request in recent if _goes_on(request, unit, now)]
    for request in going_on or recent[:1]:
        about = EntityRef(EntityKind.REQUEST, request.id)
        minute = int((now - _EPOCH).total_seconds()) // 60
        unit.notify(NoticeKind.LINK, [command.person_id], about, minute)
    return Done(EntityRef(EntityKind.PERSON, command.person_id))


def _goes_on(request: SessionRequest, unit: Unit, now: datetime) -> bool:
    if request.status is RequestStatus.ACCEPTED and request.session_id is not None:
        session = unit.sessions.by_id(request.session_id)
        return session is not None and session.ends_at > now
    return request.status is RequestStatus.PENDING or request.awaits_dismissal
