"""Knows the scenes of answers: accepted, declined, passed on, given back, run out."""

from collections.abc import AsyncGenerator

from dispatch.usecases.assignment import accept_request, return_to_queue
from dispatch.usecases.availability import SetAvailability, set_availability
from dispatch.usecases.refusal import (
    PassRequest,
    UndoDecline,
    decline_request,
    pass_request,
    undo_decline,
)
from dispatch.usecases.sweep import settle
from tests.house.convergence_stage import LATER, accept, decline, give_back, scene
from tests.house.convergence_world import World


@scene(accept_request)
async def accepted_for_a_provider(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    await w.asks("Mia Wells")
    await w.claims("Rosa Lind", number)
    yield
    await accept(w, number, "Ana Ruiz", by="Rosa Lind")


@scene(accept_request)
async def accepted_by_a_host_who_is_directed_to(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park", *LATER, host="Ana Ruiz")
    yield
    await accept(w, number, "Ana Ruiz", by="Ana Ruiz", time=LATER[1])


@scene(accept_request)
async def accepted_over_a_decline(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    await decline(w, number)
    yield
    await accept(w, number, "Lee Chen", by="Sam Ortiz")


@scene(accept_request)
async def accepted_after_a_pass(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    await w.does("Lee Chen", pass_request, PassRequest(number))
    yield
    await accept(w, number, "Ana Ruiz", by="Ana Ruiz")


@scene(accept_request)
async def accepted_over_another_session(w: World) -> AsyncGenerator[None, None]:
    await accept(w, await w.asks("Mia Wells", clinic="Southside"), "Ana Ruiz", by="Tom Vale")
    number = await w.asks("Jordan Park")
    yield
    await accept(w, number, "Ana Ruiz", by="Rosa Lind")


@scene(return_to_queue)
async def returned_to_its_old_place(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    await w.wait(1)
    await w.asks("Mia Wells")
    await accept(w, number, "Ana Ruiz", by="Rosa Lind")
    yield
    await give_back(w, number, by="Ana Ruiz")


@scene(return_to_queue)
async def returned_after_a_pass(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    await w.does("Lee Chen", pass_request, PassRequest(number))
    await accept(w, number, "Ana Ruiz", by="Rosa Lind")
    yield
    await give_back(w, number)


@scene(decline_request)
async def declining(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    await w.does("Lee Chen", pass_request, PassRequest(number))
    yield
    await decline(w, number)


@scene(decline_request)
async def declining_by_the_directed_host(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park", LATER[0], host="Ana Ruiz")
    yield
    await decline(w, number, by="Ana Ruiz")


@scene(decline_request)
async def declined_after_it_was_given_back(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park", *LATER)
    await accept(w, number, "Ana Ruiz", "Rosa Lind")
    await give_back(w, number)
    yield  # the patient's page still shows the visit that was called off
    await decline(w, number)


@scene(undo_decline)
async def undone(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    await decline(w, number)
    await w.wait(9)
    yield
    await w.does("Sam Ortiz", undo_decline, UndoDecline(number))


@scene(settle)
async def a_decline_falls_due(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    await w.does("Lee Chen", pass_request, PassRequest(number))
    await decline(w, number)
    yield
    await w.wait(10)


@scene(settle)
async def a_now_request_expires(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    await w.does("Lee Chen", pass_request, PassRequest(number))
    yield
    await w.wait(4 * 3600)


@scene(settle)
async def a_scheduled_request_expires(w: World) -> AsyncGenerator[None, None]:
    await w.asks("Jordan Park", LATER[0], clinic="Eastside")
    yield
    await w.wait(5 * 3600)


@scene(pass_request)
async def passed_by_one(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    yield
    await w.does("Ana Ruiz", pass_request, PassRequest(number, "At lunch"))


@scene(pass_request)
async def passed_by_the_last_who_is_available(w: World) -> AsyncGenerator[None, None]:
    await w.does("Ana Ruiz", set_availability, SetAvailability(is_on=True))
    number = await w.asks("Jordan Park")
    yield
    await w.does("Ana Ruiz", pass_request, PassRequest(number))
