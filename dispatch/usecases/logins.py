"""Signing in and out, and an administrator's right to end both for somebody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.docket import review_passes
from dispatch.errors import InvalidError, NotAllowedError, NotFoundError
from dispatch.events import CONTROL, Change, EntityRef, logins_ended, provider_changed
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.vocabulary import EntityKind, LoginId, PersonId

STAFF_SIGN_IN = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class BeginLogin:
    """Sign in whom the edge has authenticated; only the hash of the token is kept.

    ``password_hash`` is what their password was held against, if that is how.
    """

    token_hash: str
    lasts: timedelta = STAFF_SIGN_IN
    password_hash: str | None = None


@dataclass(frozen=True, slots=True)
class EndLogin:
    """Sign out: every socket of this sign-in closes, on every worker."""

    login_id: LoginId


@dataclass(frozen=True, slots=True)
class SetDisabled:
    """Disable or enable a person of one's account."""

    person_id: PersonId
    is_disabled: bool


def begin_login(command: BeginLogin, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Open a sign-in; its id is always new, so a planted one is worth nothing.

    Raises:
        NotAllowedError: they have another password by now. To look at the one that was typed takes
            its time, and whoever chose a new one meanwhile has signed everybody out.
    """
    if command.password_hash is not None:
        unit.hosts.lock([actor.person_id])  # who chooses one holds it too
        if not unit.people.has_password(actor.person_id, command.password_hash):
            raise NotAllowedError("That password was changed just now.")
    login = unit.logins.add(command.token_hash, actor.person_id, now, now + command.lasts)
    about = EntityRef(EntityKind.LOGIN, login)
    unit.record(actor, Change("login.begun", about, frozenset()))
    return Done(about)


def end_login(command: EndLogin, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Close one's own; closing twice, or what is another's, changes nothing."""
    unit.logins.end(command.login_id, actor.person_id, now)
    about = EntityRef(EntityKind.LOGIN, command.login_id)
    unit.record(actor, Change("login.ended", about, frozenset({CONTROL})))
    return Done(about)


def set_disabled(command: SetDisabled, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Disable somebody: their sign-ins end and their sockets close within two seconds.

    Raises:
        NotAllowedError: the actor is no administrator.
        InvalidError: it is the actor themself.
        NotFoundError: nobody of this account.
    """
    if not actor.is_administrator:
        raise NotAllowedError("Only an administrator can do that.")
    unit.accounts.lock(actor.account_id)
    if unit.people.get(actor.account_id, command.person_id) is None:
        raise NotFoundError("person")
    if command.person_id == actor.person_id:
        raise InvalidError("You can't disable yourself. Ask another administrator.")
    # Held until commit, so that of two who disable each other one finds out, and stays.
    if command.is_disabled and actor.person_id not in unit.people.administrators(actor.account_id):
        raise NotAllowedError("Only an administrator can do that.")
    unit.people.set_disabled(command.person_id, now if command.is_disabled else None)
    ended = unit.logins.end_all(command.person_id, now) if command.is_disabled else ()
    about = EntityRef(EntityKind.PERSON, command.person_id)
    kind = "disabled" if command.is_disabled else "enabled"
    unit.record(actor, Change(f"person.{kind}", about, frozenset({CONTROL})), *logins_ended(ended))
    clinics = [clinic.id for clinic in unit.clinics.with_host(command.person_id)]
    if clinics:  # boards list the providers who can be chosen
        unit.record(actor, *provider_changed(kind, command.person_id, clinics))
        review_passes(clinics, actor, unit, now)
    return Done(about)
