"""How the demo's schedulers answer: for the best choice of the Assign dialog, or with a decline."""

from datetime import datetime
from random import Random

from dispatch.choice import Assignment
from dispatch.ports import Store
from dispatch.usecases.assignment import UNAVAILABLE, AcceptRequest, accept_request
from dispatch.usecases.dialog import assignment
from dispatch.usecases.refusal import DeclineRequest, decline_request
from dispatch.vocabulary import DeclineReason, PersonId
from server.demo.board import Waiting
from server.demo.cast import Cast
from server.demo.words import REFUSALS, WELCOMES

_DECLINES = 0.12  # of all answers


async def answer(store: Store, cast: Cast, one: Waiting, chance: Random, now: datetime) -> None:
    """Accept it, or now and then decline it.

    Raises:
        DispatchError: somebody was faster, or nobody is free.
    """
    number, version = one.request.number, one.request.version
    desk = cast.desk(one.request.clinic_id)
    actor = await store.read(lambda reading: reading.actor(desk.person_id))
    if actor is None:
        return  # the visitor disabled them
    seen = await store.read(lambda reading: assignment(reading, actor, number, now))
    choice = _choice(seen, one, now)
    if choice is None or chance.random() < _DECLINES:
        reason = DeclineReason.NO_ONE_AVAILABLE
        refusal = DeclineRequest(number, version, reason, chance.choice(REFUSALS))
        await store.perform(decline_request, refusal, actor)
        return
    host, time = choice
    command = AcceptRequest(
        number,
        version,
        host,
        time if one.request.times else None,
        chance.choice(WELCOMES),
        confirmed=frozenset({UNAVAILABLE}),
    )
    await store.perform(accept_request, command, actor)


def _choice(seen: Assignment, one: Waiting, now: datetime) -> tuple[PersonId, datetime] | None:
    """Return who is free at a time that is still to come, and that time; Available ones first."""
    wanted = [time for time in one.request.times if time > now] if one.request.times else [now]
    unavailable = None
    for option in seen.providers:
        busy = {near.requested_at for near in option.conflicts if near.overlaps}
        for time in wanted:
            if time in busy:
                continue
            if time in option.available_times:
                return option.id, time
            unavailable = unavailable or (option.id, time)
    return unavailable
