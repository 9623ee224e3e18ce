"""Who acts for the hosts of a clinic."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.administered import find_clinic, find_person
from dispatch.docket import release_claims
from dispatch.events import CONTROL, Change, EntityRef
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.vocabulary import ClinicId, EntityKind, PersonId


@dataclass(frozen=True, slots=True)
class AddScheduler:
    """Let somebody schedule for a clinic."""

    clinic_id: ClinicId
    person_id: PersonId


@dataclass(frozen=True, slots=True)
class RemoveScheduler:
    """Take that right away."""

    clinic_id: ClinicId
    person_id: PersonId


def add_scheduler(command: AddScheduler, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Let them see and answer the clinic's requests; doing it twice changes nothing.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: the clinic or the person is not the account's.
    """
    clinic = find_clinic(command.clinic_id, actor, unit).id
    person = find_person(command.person_id, actor, unit).id
    about = EntityRef(EntityKind.PERSON, person)
    if clinic in unit.people.schedules(person):
        return Done(about, was_there=True)
    unit.clinics.add_scheduler(clinic, person)
    unit.record(actor, Change("person.joined_schedulers", about, frozenset({CONTROL})))
    return Done(about)


def remove_scheduler(command: RemoveScheduler, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Close the clinic's board for them at once, and let go of what they were deciding there.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: the clinic or the person is not the account's.
    """
    clinic = find_clinic(command.clinic_id, actor, unit).id
    person = find_person(command.person_id, actor, unit).id
    about = EntityRef(EntityKind.PERSON, person)
    if clinic not in unit.people.schedules(person):
        return Done(about, was_there=True)
    unit.clinics.remove_scheduler(clinic, person)
    unit.record(actor, Change("person.left_schedulers", about, frozenset({CONTROL})))
    release_claims(person, [clinic], actor, unit, now)
    return Done(about)
