"""The post of the demo's past: every message was delivered when it was written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from dispatch.events import EntityRef
from dispatch.people import Actor, system_actor
from dispatch.ports import Done, Store, Unit
from dispatch.usecases.notices import SettleNotice, TakeNotice, settle_notice, take_notice
from dispatch.vocabulary import EntityKind, NoticeId, NoticeStatus

_MOST = 500


@dataclass(frozen=True, slots=True)
class Deliver:
    """Messages of one account that have gone out."""

    notices: Sequence[NoticeId]


async def deliver(store: Store, now: datetime) -> None:
    """Let everything that waits have been sent."""
    due = await store.read(lambda reading: reading.due_notices(now, _MOST))
    for account, notices in groupby(due, itemgetter(0)):
        command = Deliver([notice for _, notice in notices])
        await store.perform(_delivered, command, system_actor(account))


def _delivered(command: Deliver, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Take and settle them all in one transaction: the past has nobody who waits for it."""
    for notice in command.notices:
        take_notice(TakeNotice(notice), actor, unit, now)
        settle_notice(SettleNotice(notice, 1, NoticeStatus.SENT), actor, unit, now)
    return Done(EntityRef(EntityKind.NOTICE, command.notices[-1]))
