"""Who may ask and who may answer: groups, and who is in them. Rights change with the commit."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.administered import find_group, find_person, refuse_taken_group
from dispatch.clinic import Group
from dispatch.docket import release_claims, review_passes
from dispatch.events import CONTROL, Change, EntityRef, provider_changed
from dispatch.people import Actor
from dispatch.permissions import require_administrator
from dispatch.ports import Done, Unit
from dispatch.seen import group_seen, refuse_unseen
from dispatch.showing import cards_of, groups_shown, rows_directed_to, rows_showing
from dispatch.vocabulary import EntityKind, GroupId, GroupKind, PersonId
from dispatch.wording import a_name


@dataclass(frozen=True, slots=True)
class CreateGroup:
    """A group with nobody in it."""

    kind: GroupKind
    name: str


@dataclass(frozen=True, slots=True)
class RenameGroup:
    """Another name for a group."""

    kind: GroupKind
    group_id: GroupId
    name: str
    seen: str | None = None  # what the form was filled from


@dataclass(frozen=True, slots=True)
class AddMember:
    """Put somebody into a group."""

    kind: GroupKind
    group_id: GroupId
    person_id: PersonId


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """Take somebody out of a group."""

    kind: GroupKind
    group_id: GroupId
    person_id: PersonId


def create_group(command: CreateGroup, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store it.

    Raises:
        NotAllowedError: the actor is no administrator.
        InvalidError: no name, or one that another group of the kind has.
    """
    require_administrator(actor)
    draft = Group(GroupId(0), actor.account_id, a_name(command.name, of="the group a name"))
    refuse_taken_group(command.kind, draft, unit)
    group = unit.groups.add(actor.account_id, command.kind, draft.name)
    about = EntityRef(_ENTITY[command.kind], group.id)
    unit.record(actor, Change("group.created", about, frozenset({CONTROL})))
    return Done(about)


def rename_group(command: RenameGroup, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store the name and tell every row and page that shows it.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: it is not the account's.
        InvalidError: no name, or one that another group of the kind has.
        StaleError: somebody changed it since the form was filled.
    """
    unit.accounts.lock(actor.account_id)
    kind, group = command.kind, find_group(command.kind, command.group_id, actor, unit)
    name = a_name(command.name, of="the group a name")
    refuse_taken_group(kind, replace(group, name=name), unit)
    about = EntityRef(_ENTITY[kind], group.id)
    if name == group.name:
        return Done(about, was_there=True)
    refuse_unseen(command.seen, group_seen(group))
    unit.groups.rename(kind, group.id, name)
    unit.record(actor, Change("group.renamed", about, frozenset({CONTROL})))
    clinics = [clinic.id for clinic in unit.groups.clinics(kind, group.id)]
    rows = rows_showing("group_renamed", actor.account_id, unit, now, clinics=clinics)
    unit.record(actor, *rows)
    if kind is GroupKind.HOSTS:
        unit.record(actor, *groups_shown("renamed", [group.id]))
    return Done(about)


def add_member(command: AddMember, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Let somebody ask or answer where the group does; doing it twice changes nothing.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: the group or the person is not the account's.
    """
    kind, group = command.kind, find_group(command.kind, command.group_id, actor, unit)
    person = find_person(command.person_id, actor, unit).id
    about = EntityRef(EntityKind.PERSON, person)
    if unit.groups.holds(kind, group.id, person):
        return Done(about, was_there=True)
    if kind is GroupKind.PATIENTS:
        unit.people.join_patients(group.id, [person])
    else:
        unit.people.join_hosts(group.id, [person])
    _tell("joined", kind, group, person, actor, unit, now)
    return Done(about)


def remove_member(command: RemoveMember, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Take that right away at once: a host's sockets close, boards and dialogs lose them.

    Sessions that were accepted stay theirs; a request directed to them stays for the schedulers. A
    patient keeps what they asked for, with its pages and their streams, and asks for nothing new.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: the group or the person is not the account's.
    """
    kind, group = command.kind, find_group(command.kind, command.group_id, actor, unit)
    person = find_person(command.person_id, actor, unit).id
    about = EntityRef(EntityKind.PERSON, person)
    if not unit.groups.holds(kind, group.id, person):
        return Done(about, was_there=True)
    unit.groups.leave(kind, group.id, person)
    _tell("left", kind, group, person, actor, unit, now)
    return Done(about)


_ENTITY = {GroupKind.PATIENTS: EntityKind.PATIENT_GROUP, GroupKind.HOSTS: EntityKind.HOST_GROUP}


def _tell(
    verb: str,
    kind: GroupKind,
    group: Group,
    person: PersonId,
    actor: Actor,
    unit: Unit,
    now: datetime,
) -> None:
    about = EntityRef(EntityKind.PERSON, person)
    what = "patients" if kind is GroupKind.PATIENTS else "hosts"
    unit.record(actor, Change(f"person.{verb}_{what}", about, frozenset({CONTROL})))
    if kind is GroupKind.PATIENTS:
        unit.record(actor, *cards_of(verb, [person], [group.id], unit, now))
        return
    clinics = unit.groups.clinics(kind, group.id)
    unit.record(actor, *provider_changed(verb, person, [clinic.id for clinic in clinics]))
    by_id = {clinic.id: clinic for clinic in clinics}
    if verb == "left":
        release_claims(person, by_id, actor, unit, now)
    unit.record(actor, *rows_directed_to(verb, [person], by_id, actor.account_id, unit, now))
    review_passes(list(by_id), actor, unit, now)
