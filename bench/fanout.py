"""CPU and memory for each socket, as slopes between few and many sockets in one process."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.child import Child, child
from bench.crowd import Crowd
from bench.greetings import PLAIN, upgrade
from bench.page import Greeting
from bench.scale import Scale
from bench.visited import visited_console

_PENDING = 10  # rows on the board
Tell = Callable[[], Awaitable[dict[str, float]]]


@dataclass(frozen=True, slots=True)
class Load:
    """What one number of sockets costs: CPU seconds of each window, and while nothing changes."""

    told: list[float]  # the changes alone: what doing nothing costs is taken off
    deliveries: list[int]
    idle_per_second: list[float]
    resident: int  # bytes


@dataclass(frozen=True, slots=True)
class Slopes:
    """What one more socket costs."""

    delivery: list[float]  # µs of CPU
    idle: list[float]  # µs of CPU a second
    memory: list[float]  # KiB
    frame: bytes  # the last thing that was delivered


async def console(scale: Scale) -> Slopes:
    """Measure the console: real sign-ins, real boards, real changes."""
    async with visited_console(scale.many, _PENDING) as (process, crowd):

        async def tell() -> dict[str, float]:
            return await process.ask("tell", count=scale.changes, per_second=scale.per_second)

        return await _slopes(scale, process, crowd, tell, scale.console_seconds)


async def baseline(scale: Scale, payload: str) -> Slopes:
    """Measure a broadcaster on stock uvicorn with the same payload."""
    async with child("bench.stock") as (process, port):
        crowd = Crowd([port], lambda _number: Greeting(upgrade(port, ""), b"", 0))
        return await _slopes_of_payload(scale, process, crowd, payload)


async def floor(scale: Scale, payload: str) -> Slopes:
    """Measure writing the same bytes to plain connections."""
    async with child("bench.floor") as (process, port):
        crowd = Crowd([port], lambda _number: PLAIN)
        return await _slopes_of_payload(scale, process, crowd, payload)


async def weigh(scale: Scale) -> list[float]:
    """Return KiB for each idle socket of a fresh console."""
    async with visited_console(scale.many, _PENDING) as (process, crowd):
        await crowd.grow(scale.few)
        await process.ask("tell", count=scale.few, per_second=100)
        before = process.resident_bytes()
        await crowd.grow(scale.many)
        await process.ask("idle", seconds=scale.settle_seconds)
        after = process.resident_bytes()
    return [(after - before) / (scale.many - scale.few) / 1024]


async def _slopes_of_payload(scale: Scale, process: Child, crowd: Crowd, payload: str) -> Slopes:
    async def tell() -> dict[str, float]:
        return await process.ask(
            "tell", count=scale.changes, per_second=scale.per_second, payload=payload
        )

    return await _slopes(scale, process, crowd, tell, scale.payload_seconds)


async def _slopes(
    scale: Scale, process: Child, crowd: Crowd, tell: Tell, idle_seconds: float
) -> Slopes:

    async def load(sockets: int, windows: int) -> Load:
        await crowd.grow(sockets)
        await process.ask("idle", seconds=scale.settle_seconds)
        resident = process.resident_bytes()
        told, deliveries, idle = [], [], [await _idle(process, idle_seconds)]
        for _ in range(windows):
            crowd.forget()
            told.append(await tell())
            deliveries.append(crowd.frames)
            _check(crowd, sockets, scale.changes)
            idle.append(await _idle(process, idle_seconds))
        return Load([*_without(idle, told)], deliveries, idle, resident)

    few = await load(scale.few, 1)  # what is little, and varies little
    many = await load(scale.many, scale.windows)
    frame = crowd.sample
    crowd.leave()
    sockets = scale.many - scale.few
    base, base_idle = median(few.told), median(few.idle_per_second)
    delivered = median(few.deliveries)
    return Slopes(
        delivery=[
            (cpu - base) / (count - delivered) * 1e6
            for cpu, count in zip(many.told, many.deliveries, strict=True)
        ],
        idle=[(cpu - base_idle) / sockets * 1e6 for cpu in many.idle_per_second],
        memory=[(many.resident - few.resident) / sockets / 1024],
        frame=frame,
    )


async def _idle(process: Child, seconds: float) -> float:
    quiet = await process.ask("idle", seconds=seconds)
    return float(quiet["cpu"] / quiet["seconds"])


def _without(idle: Sequence[float], windows: Sequence[Mapping[str, float]]) -> Iterator[float]:
    """Yield the CPU of each window less what doing nothing cost just before and after."""
    for before, after, window in zip(idle, idle[1:], windows, strict=False):
        yield window["cpu"] - (before + after) / 2 * window["seconds"]


def _check(crowd: Crowd, sockets: int, changes: int) -> None:
    """Refuse a run in which some page was told less than another; late changes share a frame."""
    frames, odd = divmod(crowd.frames, sockets)
    if crowd.lost or odd or not changes / 2 <= frames <= changes:
        raise RuntimeError(f"{crowd.frames} deliveries to {sockets} pages, {crowd.lost} pages lost")
