"""People as an administrator looks after them, and the password that they choose themselves."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.administered import find_person, invite
from dispatch.contact import newly_typed_email
from dispatch.errors import InvalidError, NotAllowedError, NotFoundError
from dispatch.events import CONTROL, Change, EntityRef, logins_ended, provider_changed
from dispatch.local_time import zone_named
from dispatch.people import Actor, Person
from dispatch.ports import Done, Unit
from dispatch.seen import person_seen, refuse_unseen
from dispatch.showing import rows_showing
from dispatch.vocabulary import EntityKind, PersonId
from dispatch.welcome import is_open
from dispatch.wording import a_name


@dataclass(frozen=True, slots=True)
class ChangePerson:
    """What an administrator may correct; roles follow from groups and clinics."""

    person_id: PersonId
    name: str
    email: str | None
    phone: str | None
    zone: str
    is_administrator: bool
    seen: str | None = None  # what the form was filled from


@dataclass(frozen=True, slots=True)
class InvitePerson:
    """Send somebody the link by which they choose a password, or another one."""

    person_id: PersonId


@dataclass(frozen=True, slots=True)
class ChoosePassword:
    """What somebody who was invited sent; the hash is made at the edge."""

    person_id: PersonId
    invited_at: datetime
    password_hash: str


@dataclass(frozen=True, slots=True)
class EndSignIns:
    """Sign somebody out everywhere."""

    person_id: PersonId


def change_person(command: ChangePerson, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Keep it; every open row of the account is told of what it shows of them.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: nobody of this account.
        InvalidError: no name, no such zone, an address that is none or is taken, or nobody would
            be left who can set the account up.
        StaleError: somebody changed it since the form was filled.
    """
    unit.accounts.lock(actor.account_id)  # of two who take each other's right one keeps theirs
    unit.hosts.lock([command.person_id])  # an invitation that is answered meanwhile stays so
    was = find_person(command.person_id, actor, unit)
    zone_named(command.zone)
    person = replace(
        was,
        name=a_name(command.name, of="them a name"),
        email=newly_typed_email(command.email, was.email or "") or None,
        phone=command.phone,
        zone=command.zone,
        is_administrator=command.is_administrator,
    )
    _check_address(was, person, actor, unit)
    if was.is_administrator and not person.is_administrator:
        _check_administrators(was, actor, unit)
    if person.email != was.email:  # what was mailed to the old address lets nobody in
        person = replace(person, invited_at=None, moved_at=now if was.email else was.moved_at)
    about = EntityRef(EntityKind.PERSON, was.id)
    if person == was:
        return Done(about, was_there=True)
    refuse_unseen(command.seen, person_seen(was))
    unit.people.save(person)
    unit.record(actor, Change("person.changed", about, frozenset({CONTROL})))
    clinics = [clinic.id for clinic in unit.clinics.with_host(was.id)]
    if clinics:
        unit.record(actor, *provider_changed("changed", was.id, clinics))
    if person.name != was.name or bool(person.email) != bool(was.email):
        # a patient's page says whether they are told by e-mail
        unit.record(actor, *rows_showing("person_renamed", actor.account_id, unit, now))
    return Done(about)


def invite_person(command: InvitePerson, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Mail them a link; the one before is worthless from now on.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: nobody of this account.
        InvalidError: they have no address, or are disabled.
    """
    unit.hosts.lock([command.person_id])  # what is changed of them meanwhile stays so
    person = find_person(command.person_id, actor, unit)
    if not person.email:
        raise InvalidError("Give them an e-mail address first: it is what they sign in with.")
    if person.is_disabled:
        raise InvalidError("Enable them first.")
    invite(person, unit, now)
    about = EntityRef(EntityKind.PERSON, person.id)
    unit.record(actor, Change("person.invited", about, frozenset()))
    return Done(about)


def choose_password(command: ChoosePassword, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Keep the password, once; whoever is signed in as them is signed out.

    Raises:
        NotAllowedError: the actor is a person, who could only guess whose link it is.
        NotFoundError: the invitation is answered, too old, or was sent again.
    """
    if not actor.is_system:
        raise NotAllowedError("Open the link that was sent to you.")
    unit.hosts.lock([command.person_id])  # of two who hold the link one finds it answered
    person = unit.people.get(actor.account_id, command.person_id)
    if person is None or not is_open(person, command.invited_at, now):
        raise NotFoundError("invitation")
    unit.people.save(replace(person, invited_at=None))
    unit.people.set_password(person.id, command.password_hash)
    ended = logins_ended(unit.logins.end_all(person.id, now))
    about = EntityRef(EntityKind.PERSON, person.id)
    unit.record(actor, Change("person.password_chosen", about, frozenset({CONTROL})), *ended)
    return Done(about)


def end_sign_ins(command: EndSignIns, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Sign them out on every device; their open pages close within two seconds.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: nobody of this account.
    """
    person = find_person(command.person_id, actor, unit)
    ended = logins_ended(unit.logins.end_all(person.id, now))
    about = EntityRef(EntityKind.PERSON, person.id)
    unit.record(actor, Change("person.signed_out", about, frozenset({CONTROL})), *ended)
    return Done(about)


def _check_address(was: Person, person: Person, actor: Actor, unit: Unit) -> None:
    is_new = bool(person.email) and person.email != was.email
    if is_new and unit.people.known_emails([person.email or ""]):
        raise InvalidError("That e-mail address already signs somebody in.", field="email")
    if person.is_administrator and not person.email:
        raise InvalidError("An administrator needs an e-mail address to sign in.", field="email")


def _check_administrators(was: Person, actor: Actor, unit: Unit) -> None:
    if was.id == actor.person_id:
        raise InvalidError(
            "You can't take this from yourself. Ask another administrator.",
            field="is_administrator",
        )
    if not set(unit.people.administrators(actor.account_id)) - {was.id}:
        raise InvalidError("Somebody has to stay administrator.", field="is_administrator")
