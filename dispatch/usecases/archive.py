"""A clinic closes for good, once nobody counts on it any more; and it may come back."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.administered import find_clinic
from dispatch.clinic import Clinic
from dispatch.errors import InvalidError
from dispatch.events import CONTROL, Change, EntityRef
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.showing import groups_shown, providers_on, rows_showing
from dispatch.views import Unfinished
from dispatch.vocabulary import ClinicId, EntityKind


@dataclass(frozen=True, slots=True)
class ArchiveClinic:
    """Close a clinic for good; what happened in it stays to be read."""

    clinic_id: ClinicId


@dataclass(frozen=True, slots=True)
class RestoreClinic:
    """Open it again, with everything that it had."""

    clinic_id: ClinicId


def archive_clinic(command: ArchiveClinic, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Close it; doing it twice changes nothing.

    Nobody is turned away by it: what waits is answered first, and what was promised is held.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: the clinic is not the account's.
        InvalidError: requests wait in it, or sessions are to come.
    """
    clinic = find_clinic(command.clinic_id, actor, unit)
    if clinic.is_archived:
        return Done(EntityRef(EntityKind.CLINIC, clinic.id), was_there=True)
    unfinished = unit.clinics.unfinished(clinic.id)
    if unfinished.is_any:
        raise InvalidError(
            f"{spoken(unfinished)} in {clinic.name}. Finish them first, then archive it."
        )
    return _save(replace(clinic, archived_at=now), "archived", actor, unit, now)


def restore_clinic(command: RestoreClinic, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Take it back from the archive; doing it twice changes nothing.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: the clinic is not the account's.
    """
    clinic = find_clinic(command.clinic_id, actor, unit)
    if not clinic.is_archived:
        return Done(EntityRef(EntityKind.CLINIC, clinic.id), was_there=True)
    return _save(replace(clinic, archived_at=None), "restored", actor, unit, now)


def spoken(unfinished: Unfinished) -> str:
    """Return what goes on in a clinic, as the beginning of a sentence."""
    parts = []
    if unfinished.requests:
        waits = "request waits" if unfinished.requests == 1 else "requests wait"
        parts.append(f"{unfinished.requests} {waits}")
    if unfinished.sessions:
        come = "session is" if unfinished.sessions == 1 else "sessions are"
        parts.append(f"{unfinished.sessions} {come} to come or under way")
    return " and ".join(parts)


def _save(changed: Clinic, kind: str, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Keep it; tell the boards that list its providers, those how they are found available now, and
    the cards that say "ask again".
    """
    about = EntityRef(EntityKind.CLINIC, changed.id)
    unit.clinics.save(changed)
    unit.record(actor, Change(f"clinic.{kind}", about, frozenset({CONTROL})))
    hosts = [host.id for host in unit.people.in_host_group(changed.host_group.id)]
    unit.record(actor, *providers_on(f"clinic_{kind}", hosts, [changed.id]))
    unit.record(actor, *groups_shown(f"clinic_{kind}", [changed.host_group.id]))
    account = changed.account_id
    unit.record(actor, *rows_showing(f"clinic_{kind}", account, unit, now, clinics=[changed.id]))
    return Done(about)
