"""An account is set up: clinics, services, people and who belongs where."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.administered import find_group, invite, refuse_taken_group, refuse_taken_name
from dispatch.clinic import Clinic, Service, is_video_address
from dispatch.clinic_rules import fit_clinic, fit_service
from dispatch.contact import newly_typed_email
from dispatch.docket import review_passes
from dispatch.errors import InvalidError, NotFoundError
from dispatch.events import CONTROL, Change, EntityRef, provider_changed
from dispatch.local_time import zone_named
from dispatch.people import Actor, NewPerson, Person
from dispatch.permissions import require_administrator
from dispatch.ports import Done, Unit
from dispatch.showing import cards_of, groups_shown, rows_directed_to
from dispatch.vocabulary import ClinicId, EntityKind, GroupId, GroupKind, PersonId


@dataclass(frozen=True, slots=True)
class CreateClinic:
    """A clinic, its two groups (ids of 0 are made) and its services (ids of 0 are made)."""

    clinic: Clinic


@dataclass(frozen=True, slots=True)
class CreatePerson:
    """Somebody, with their memberships; the hash is made at the edge."""

    person: Person
    password_hash: str = ""
    schedules: frozenset[ClinicId] = frozenset()
    hosts_in: frozenset[GroupId] = frozenset()
    asks_in: frozenset[GroupId] = frozenset()
    is_invited: bool = False  # they choose a password themself, by a link that is mailed


@dataclass(frozen=True, slots=True)
class ImportPeople:
    """People of a roster who join one group; those already known by identifier are left alone."""

    people: tuple[NewPerson, ...]
    zone: str
    host_groups: frozenset[GroupId] = frozenset()
    patient_groups: frozenset[GroupId] = frozenset()


def create_clinic(command: CreateClinic, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store the clinic with groups and services.

    Raises:
        NotAllowedError: the actor is no administrator.
        InvalidError: no name, no service, or a video address that Join cannot lead to.
    """
    require_administrator(actor)
    if not command.clinic.services:
        raise InvalidError("A clinic offers at least one service.", field="services")
    if not is_video_address(command.clinic.video_url):
        raise InvalidError(
            "Give a video address such as https://video.example.org/{room}: https, or http on "
            "this machine, or a path of this site, with {room} where the room's name goes.",
            field="video_url",
        )
    draft = fit_clinic(command.clinic)
    refuse_taken_name(draft, unit)
    _check_groups(draft, actor, unit)
    clinic = unit.clinics.add(
        replace(draft, services=tuple(_offered(one, actor, unit) for one in draft.services))
    )
    about = EntityRef(EntityKind.CLINIC, clinic.id)
    unit.record(actor, Change("clinic.created", about, frozenset({CONTROL})))
    unit.record(actor, *groups_shown("clinic_created", [clinic.host_group.id]))
    return Done(about)


def _check_groups(clinic: Clinic, actor: Actor, unit: Unit) -> None:
    for kind, group, field_ in (
        (GroupKind.PATIENTS, clinic.patient_group, "patient_group"),
        (GroupKind.HOSTS, clinic.host_group, "host_group"),
    ):
        if group.id:
            find_group(kind, group.id, actor, unit)
        else:
            refuse_taken_group(kind, group, unit, field=field_)


def _offered(service: Service, actor: Actor, unit: Unit) -> Service:
    if not service.id:
        return fit_service(service)
    known = unit.services.get(actor.account_id, service.id)
    if known is None:
        raise NotFoundError("service")
    return known


