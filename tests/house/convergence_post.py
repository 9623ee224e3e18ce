"""Knows the scenes of the post: a message taken, sent, given up, and sent again."""

from collections.abc import AsyncGenerator

from dispatch.people import system_actor
from dispatch.usecases.notices import (
    SendAgain,
    SettleNotice,
    TakeNotice,
    send_again,
    settle_notice,
    take_notice,
)
from dispatch.vocabulary import NoticeId, NoticeKind, NoticeStatus
from tests.house.convergence_stage import accept, decline, scene
from tests.house.convergence_world import ADMINISTRATOR, World


async def _about(w: World, kind: NoticeKind) -> NoticeId:
    """Return the youngest notice of a kind."""
    account = w.desk.account
    posted = await w.store.read(lambda reading: reading.posted(account, only_failed=False, limit=9))
    return next(each.id for each in posted if each.kind is kind)


async def _take(w: World, notice: NoticeId) -> None:
    await w.store.perform(take_notice, TakeNotice(notice), system_actor(w.desk.account))
    await w.tell()


async def _settle(w: World, notice: NoticeId, status: NoticeStatus) -> None:
    command = SettleNotice(notice, 1, status, "refused (550)")
    await w.store.perform(settle_notice, command, system_actor(w.desk.account))
    await w.tell()


@scene(take_notice)
async def an_invitation_is_taken_to_be_sent(w: World) -> AsyncGenerator[None, None]:
    await accept(w, await w.asks("Jordan Park"), "Ana Ruiz", by="Rosa Lind")
    notice = await _about(w, NoticeKind.INVITATION)
    yield
    await _take(w, notice)


@scene(settle_notice)
async def an_invitation_is_sent(w: World) -> AsyncGenerator[None, None]:
    await accept(w, await w.asks("Jordan Park"), "Ana Ruiz", by="Rosa Lind")
    notice = await _about(w, NoticeKind.INVITATION)
    await _take(w, notice)
    yield
    await _settle(w, notice, NoticeStatus.SENT)


@scene(settle_notice)
async def word_of_a_decline_cannot_be_delivered(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    await decline(w, number)
    await w.wait(11)
    notice = await _about(w, NoticeKind.DECLINED)
    await _take(w, notice)
    yield
    await _settle(w, notice, NoticeStatus.FAILED)


@scene(send_again)
async def an_invitation_is_sent_again(w: World) -> AsyncGenerator[None, None]:
    await accept(w, await w.asks("Jordan Park"), "Ana Ruiz", by="Rosa Lind")
    notice = await _about(w, NoticeKind.INVITATION)
    await _take(w, notice)
    await _settle(w, notice, NoticeStatus.FAILED)
    yield
    await w.does(ADMINISTRATOR, send_again, SendAgain(notice))
