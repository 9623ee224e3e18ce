"""The account itself: what it is called, and the zone that new things of it start with."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.events import CONTROL, Change, EntityRef
from dispatch.local_time import zone_named
from dispatch.people import Actor
from dispatch.permissions import require_administrator
from dispatch.ports import Done, Unit
from dispatch.seen import account_seen, refuse_unseen
from dispatch.vocabulary import EntityKind
from dispatch.wording import a_name


@dataclass(frozen=True, slots=True)
class ChangeAccount:
    """Another name or zone."""

    name: str
    zone: str
    seen: str | None = None  # what the form was filled from


def change_account(command: ChangeAccount, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store them; no row of anybody's shows either.

    Raises:
        NotAllowedError: the actor is no administrator.
        InvalidError: no name, or no such zone.
        StaleError: somebody changed it since the form was filled.
    """
    require_administrator(actor)
    zone_named(command.zone)
    unit.accounts.lock(actor.account_id)
    account = unit.accounts.get(actor.account_id)
    about = EntityRef(EntityKind.ACCOUNT, account.id)
    changed = replace(account, name=a_name(command.name), zone=command.zone)
    if changed == account:
        return Done(about, was_there=True)
    refuse_unseen(command.seen, account_seen(account))
    unit.accounts.save(changed)
    unit.record(actor, Change("account.changed", about, frozenset({CONTROL})))
    return Done(about)
