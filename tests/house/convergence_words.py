"""Knows the scenes of what a clinic keeps ready to say, and of whom it alerts."""

from collections.abc import AsyncGenerator

from dispatch.usecases.alerts import SetAlerts, set_alerts
from dispatch.usecases.replies import (
    MoveReply,
    RemoveReply,
    SaveReply,
    WordDeclines,
    move_reply,
    remove_reply,
    save_reply,
    word_declines,
)
from dispatch.usecases.sweep import settle
from dispatch.vocabulary import ClinicId, DeclineReason, ReplyId
from tests.house.convergence_stage import LATER, scene
from tests.house.convergence_world import ADMINISTRATOR, World


def north(w: World) -> ClinicId:
    return w.desk.clinics["Northside"].id


async def keep(w: World, *titles: str) -> list[ReplyId]:
    """Save replies of Northside; return the ids of all that there are."""
    for title in titles:
        command = SaveReply(north(w), title, f"{title}: come in.\n<b>Soon</b>")
        await w.does(ADMINISTRATOR, save_reply, command)
    kept = await w.store.read(lambda reading: reading.saved_replies(north(w)))
    return [reply.id for reply in kept]


async def both_wait(w: World) -> None:
    await w.asks("Jordan Park")
    await w.asks("Mia Wells", LATER[0], host="Ana Ruiz")


@scene(save_reply)
async def a_reply_is_saved(w: World) -> AsyncGenerator[None, None]:
    await both_wait(w)
    yield
    await keep(w, "Hello")


@scene(save_reply)
async def a_reply_gets_other_words(w: World) -> AsyncGenerator[None, None]:
    await both_wait(w)
    [reply] = await keep(w, "Hello")
    yield
    await w.does(ADMINISTRATOR, save_reply, SaveReply(north(w), "Hello", "Other.", reply))


@scene(move_reply)
async def a_reply_moves_up(w: World) -> AsyncGenerator[None, None]:
    await both_wait(w)
    replies = await keep(w, "Hello", "Goodbye")
    yield
    await w.does(ADMINISTRATOR, move_reply, MoveReply(north(w), replies[1], is_up=True))


@scene(remove_reply)
async def a_reply_goes(w: World) -> AsyncGenerator[None, None]:
    await both_wait(w)
    replies = await keep(w, "Hello", "Goodbye")
    yield
    await w.does(ADMINISTRATOR, remove_reply, RemoveReply(north(w), replies[0]))


@scene(word_declines)
async def declines_are_worded(w: World) -> AsyncGenerator[None, None]:
    await both_wait(w)
    yield
    sentences = ((DeclineReason.OTHER, "We are sorry."), (DeclineReason.DUPLICATE, "Again?"))
    await w.does(ADMINISTRATOR, word_declines, WordDeclines(north(w), sentences))


@scene(set_alerts)
async def an_address_to_alert(w: World) -> AsyncGenerator[None, None]:
    await both_wait(w)
    yield
    await w.does(ADMINISTRATOR, set_alerts, SetAlerts(north(w), "on-call@clinic.example", 2))


@scene(settle)
async def a_late_request_that_nobody_looks_at_is_escalated(w: World) -> AsyncGenerator[None, None]:
    await both_wait(w)
    await w.does(ADMINISTRATOR, set_alerts, SetAlerts(north(w), "on-call@clinic.example", 2))
    yield
    await w.wait(7 * 60)


@scene(settle)
async def schedulers_are_reminded(w: World) -> AsyncGenerator[None, None]:
    await both_wait(w)
    yield
    await w.wait(3 * 3600)
