"""Knows the scenes of links: what they are sent for, and what happens on their pages."""

from collections.abc import AsyncGenerator

from dispatch.line import Estimate
from dispatch.people import system_actor
from dispatch.usecases.intake import DismissAnswer, dismiss_answer
from dispatch.usecases.lines import KeepEstimate, keep_estimate
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


@scene(keep_estimate)
async def somebody_is_told_how_long_it_takes(w: World) -> AsyncGenerator[None, None]:
    request = await w.request(await w.asks("Jordan Park"))
    yield
    command = KeepEstimate(request.id, Estimate(5, 15))
    await w.store.perform(keep_estimate, command, system_actor(w.desk.account))
    await w.tell()
