"""What one change costs from the command to the frame, and what of that is the transaction."""

from dataclasses import dataclass

from bench.child import child
from bench.scale import Scale
from bench.visited import visited_console


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of CPU for each change, round by round, and how many frames each made."""

    cpu: list[float]
    frames: float


async def change(scale: Scale, pending: int) -> Cost:
    """Measure the console with one board open and so many rows on it."""
    cpu, changes, frames = [], 0, 0
    async with visited_console(1, pending) as (process, crowd):
        await crowd.grow(1)
        await process.ask("round")  # warm
        for _ in range(scale.rounds):
            crowd.heard.clear()
            done = await process.ask("round")
            cpu.append(done["cpu"] / done["changes"] * 1e3)
            changes += done["changes"]
            frames += len(crowd.heard)
    return Cost(cpu, frames / changes)


async def transaction(scale: Scale) -> tuple[list[float], list[float]]:
    """Return CPU and elapsed ms of the transaction alone; the latter waits for the disk."""
    cpu, elapsed = [], []
    async with child("bench.alone") as (process, _):
        await process.ask("round")  # warm
        for _ in range(scale.rounds):
            done = await process.ask("round")
            cpu.append(done["cpu"] / done["changes"] * 1e3)
            elapsed.append(done["seconds"] / done["changes"] * 1e3)
    return cpu, elapsed
