"""The post of the demo's past: every message was delivered when it was written."""

from datetime import datetime

from dispatch.people import system_actor
from dispatch.ports import Store
from dispatch.usecases.notices import SettleNotice, TakeNotice, settle_notice, take_notice
from dispatch.vocabulary import NoticeStatus

_MOST = 500


async def deliver(store: Store, now: datetime) -> None:
    """Let everything that waits have been sent."""
    for account, notice in await store.read(lambda reading: reading.due_notices(now, _MOST)):
        system = system_actor(account)
        await store.perform(take_notice, TakeNotice(notice), system)
        sent = SettleNotice(notice, 1, NoticeStatus.SENT)
        await store.perform(settle_notice, sent, system)
