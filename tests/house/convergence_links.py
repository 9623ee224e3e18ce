"""Knows the scenes of links: what they are sent for, and what happens on their pages."""

from collections.abc import AsyncGenerator

from dispatch.people import system_actor
from dispatch.usecases.intake import DismissAnswer, dismiss_answer
from dispatch.usecases.links import SendLinks, send_links
from tests.house.convergence_stage import decline, scene
from tests.house.convergence_world import World


@scene(send_links)
async def a_new_link_is_sent(w: World) -> AsyncGenerator[None, None]:
    await w.asks("Jordan Park")
    yield
    command = SendLinks(w.desk.people["Jordan Park"].person_id)
    await w.store.perform(send_links, command, system_actor(w.desk.account))
    await w.tell()


@scene(dismiss_answer)
async def an_answer_is_put_aside(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    await decline(w, number)
    await w.wait(11)
    yield
    await w.does("Jordan Park", dismiss_answer, DismissAnswer(number))