def create_person(command: CreatePerson, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store the person and their memberships.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: a clinic or a group that is not the account's.
        InvalidError: no name, no such zone, or an e-mail address that is none or is taken.
    """
    require_administrator(actor)
    person = replace(command.person, account_id=actor.account_id)
    _require_own_groups(command.asks_in, command.hosts_in, actor, unit)
    if any(unit.clinics.get(actor.account_id, clinic) is None for clinic in command.schedules):
        raise NotFoundError("clinic")
    if not person.name.strip():
        raise InvalidError("Give a name.", field="name")
    zone_named(person.zone)
    person = replace(person, email=newly_typed_email(person.email, "") or None)
    if person.email and unit.people.known_emails([person.email]):
        raise InvalidError("That e-mail address already signs somebody in.", field="email")
    stored = unit.people.add(person, command.password_hash)
    for clinic in sorted(command.schedules):
        unit.clinics.add_scheduler(clinic, stored.id)
    for group in sorted(command.hosts_in):
        unit.people.join_hosts(group, [stored.id])
    for group in sorted(command.asks_in):
        unit.people.join_patients(group, [stored.id])
    unit.record(actor, _membership(stored.id))
    if command.hosts_in:
        _tell_boards([stored.id], actor, unit)
    if command.is_invited and stored.email:
        invite(stored, unit, now)
    return Done(EntityRef(EntityKind.PERSON, stored.id))


def import_people(command: ImportPeople, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store those whose identifier is new, and put all of them into the groups; twice is once.

    An e-mail address that somebody signs in with already is left out: it is no sign-in name. Who
    was in the groups before is told to nobody again.
    """
    require_administrator(actor)
    _require_own_groups(command.patient_groups, command.host_groups, actor, unit)
    wanted = {person.source_identifier: person for person in command.people}
    known = dict(unit.people.by_source(actor.account_id, wanted.keys()))
    signed_in_maybe = frozenset(known.values())  # the new ones cannot have a socket yet
    emails = [person.email for person in wanted.values() if person.email]
    taken = set(unit.people.known_emails(emails))
    for identifier, person in wanted.items():
        if identifier in known:
            continue
        email = person.email if person.email and person.email.lower() not in taken else None
        stored = unit.people.add(_person(person, email, command.zone, actor))
        known[identifier] = stored.id
        if email:
            taken.add(email.lower())
    everybody = frozenset(known.values())
    patients = _each_joins(command.patient_groups, everybody, unit.people.join_patients)
    hosts = _each_joins(command.host_groups, everybody, unit.people.join_hosts)
    unit.record(actor, *map(_membership, sorted(signed_in_maybe & (patients | hosts))))
    known_patients = sorted(signed_in_maybe & patients)
    unit.record(actor, *cards_of("joined", known_patients, command.patient_groups, unit, now))
    _tell_boards(sorted(hosts), actor, unit)
    if signed_in_maybe & hosts:  # they may be Available, and requests may name them
        _tell_of_the_known(hosts, command.host_groups, actor, unit, now)
    return Done(EntityRef(EntityKind.PERSON, len(known)))


def _require_own_groups(
    patients: Collection[GroupId], hosts: Collection[GroupId], actor: Actor, unit: Unit
) -> None:
    own_patients, own_hosts = unit.clinics.groups(actor.account_id)
    if set(patients) - own_patients or set(hosts) - own_hosts:
        raise NotFoundError("group")


def _tell_boards(hosts: Collection[PersonId], actor: Actor, unit: Unit) -> None:
    """Tell the boards that list them, and their own pages, which name their groups."""
    for host, clinics in unit.clinics.with_hosts(hosts).items():
        unit.record(actor, *provider_changed("joined", host, clinics))


def _membership(person_id: PersonId) -> Change:
    about = EntityRef(EntityKind.PERSON, person_id)
    return Change("person.membership_changed", about, frozenset({CONTROL}))


def _person(new: NewPerson, email: str | None, zone: str, actor: Actor) -> Person:
    return Person(
        id=PersonId(0),
        account_id=actor.account_id,
        name=new.name,
        zone=zone,
        email=email,
        phone=new.phone,
        birth_date=new.birth_date,
        source_identifier=new.source_identifier,
    )


def _each_joins(
    groups: Collection[GroupId],
    people: frozenset[PersonId],
    join: Callable[[GroupId, frozenset[PersonId]], frozenset[PersonId]],
) -> frozenset[PersonId]:
    """Put them into each of the groups; return those to whom one of them is new."""
    return frozenset().union(*(join(group, people) for group in sorted(groups)))


def _tell_of_the_known(
    hosts: Collection[PersonId],
    groups: Collection[GroupId],
    actor: Actor,
    unit: Unit,
    now: datetime,
) -> None:
    """Tell what waits there and may have somebody to answer it again, as for a single member."""
    found = (unit.groups.clinics(GroupKind.HOSTS, group) for group in sorted(groups))
    clinics = {clinic.id: clinic for each in found for clinic in each}
    unit.record(actor, *rows_directed_to("joined", hosts, clinics, actor.account_id, unit, now))
    review_passes(list(clinics), actor, unit, now)
