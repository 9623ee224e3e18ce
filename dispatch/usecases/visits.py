"""A visit takes place, or does not: the patient arrives, the host starts, somebody ends it."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.attendance import attend
from dispatch.diary import find_sitting, keep
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.vocabulary import SessionId, SessionStatus, SessionVerb


@dataclass(frozen=True, slots=True)
class Arrive:
    """The patient enters the waiting room; ``tab`` is the open page whose socket keeps them there.

    A page without scripts has no name.
    """

    session_id: SessionId
    tab: str = ""


@dataclass(frozen=True, slots=True)
class Depart:
    """The patient leaves the waiting room; the session waits for them."""

    session_id: SessionId


@dataclass(frozen=True, slots=True)
class StartVisit:
    """The host begins."""

    session_id: SessionId


@dataclass(frozen=True, slots=True)
class FinishVisit:
    """The visit was held."""

    session_id: SessionId


@dataclass(frozen=True, slots=True)
class MissPatient:
    """The patient did not come."""

    session_id: SessionId


def arrive(command: Arrive, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Put the patient into the waiting room; who is there already, or in the visit, stays there.

    Raises:
        InvalidError: it is too early.
        DecidedError: the session is over.
    """
    sitting = find_sitting(command.session_id, actor, SessionVerb.ARRIVE, unit)
    session, number = sitting.session, sitting.request.number
    if session.status is SessionStatus.IN_PROGRESS:
        return Done(sitting.about, number, was_there=True)
    arrived = session.arrive(now)
    unit.attendances.put(attend(session.id, actor.person_id, command.tab, now))
    if session.status is SessionStatus.PATIENT_WAITING:
        return Done(sitting.about, number, was_there=True)
    keep("patient_arrived", sitting, arrived, actor, unit)
    return Done(sitting.about, number)


def depart(command: Depart, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Note that the patient has left the waiting room; who is not in it stays where they are."""
    sitting = find_sitting(command.session_id, actor, SessionVerb.LEAVE, unit)
    if sitting.session.status is not SessionStatus.PATIENT_WAITING:
        return Done(sitting.about, sitting.request.number, was_there=True)
    unit.attendances.drop(sitting.session.id)
    keep("patient_left", sitting, sitting.session.leave(now), actor, unit)
    return Done(sitting.about, sitting.request.number)


def start_visit(command: StartVisit, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Begin, which opens the door for the patient; a visit that has begun goes on.

    Raises:
        InvalidError: it is too early.
        DecidedError: the session is over.
    """
    sitting = find_sitting(command.session_id, actor, SessionVerb.START, unit)
    if sitting.session.status is SessionStatus.IN_PROGRESS:
        return Done(sitting.about, sitting.request.number, was_there=True)
    started = sitting.session.start(now)
    unit.attendances.drop(started.id)  # from here on the video service has them
    keep("started", sitting, started, actor, unit)
    return Done(sitting.about, sitting.request.number)


def finish_visit(command: FinishVisit, actor: Actor, unit: Unit, now: datetime) -> Done:
    """End it as held.

    Raises:
        DecidedError: it has not begun, or has another outcome.
    """
    sitting = find_sitting(command.session_id, actor, SessionVerb.COMPLETE, unit)
    if sitting.session.status is SessionStatus.COMPLETED:
        return Done(sitting.about, sitting.request.number, was_there=True)
    keep("completed", sitting, sitting.session.complete(now), actor, unit)
    return Done(sitting.about, sitting.request.number)


def miss_patient(command: MissPatient, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Close it because the patient did not come.

    Raises:
        InvalidError: it has not begun yet.
        DecidedError: it has begun with them, or has another outcome.
    """
    sitting = find_sitting(command.session_id, actor, SessionVerb.MISS_PATIENT, unit)
    if sitting.session.status is SessionStatus.NO_SHOW_PATIENT:
        return Done(sitting.about, sitting.request.number, was_there=True)
    keep("patient_missed", sitting, sitting.session.miss_patient(now), actor, unit)
    return Done(sitting.about, sitting.request.number)
