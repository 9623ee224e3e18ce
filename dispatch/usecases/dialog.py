"""The Assign dialog as a query: who could take this request, and what they have near its times."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch import permissions
from dispatch.choice import Assignment, ConflictView, ProviderOption
from dispatch.clinic import Clinic
from dispatch.conflicts import WINDOW, Conflict, conflicts_near
from dispatch.errors import NotFoundError
from dispatch.events import EntityRef, clinic_stream
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.reply import CHOICES, sentence_for
from dispatch.request import SessionRequest
from dispatch.roster import available_times
from dispatch.slots import spans
from dispatch.stream import Projection
from dispatch.views import BoardRow
from dispatch.vocabulary import EntityKind, RequestNumber, Verb


def assignment(reading: Reading, actor: Actor, number: RequestNumber, now: datetime) -> Assignment:
    """Return the providers of that clinic's host group only (S37), the best choice first.

    Raises:
        NotFoundError: no pending request in a clinic that the actor schedules.
    """
    request = reading.request(actor.account_id, number)
    if request is None or request.clinic_id not in actor.schedules:
        raise NotFoundError
    clinic = reading.clinic(actor.account_id, request.clinic_id)
    if clinic is None:
        raise NotFoundError
    permissions.require(actor, Verb.CLAIM, request, clinic)
    stream = clinic_stream(clinic.id)
    entity = EntityRef(EntityKind.REQUEST, request.id)
    row = next(iter(reading.views(stream, Projection.BOARD, [entity], now)), None)
    service = reading.service(actor.account_id, request.service_id)
    answered = reading.answered(request.id)
    if not isinstance(row, BoardRow) or service is None:
        raise NotFoundError
    # S45: for Now the requested interval begins at the moment of looking
    asked = _Asked(request, clinic, request.times or (now,), service.duration)
    worded = reading.decline_sentences(clinic.id)
    providers = _options(reading, actor, asked, now)
    can_be_had = any(option.is_asked_for for option in providers)  # they still answer here
    rivals = reading.rivals(request) if can_be_had else []
    known = [rival.number for rival in rivals if rival.clinic_id in actor.schedules]
    return Assignment(
        row=row,
        clinic_mode=clinic.mode,
        duration_minutes=service.duration_minutes,
        sentences={reason: sentence_for(reason, clinic, worded) for reason in CHOICES},
        replies=tuple(reading.saved_replies(clinic.id)),
        providers=providers,
        answers=answered.answers if answered else (),
        rivals=tuple(known),
        rivals_elsewhere=len(rivals) - len(known),
        heads={stream: reading.cursor(stream)},
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the providers are measured against."""

    request: SessionRequest
    clinic: Clinic
    times: tuple[datetime, ...]
    duration: timedelta

    @property
    def start(self) -> datetime:
        return min(self.times)

    @property
    def end(self) -> datetime:
        return max(self.times) + self.duration


def _options(
    reading: Reading, actor: Actor, asked: _Asked, now: datetime
) -> tuple[ProviderOption, ...]:
    hosts = reading.hosts_of(asked.clinic.host_group.id)
    ids = [host.id for host in hosts]
    toggles = reading.availabilities(ids)
    looked_at = spans(asked.times, asked.duration)
    slots = [slot for span in looked_at for slot in reading.slots(ids, *span)]
    sessions = reading.sessions_of(ids, asked.start - WINDOW, asked.end + WINDOW)
    passed = reading.passed_by(asked.request.id)
    connected = reading.connected(ids)
    options = []
    for host in hosts:
        toggle = toggles[host.id]
        own = [session for session in sessions if session.host_id == host.id]
        near = conflicts_near(own, asked.times, asked.duration)
        covered = available_times(
            asked.clinic.mode, toggle, slots, asked.times, asked.duration, now
        )
        option = ProviderOption(
            id=host.id,
            name=host.name,
            is_asked_for=host.id == asked.request.target_host_id,
            is_available=bool(covered),
            until_at=toggle.until_at if toggle.is_on_at(now) else None,
            available_times=covered,
            requested_count=len(asked.times),
            conflicts=tuple(_shown(reading, actor, conflict) for conflict in near),
            has_passed=host.id in passed,
            is_connected=host.id in connected,
            break_until_at=toggle.break_until_at if toggle.is_on_break_at(now) else None,
        )
        options.append(option)
    return tuple(sorted(options, key=_rank))


def _rank(option: ProviderOption) -> tuple[bool, bool, bool, bool, str]:
    """Order: asked for, available without conflict, with conflict, has passed, not available."""
    return (
        not option.is_asked_for,
        not option.is_available,
        option.has_passed,
        bool(option.conflicts),
        option.name,
    )


def _shown(reading: Reading, actor: Actor, conflict: Conflict) -> ConflictView:
    """Show time and gap to everyone; the service only to schedulers of the session's clinic."""
    session = conflict.session
    service = None
    if session.clinic_id in actor.schedules:
        service = reading.service(actor.account_id, session.service_id)
    return ConflictView(
        session_id=session.id,
        requested_at=conflict.requested_at,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        gap=conflict.gap,
        overlaps=conflict.overlaps,
        service=service.name if service else "",
    )
