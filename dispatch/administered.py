"""What use cases of administrators share: their own clinic, group or person, or nothing at all."""

from dataclasses import replace
from datetime import datetime

from dispatch.clinic import Clinic, Group
from dispatch.errors import InvalidError, NotFoundError
from dispatch.events import EntityRef
from dispatch.people import Actor, Person
from dispatch.permissions import require_administrator
from dispatch.ports import Unit
from dispatch.vocabulary import (
    ClinicId,
    EntityKind,
    GroupId,
    GroupKind,
    NoticeKind,
    PersonId,
)


def find_clinic(clinic_id: ClinicId, actor: Actor, unit: Unit) -> Clinic:
    """Return the clinic, held until commit, so that nobody asks in it meanwhile unseen.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: it is not the account's.
    """
    require_administrator(actor)
    unit.clinics.lock(clinic_id)
    clinic = unit.clinics.get(actor.account_id, clinic_id)
    if clinic is None:
        raise NotFoundError("clinic")
    return clinic


def find_group(kind: GroupKind, group_id: GroupId, actor: Actor, unit: Unit) -> Group:
    """Return the group.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: it is not the account's.
    """
    require_administrator(actor)
    group = unit.groups.get(actor.account_id, kind, group_id)
    if group is None:
        raise NotFoundError("group")
    return group


def find_person(person_id: PersonId, actor: Actor, unit: Unit) -> Person:
    """Return the person.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: they are not the account's.
    """
    require_administrator(actor)
    person = unit.people.get(actor.account_id, person_id)
    if person is None:
        raise NotFoundError("person")
    return person


def invite(person: Person, unit: Unit, now: datetime) -> None:
    """Mail somebody the link by which they choose a password; an earlier one is worthless now."""
    invited_at = now.replace(microsecond=0)
    unit.people.save(replace(person, invited_at=invited_at))
    about = EntityRef(EntityKind.PERSON, person.id)
    unit.notify(NoticeKind.WELCOME, [person.id], about, int(invited_at.timestamp()))


def refuse_taken_name(clinic: Clinic, unit: Unit) -> None:
    """Let a clinic pass that is called as no other of the account.

    Raises:
        InvalidError: another one is called that.
    """
    for other in unit.clinics.of_account(clinic.account_id):
        if other.id != clinic.id and other.name.casefold() == clinic.name.casefold():
            which = "An archived" if other.is_archived else "Another"
            raise InvalidError(f"{which} clinic is called that already.", field="name")


def refuse_taken_group(kind: GroupKind, group: Group, unit: Unit, *, field: str = "name") -> None:
    """Let a group pass that is called as no other of its kind.

    Raises:
        InvalidError: another one is called that.
    """
    for other in unit.groups.of_account(group.account_id, kind):
        if other.id != group.id and other.name.casefold() == group.name.casefold():
            raise InvalidError(f"There is a group {other.name} already.", field=field)
