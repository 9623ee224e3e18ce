"""Knows every Assign dialog that can be open, and which of them has changed without being told.

A dialog is no view of a stream: it is fetched anew when its clinic's stream says anything at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from dispatch.choice import Assignment
from dispatch.errors import NotFoundError
from dispatch.events import clinic_stream
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.stream import Projection
from dispatch.usecases.dialog import assignment
from dispatch.views import BoardRow
from dispatch.vocabulary import RequestNumber
from tests.house.convergence_world import World

Key = tuple[str, RequestNumber]  # who has it open, and of which request
Dialogs = Mapping[Key, tuple[Assignment | None, int]]  # what it says, and how far its stream is


async def open_dialogs(world: World, at: datetime, keys: Iterable[Key] | None = None) -> Dialogs:
    """Return what they say, as one instant and the moment of looking ``at`` had it; all there are,
    unless they are named.
    """
    people = world.desk.people

    def look(reading: Reading) -> Dialogs:
        wanted = keys if keys is not None else _waiting(reading, people, at)
        return {key: _said(reading, people[key[0]], key[1], at) for key in wanted}

    return await world.store.read(look)


async def untold(world: World, before: Dialogs, at: datetime) -> list[str]:
    """Return those that say something else than before, though their stream has not moved."""
    after = await open_dialogs(world, at, before)
    return [
        f"the dialog of {number} that {name} has open"
        for (name, number), (said, head) in before.items()
        if after[name, number][0] != said and after[name, number][1] == head
    ]


def _waiting(reading: Reading, people: Mapping[str, Actor], at: datetime) -> list[Key]:
    return [
        (name, row.number)
        for name, actor in people.items()
        for clinic in sorted(actor.schedules)
        for row in reading.views(clinic_stream(clinic), Projection.BOARD, None, at)
        if isinstance(row, BoardRow)
    ]


def _said(
    reading: Reading, actor: Actor, number: RequestNumber, at: datetime
) -> tuple[Assignment | None, int]:
    request = reading.request(actor.account_id, number)
    assert request
    head = reading.cursor(clinic_stream(request.clinic_id)).seq
    try:
        seen = assignment(reading, actor, number, at)
    except NotFoundError:
        return None, head
    claim = seen.row.claim and replace(seen.row.claim, lease_until=at)  # the heartbeat carries it
    return replace(seen, row=replace(seen.row, claim=claim), heads={}), head
