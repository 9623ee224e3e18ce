"""Knows what a scene is: what comes before, and then, after its `yield`, the use case it is about."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

from dispatch.usecases.assignment import (
    UNAVAILABLE,
    AcceptRequest,
    ReturnToQueue,
    accept_request,
    return_to_queue,
)
from dispatch.usecases.refusal import DeclineRequest, decline_request
from dispatch.vocabulary import RequestNumber
from tests.builders import NOON, hours
from tests.house.convergence_world import World

Scene = Callable[[World], AsyncGenerator[None, None]]
SCENES: dict[str, tuple[Any, Scene]] = {}  # name -> the use case it is about, and how it goes
LATER = (NOON + hours(5), NOON + hours(7), NOON + hours(26))


def scene(usecase: Any) -> Callable[[Scene], Scene]:
    def entered(play: Scene) -> Scene:
        SCENES[play.__name__] = (usecase, play)
        return play

    return entered


async def accept(w: World, number: RequestNumber, host: str, by: str, **more: Any) -> None:
    """Accept it, yes to whatever is asked back."""
    request = await w.request(number)
    near = {f"session:{i}" for i in range(1, 20)}
    command = AcceptRequest(
        number=number,
        expected_version=request.version,
        host_id=w.desk.people[host].person_id,
        time=more.pop("time", request.times[0] if request.times else None),
        response="See you soon.",
        confirmed=frozenset({UNAVAILABLE, *near}),
    )
    await w.does(by, accept_request, command)


async def decline(w: World, number: RequestNumber, by: str = "Rosa Lind") -> None:
    request = await w.request(number)
    await w.does(by, decline_request, DeclineRequest(number, request.version, response="Sorry."))


async def give_back(w: World, number: RequestNumber, by: str = "Rosa Lind") -> None:
    request = await w.request(number)
    await w.does(by, return_to_queue, ReturnToQueue(number, request.version))
