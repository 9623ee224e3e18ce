"""The post: takes notices out of the outbox, hands them to the mail server, and notes what it said.

It works beside the desk: a mail server that refuses, hangs or is away slows nobody down.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from dispatch.errors import DispatchError, NotFoundError
from dispatch.letter import Letter, Mail, MailProblemError, Words
from dispatch.people import Actor, system_actor
from dispatch.ports import Store
from dispatch.usecases.booking_confirmation import GiveLink, give_link
from dispatch.usecases.notices import SettleNotice, TakeNotice, settle_notice, take_notice
from dispatch.vocabulary import AccountId, NoticeId, NoticeStatus
from server.clock import Clock
from server.tokens import hash_of, new_token

PAUSE_SECONDS = 1.0
BATCH = 100
AT_ONCE = 4  # messages under way, each on a connection of its own

Sleep = Callable[[float], Awaitable[None]]
Chance = Callable[[], float]  # from 0 to 1
log = logging.getLogger(__name__)


class Wording(Protocol):
    """Puts a letter into words."""

    def words(self, letter: Letter) -> Words: ...


class Post:
    """One per process; of several processes one gets each notice."""

    def __init__(self, store: Store, mail: Mail, wording: Wording, clock: Clock, chance: Chance):
        self._store = store
        self._mail = mail
        self._wording = wording
        self._clock = clock
        self._chance = chance

    async def run(self, sleep: Sleep = asyncio.sleep) -> None:
        """Work until cancelled; a database that is away is tried again, never given up."""
        while True:
            try:
                count = await self.go_once()
            except Exception as error:  # noqa: BLE001 - whatever storage raises, mail goes on
                log.warning("post: failed: %s", type(error).__name__)
                count = 0
            if count < BATCH:
                await sleep(PAUSE_SECONDS)

    async def go_once(self) -> int:
        """Try everything that is due now, some at a time; return how many that was."""
        now = self._clock.now()
        due = await self._store.read(lambda reading: reading.due_notices(now, BATCH))
        free = asyncio.Semaphore(AT_ONCE)

        async def one(account: AccountId, notice_id: NoticeId) -> None:
            async with free:
                await self._try(account, notice_id)

        async with asyncio.TaskGroup() as tasks:
            for account, notice_id in due:
                tasks.create_task(one(account, notice_id))
        return len(due)

    async def _try(self, account: AccountId, notice_id: NoticeId) -> None:
        actor = system_actor(account)
        try:
            taken = await self._store.perform(take_notice, TakeNotice(notice_id), actor)
            if taken.was_there:
                return
            await self._store.perform(settle_notice, await self._send(notice_id, actor), actor)
        except DispatchError as error:
            log.info("post: notice %s left: %s", notice_id, error.code)
        except Exception as error:  # noqa: BLE001 - one that cannot be settled holds up nobody
            log.warning("post: notice %s: %s", notice_id, type(error).__name__)

    async def _send(self, notice_id: NoticeId, actor: Actor) -> SettleNotice:
        letter = await self._store.read(lambda reading: reading.letter(notice_id))
        if letter is None:
            raise NotFoundError("message")
        tries = letter.tries
        if not letter.address:
            return SettleNotice(notice_id, tries, NoticeStatus.NO_ADDRESS)
        letter = await with_link(letter, self._store, actor)
        try:
            await self._mail.send(letter, self._wording.words(letter))
        except MailProblemError as problem:
            log.warning("post: notice %s: %s", notice_id, problem.reason)
            status = NoticeStatus.FAILED if problem.is_final else NoticeStatus.WAITING
            return SettleNotice(notice_id, tries, status, problem.reason, self._chance())
        return SettleNotice(notice_id, tries, NoticeStatus.SENT)


async def with_link(letter: Letter, store: Store, actor: Actor) -> Letter:
    """Return the letter with a link of its own, where its link lets in; its word is kept nowhere.

    Each try carries another: all of them work.
    """
    if not letter.needs_token:
        return letter
    token = new_token()
    await store.perform(give_link, GiveLink(letter.notice_id, hash_of(token)), actor)
    return replace(letter, token=token)
