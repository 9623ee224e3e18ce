"""The plan of a session changes: another time, another host, not at all, or only a reminder."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.diary import Sitting, find_sitting, keep, require_confirmation
from dispatch.errors import InvalidError
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.vocabulary import NoticeKind, PersonId, SessionId, SessionVerb


@dataclass(frozen=True, slots=True)
class RescheduleSession:
    """Hold it at another time; ``confirmed`` names what the actor was shown and accepts."""

    session_id: SessionId
    expected_revision: int
    starts_at: datetime
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ChangeHost:
    """Give it to another host of the clinic; ``confirmed`` as above."""

    session_id: SessionId
    expected_revision: int
    host_id: PersonId | None
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CancelSession:
    """Call it off. Until 5 minutes after its start both are told; later nobody is (V11)."""

    session_id: SessionId
    expected_revision: int
    tells: bool = True


@dataclass(frozen=True, slots=True)
class RemindPatient:
    """Send the invitation once more (V10)."""

    session_id: SessionId


def reschedule_session(command: RescheduleSession, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Move it, and tell both with an updated calendar file.

    Raises:
        DecidedError: it has begun, or is over.
        StaleError: somebody changed its plan first.
        ConfirmationError: the host has another session then (S66).
    """
    sitting = find_sitting(command.session_id, actor, SessionVerb.RESCHEDULE, unit)
    moved = sitting.session.reschedule(command.starts_at, now)
    sitting.require_revision(command.expected_revision)
    unit.hosts.lock([moved.host_id])  # overlaps are read after this, as in an acceptance
    require_confirmation(
        moved,
        sitting.clinic,
        command.confirmed,
        unit,
        now,
        minds_absence=False,  # about the new time the two have spoken
        question="Move it anyway?",
    )
    keep("rescheduled", sitting, moved, actor, unit)
    unit.attendances.drop(moved.id)
    people = [moved.requester_id, moved.host_id]
    unit.notify(NoticeKind.RESCHEDULED, people, sitting.about, moved.revision)
    return Done(sitting.about, sitting.request.number)


def change_host(command: ChangeHost, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Give it to another host, and tell all three: a calendar each is put right (V12).

    Raises:
        DecidedError: it has begun, or is over.
        StaleError: somebody changed its plan first.
        InvalidError: nobody was chosen, or somebody outside the clinic's host group (S54).
        ConfirmationError: the new host has another session then, or is Not Available (S53).
    """
    sitting = find_sitting(command.session_id, actor, SessionVerb.CHANGE_HOST, unit)
    host_id = _chosen(command.host_id, sitting, unit)
    given = sitting.session.change_host(host_id)
    sitting.require_revision(command.expected_revision)
    unit.hosts.lock([sitting.session.host_id, host_id])
    require_confirmation(
        given,
        sitting.clinic,
        command.confirmed,
        unit,
        now,
        minds_absence=host_id != actor.person_id,
        question="Give it to them anyway?",
    )
    keep("host_changed", sitting, given, actor, unit)
    for kind, person in (
        (NoticeKind.HOST_CHANGED, given.requester_id),
        (NoticeKind.ASSIGNED, host_id),
        (NoticeKind.UNASSIGNED, sitting.session.host_id),
    ):
        unit.notify(kind, [person], sitting.about, given.revision)
    return Done(sitting.about, sitting.request.number)


def cancel_session(command: CancelSession, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Cancel it for good, and tell both; one that began is removed without a word (V11).

    Raises:
        DecidedError: it has begun with both, or is over.
        StaleError: somebody changed its plan first.
        InvalidError: it is too late to tell them, or not too late yet.
    """
    sitting = find_sitting(command.session_id, actor, SessionVerb.CANCEL, unit)
    off = sitting.session.call_off(now, tells=command.tells)
    sitting.require_revision(command.expected_revision)
    keep("called_off" if command.tells else "removed", sitting, off, actor, unit)
    if command.tells:
        people = [off.requester_id, off.host_id]
        unit.notify(NoticeKind.CALLED_OFF, people, sitting.about, off.revision)
    return Done(sitting.about, sitting.request.number)


def remind_patient(command: RemindPatient, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Send the invitation again, a few times at most (V10).

    Raises:
        DecidedError: the patient is there, or the session has begun or is over.
        InvalidError: they were reminded a moment ago, or often enough.
    """
    sitting = find_sitting(command.session_id, actor, SessionVerb.REMIND, unit)
    reminded = sitting.session.remind(now)
    keep("reminded", sitting, reminded, actor, unit)
    people = [reminded.requester_id]
    unit.notify(NoticeKind.REMINDER, people, sitting.about, reminded.reminders)
    return Done(sitting.about, sitting.request.number)


def _chosen(host_id: PersonId | None, sitting: Sitting, unit: Unit) -> PersonId:
    if host_id is None:
        raise InvalidError("Choose a provider first.", field="host")
    if host_id not in {p.id for p in unit.people.in_host_group(sitting.clinic.host_group.id)}:
        raise InvalidError("Choose a provider of this clinic.", field="host")
    return host_id
