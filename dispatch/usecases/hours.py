"""When a clinic is open: its week, and the days on which it is closed."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.administered import find_clinic
from dispatch.clinic import Clinic
from dispatch.errors import InvalidError
from dispatch.events import CONTROL, Change, EntityRef
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.seen import hours_seen, refuse_unseen
from dispatch.timetable import MOST_CLOSURES, Closure, Hours, fit_closure, fit_hours
from dispatch.vocabulary import ClinicId, EntityKind


@dataclass(frozen=True, slots=True)
class SetHours:
    """The hours of every week; none means at all hours."""

    clinic_id: ClinicId
    hours: tuple[Hours, ...]
    seen: str | None = None  # what the form was filled from


@dataclass(frozen=True, slots=True)
class AddClosure:
    """Close from one day to another."""

    clinic_id: ClinicId
    closure: Closure


@dataclass(frozen=True, slots=True)
class RemoveClosure:
    """Open on these days after all."""

    clinic_id: ClinicId
    closure: Closure


def set_hours(command: SetHours, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store the week; whoever waits already goes on waiting.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: the clinic is not the account's.
        InvalidError: hours overlap, or end before they begin.
        StaleError: somebody changed it since the form was filled.
    """
    clinic = find_clinic(command.clinic_id, actor, unit)
    changed = replace(clinic, hours=fit_hours(command.hours))
    if changed != clinic:
        refuse_unseen(command.seen, hours_seen(clinic))
    return _save(changed, clinic, "hours_changed", actor, unit)


def add_closure(command: AddClosure, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store the closure; what was accepted for these days stays, and is named nowhere.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: the clinic is not the account's.
        InvalidError: it ends before it begins or is over, or there are too many.
    """
    clinic = find_clinic(command.clinic_id, actor, unit)
    closure = fit_closure(command.closure)
    if closure.last < now.astimezone(clinic.timetable.tz).date():
        raise InvalidError("Choose days that are still to come.", field="last")
    if len(clinic.closures) >= MOST_CLOSURES:
        raise InvalidError("There are too many closures. Remove some first.", field="first")
    closures = tuple(sorted({*clinic.closures, closure}))
    return _save(replace(clinic, closures=closures), clinic, "closed", actor, unit)


def remove_closure(command: RemoveClosure, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Let go of the closure; doing it twice changes nothing.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: the clinic is not the account's.
    """
    clinic = find_clinic(command.clinic_id, actor, unit)
    closures = tuple(one for one in clinic.closures if one != command.closure)
    return _save(replace(clinic, closures=closures), clinic, "opened", actor, unit)


def _save(changed: Clinic, was: Clinic, kind: str, actor: Actor, unit: Unit) -> Done:
    about = EntityRef(EntityKind.CLINIC, was.id)
    if changed == was:
        return Done(about, was_there=True)
    unit.clinics.save(changed)
    unit.record(actor, Change(f"clinic.{kind}", about, frozenset({CONTROL})))
    return Done(about)
