"""Knows how an open page is brought up to date, and what it must show then: what a fresh one shows."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.house.convergence_twin import Copy, Message, Twin, best
from tests.house.convergence_world import Audience, Post, World, at_lease, order_of, over_at

KINDS = ("straight", "doubled", "reordered", "dropped", "lost")


@dataclass
class Follower:
    """A page that was opened at some moment and gets its mail by one kind of post."""

    audience: Audience
    post: Post
    twin: Twin
    begun: dict[str, Any]
    read: int  # how much of the socket's mail was delivered or lost
    at: float = 0.0
    record: list[dict[str, Any]] = field(default_factory=list)

    def hear(self, message: Message) -> list[Message]:
        wishes = self.twin.hear(message, self.at)
        self.record.append({"at": self.at, "message": message, "wishes": len(wishes)})
        return wishes


async def opened(world: World, audience: Audience, post: Post) -> Follower:
    """Open the page: what it holds, and its place in each stream, are of one instant."""
    twin = await world.fresh(audience.keys)
    begun = {
        "cursors": {key: dict(cursor or {}) for key, cursor in twin.cursors.items()},
        "entities": {entity: dict(copies) for entity, copies in twin.entities.items()},
    }
    return Follower(audience, post, twin, begun, len(audience.told))


async def open_all(world: World, kinds: Sequence[str] = KINDS, seed: int = 0) -> list[Follower]:
    return [
        await opened(world, audience, Post(kind, seed + rank))
        for rank, audience in enumerate(world.audiences)
        for kind in kinds
    ]


async def compared(world: World, followers: Sequence[Follower]) -> list[str]:
    """Bring them all up to date at once; say what any page then shows that a fresh one does not."""
    await asyncio.gather(*(catch_up(world, follower) for follower in followers))
    return [words for follower in followers for words in await differences(world, follower)]


async def catch_up(world: World, follower: Follower) -> None:
    """Deliver the mail, then let heartbeats show what was lost until the page asks no more."""
    mail = follower.audience.told[follower.read :]
    follower.read = len(follower.audience.told)
    for frame in follower.post.deliver(mail):
        follower.at += 5
        await _answered(world, follower, follower.hear(frame))
    for _ in range(4):
        follower.at += 2500
        await _answered(world, follower, follower.hear(await world.heartbeat(follower.audience)))
        follower.at += 1100
        await _answered(world, follower, follower.hear({"type": "tick"}))
        if not follower.twin.behind and not follower.twin.asked:
            return
    raise AssertionError(f"{follower.audience.name} never caught up")


async def _answered(world: World, follower: Follower, wishes: list[Message]) -> None:
    for wish in wishes:
        follower.at += 20
        assert follower.hear(await world.answer(wish)) == []


async def differences(world: World, follower: Follower) -> list[str]:
    """Say what the page shows and a fresh one does not, and the other way round."""
    fresh = await world.fresh(follower.audience.keys)
    leases = (await world.heartbeat(follower.audience))["leases"]
    until = {entity: at for held in leases.values() for entity, at in held.items()}
    wanted = fresh.entities
    shown = {
        entity: copy
        for entity, copy in follower.twin.shown.items()
        if entity in wanted or not over_at(copy["html"], world.clock.now())
    }
    who = f"{follower.audience.name} by {follower.post.kind} post"
    found = [f"{who}: {entity} is missing" for entity in sorted(wanted.keys() - shown.keys())]
    found += [f"{who}: {entity} should be gone" for entity in sorted(shown.keys() - wanted.keys())]
    for entity in sorted(shown.keys() & wanted.keys()):
        html = at_lease(shown[entity]["html"], until.get(entity))
        allowed = _allowed(wanted[entity], until.get(entity))
        if html not in allowed:
            found.append(f"{who}: {entity} differs:\n{_first_difference(html, allowed[0])}")
    if not found and _order(shown) != _order({e: best(c) for e, c in wanted.items()}):
        found.append(f"{who}: another order")
    if follower.twin.cursors != fresh.cursors:
        found.append(f"{who}: cursors {follower.twin.cursors} are not {fresh.cursors}")
    return found


def _allowed(copies: dict[str, Copy], until: int | None) -> list[str]:
    """Return how an entity may look: where streams hold equal versions, as either of them says."""
    newest = max(copy["version"] for copy in copies.values())
    return [at_lease(c["html"], until) for c in copies.values() if c["version"] == newest]


def _order(shown: dict[str, Copy]) -> list[tuple[str, str]]:
    """Return the entities of each place from top to bottom, as data-order puts them there."""
    return sorted(
        (entity.partition(":")[0], order_of(copy["html"])) for entity, copy in shown.items()
    )


def _first_difference(html: str, wanted: str) -> str:
    start = next(
        (i for i, (a, b) in enumerate(zip(html, wanted, strict=False)) if a != b),
        min(len(html), len(wanted)),
    )
    begin = max(start - 80, 0)
    return f"  shown …{html[begin : start + 120]!r}\n  fresh …{wanted[begin : start + 120]!r}"
