"""A clinic says whom to alert when a late request waits and nobody looks at it."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.administered import find_clinic
from dispatch.contact import newly_typed_email
from dispatch.docket import watch_anew
from dispatch.errors import InvalidError
from dispatch.events import CONTROL, Change, EntityRef
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.seen import alerts_seen, refuse_unseen
from dispatch.vocabulary import ClinicId, EntityKind

LONGEST_MINUTES = 240


@dataclass(frozen=True, slots=True)
class SetAlerts:
    """Alert this address so many minutes after the target; an empty one alerts nobody."""

    clinic_id: ClinicId
    email: str
    minutes: int
    seen: str | None = None  # what the form was filled from


def set_alerts(command: SetAlerts, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store it; who waits already is watched with the patience that the clinic now has.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: no such clinic.
        InvalidError: no address that mail can go to, or too few or too many minutes.
        StaleError: somebody changed it since the form was filled.
    """
    clinic = find_clinic(command.clinic_id, actor, unit)
    email = newly_typed_email(command.email, clinic.escalation_email)
    if not 0 <= command.minutes <= LONGEST_MINUTES:
        raise InvalidError(f"Give 0 to {LONGEST_MINUTES} minutes.", field="minutes")
    about = EntityRef(EntityKind.CLINIC, clinic.id)
    changed = replace(clinic, escalation_email=email, escalation_minutes=command.minutes)
    if changed == clinic:
        return Done(about, was_there=True)
    refuse_unseen(command.seen, alerts_seen(clinic))
    unit.clinics.save(changed)
    watch_anew(clinic, changed, unit)
    unit.record(actor, Change("clinic.alerts_set", about, frozenset({CONTROL})))
    return Done(about)
