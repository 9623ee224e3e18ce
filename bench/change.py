"""What one change costs from the command to the frame, and what of that is the transaction."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from bench.child import Child, child
from bench.crowd import Crowd
from bench.scale import Scale
from bench.visited import visited_console


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of CPU for each change, round by round, and how many frames each made."""

    cpu: list[float]
    frames: float


async def changes(scale: Scale) -> AsyncIterator[tuple[int, Cost]]:
    """Measure the console with one board open, and more and more rows on it."""
    async with visited_console(1, scale.pending[0]) as (process, crowd):
        await crowd.grow(1)
        shown = scale.pending[0]
        for pending in scale.pending:
            if pending > shown:
                await process.ask("fill", count=pending - shown)
                shown = pending
            await process.ask("idle", seconds=scale.settle_seconds)
            yield pending, await _cost(scale, process, crowd)


async def _cost(scale: Scale, process: Child, crowd: Crowd) -> Cost:
    cpu, made, frames = [], 0, 0
    if scale.is_warmed:
        await process.ask("round")
    for _ in range(scale.rounds):
        crowd.forget()
        done = await process.ask("round")
        cpu.append(done["cpu"] / done["changes"] * 1e3)
        made += done["changes"]
        frames += crowd.frames
    return Cost(cpu, frames / made)


async def transaction(scale: Scale) -> tuple[list[float], list[float]]:
    """Return CPU and elapsed ms of the transaction alone; the latter waits for the disk."""
    cpu, elapsed = [], []
    async with child("bench.alone") as (process, _):
        if scale.is_warmed:
            await process.ask("round")
        for _ in range(scale.rounds):
            done = await process.ask("round")
            cpu.append(done["cpu"] / done["changes"] * 1e3)
            elapsed.append(done["seconds"] / done["changes"] * 1e3)
    return cpu, elapsed
