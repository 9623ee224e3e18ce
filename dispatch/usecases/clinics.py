"""A clinic gets other settings, or offers other services in another order."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.administered import find_clinic, find_group, refuse_taken_name
from dispatch.clinic import Clinic
from dispatch.clinic_rules import fit_clinic
from dispatch.docket import review_passes, watch_anew
from dispatch.errors import InvalidError, NotFoundError, StaleError
from dispatch.events import CONTROL, Change, EntityRef
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.seen import clinic_seen, refuse_unseen
from dispatch.showing import also_seen_from, groups_shown, providers_on, rows_showing
from dispatch.vocabulary import (
    ClinicId,
    ClinicMode,
    EntityKind,
    GroupId,
    GroupKind,
    PersonId,
    ServiceId,
)


@dataclass(frozen=True, slots=True)
class ClinicDetails:
    """What an administrator sets of a clinic; hours, services and video have pages of their own."""

    name: str
    patient_group_id: GroupId
    host_group_id: GroupId
    mode: ClinicMode
    zone: str
    target_seconds: int
    nearly_seconds: int | None
    now_limit_seconds: int
    accepts_now: bool
    accepts_scheduled: bool
    declines_unavailable: bool
    sees_in_turn: bool
    unavailable_text: str
    declined_text: str
    phone: str
    emergency_text: str


@dataclass(frozen=True, slots=True)
class ChangeClinic:
    """Other settings for a clinic."""

    clinic_id: ClinicId
    details: ClinicDetails
    seen: str | None = None  # what the form was filled from


@dataclass(frozen=True, slots=True)
class OfferServices:
    """The services of a clinic in the order that patients see; ``was`` is what the page showed."""

    clinic_id: ClinicId
    services: tuple[ServiceId, ...]
    was: tuple[ServiceId, ...]


def change_clinic(command: ChangeClinic, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store the settings and tell every open row that shows one of them.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: the clinic or a group is not the account's.
        InvalidError: a setting cannot be used, or another clinic is called that.
        StaleError: somebody changed it since the form was filled.
    """
    clinic = find_clinic(command.clinic_id, actor, unit)
    changed = fit_clinic(_with_details(clinic, command.details, actor, unit))
    about = EntityRef(EntityKind.CLINIC, clinic.id)
    if changed == clinic:
        return Done(about, was_there=True)
    refuse_taken_name(changed, unit)
    refuse_unseen(command.seen, clinic_seen(clinic))
    unit.clinics.save(changed)
    watch_anew(clinic, changed, unit)
    unit.record(actor, Change("clinic.changed", about, frozenset({CONTROL})))
    rows = rows_showing("clinic_changed", clinic.account_id, unit, now, clinics=[clinic.id])
    hosts = _hosts_of(clinic, unit) | _hosts_of(changed, unit)
    unit.record(actor, *also_seen_from(rows, clinic, changed))
    unit.record(actor, *providers_on("clinic_changed", hosts, [clinic.id]))
    groups = [clinic.host_group.id, changed.host_group.id]
    unit.record(actor, *groups_shown("clinic_changed", groups))
    review_passes([clinic.id], actor, unit, now)
    return Done(about)


def offer_services(command: OfferServices, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store which services the clinic offers; who has asked for one keeps it.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: the clinic or a service is not the account's.
        StaleError: somebody else changed the services meanwhile, or the page says of none that
            it showed it.
        InvalidError: none is left, or one is there twice.
    """
    clinic = find_clinic(command.clinic_id, actor, unit)
    about = EntityRef(EntityKind.CLINIC, clinic.id)
    if not command.was:  # what was not seen is not moved about; a clinic never offers nothing
        raise StaleError(
            "This page is from before an update, or did not come whole. Check the services below, "
            "and press again."
        )
    if tuple(service.id for service in clinic.services) != command.was:
        raise StaleError("The services changed since you looked. Check them and try again.")
    if not command.services:
        raise InvalidError("A clinic offers at least one service.", field="services")
    if len(set(command.services)) != len(command.services):
        raise InvalidError("The clinic offers that service already.", field="service")
    services = [unit.services.get(clinic.account_id, key) for key in command.services]
    offered = tuple(service for service in services if service is not None)
    if len(offered) != len(services):
        raise NotFoundError("service")
    unit.clinics.save(replace(clinic, services=offered))
    # No row that is open shows which others there are.
    unit.record(actor, Change("clinic.services_changed", about, frozenset({CONTROL})))
    return Done(about)


def _with_details(clinic: Clinic, details: ClinicDetails, actor: Actor, unit: Unit) -> Clinic:
    return replace(
        clinic,
        name=details.name,
        patient_group=find_group(GroupKind.PATIENTS, details.patient_group_id, actor, unit),
        host_group=find_group(GroupKind.HOSTS, details.host_group_id, actor, unit),
        mode=details.mode,
        zone=details.zone,
        target_seconds=details.target_seconds,
        nearly_seconds=details.nearly_seconds,
        now_limit_seconds=details.now_limit_seconds,
        accepts_now=details.accepts_now,
        accepts_scheduled=details.accepts_scheduled,
        declines_unavailable=details.declines_unavailable,
        sees_in_turn=details.sees_in_turn,
        unavailable_text=details.unavailable_text,
        declined_text=details.declined_text,
        phone=details.phone,
        emergency_text=details.emergency_text,
    )


def _hosts_of(clinic: Clinic, unit: Unit) -> set[PersonId]:
    return {host.id for host in unit.people.in_host_group(clinic.host_group.id)}
