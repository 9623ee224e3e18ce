"""The account itself: what it is called, and the zone that new things of it start with."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.events import CONTROL, Change, EntityRef
from dispatch.local_time import zone_named
from dispatch.people import Actor
from dispatch.permissions import require_administrator
from dispatch.ports import Done, Unit
from dispatch.vocabulary import EntityKind
from dispatch.wording import a_name


@dataclass(frozen=True, slots=True)
class ChangeAccount:
    """Another name or zone."""

    name: str
    zone: str


def change_account(command: ChangeAccount, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store them; no row of anybody's shows either.

    Raises:
        NotAllowedError: the actor is no administrator.
        InvalidError: no name, or no such zone.
    """
    require_administrator(actor)
    zone_named(command.zone)
    account = unit.accounts.get(actor.account_id)
    about = EntityRef(EntityKind.ACCOUNT, account.id)
    changed = replace(account, name=a_name(command.name), zone=command.zone)
    if changed == account:
        return Done(about, was_there=True)
    unit.accounts.save(changed)
    unit.record(actor, Change("account.changed", about, frozenset({CONTROL})))
    return Done(about)
