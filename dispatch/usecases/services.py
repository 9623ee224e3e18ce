"""What can be asked for: services are made and described here, and offered by clinics."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.clinic import Service
from dispatch.clinic_rules import fit_service
from dispatch.errors import NotFoundError
from dispatch.events import CONTROL, Change, EntityRef
from dispatch.people import Actor
from dispatch.permissions import require_administrator
from dispatch.ports import Done, Unit
from dispatch.seen import refuse_unseen, service_seen
from dispatch.showing import rows_showing
from dispatch.vocabulary import EntityKind, ServiceId


@dataclass(frozen=True, slots=True)
class CreateService:
    """A service that no clinic offers yet."""

    name: str
    description: str
    duration_minutes: int
    payment_required: str = ""


@dataclass(frozen=True, slots=True)
class ChangeService:
    """Another name, description, payment or duration; sessions that exist keep their times."""

    service_id: ServiceId
    name: str
    description: str
    duration_minutes: int
    payment_required: str = ""
    seen: str | None = None  # what the form was filled from


def create_service(command: CreateService, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store it (S5).

    Raises:
        NotAllowedError: the actor is no administrator.
        InvalidError: it has no name, or lasts no time or too long.
    """
    require_administrator(actor)
    service = unit.services.add(_service(ServiceId(0), command, actor))
    about = EntityRef(EntityKind.SERVICE, service.id)
    unit.record(actor, Change("service.created", about, frozenset({CONTROL})))
    return Done(about)


def change_service(command: ChangeService, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store it and tell every open row that names it.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: it is not the account's.
        InvalidError: it has no name, or lasts no time or too long.
        StaleError: somebody changed it since the form was filled.
    """
    require_administrator(actor)
    unit.accounts.lock(actor.account_id)
    was = unit.services.get(actor.account_id, command.service_id)
    if was is None:
        raise NotFoundError("service")
    changed = _service(was.id, command, actor)
    about = EntityRef(EntityKind.SERVICE, was.id)
    if changed == was:
        return Done(about, was_there=True)
    refuse_unseen(command.seen, service_seen(was))
    unit.services.save(changed)
    unit.record(actor, Change("service.changed", about, frozenset({CONTROL})))
    rows = rows_showing("service_changed", actor.account_id, unit, now, service=was.id)
    unit.record(actor, *rows)
    return Done(about)


def _service(key: ServiceId, command: CreateService | ChangeService, actor: Actor) -> Service:
    return fit_service(
        Service(
            id=key,
            account_id=actor.account_id,
            name=command.name,
            description=command.description,
            duration_minutes=command.duration_minutes,
            payment_required=command.payment_required,
        )
    )
