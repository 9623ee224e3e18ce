"""``python -m bench [--quick]``: measures, and prints one table."""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator

from bench import change, fanout, latency, machine
from bench.crowd import payload_of, raise_limit_of_files
from bench.figures import HEADING, Figure, ratio
from bench.scale import FULL, QUICK, Scale


async def of_sockets(scale: Scale) -> AsyncIterator[Figure]:
    """Measure (a), and what a socket weighs: (d)."""
    ours = await fanout.console(scale)
    payload = payload_of(ours.frame)
    stock = await fanout.baseline(scale, payload)
    floor = await fanout.floor(scale, payload)
    span = f"{scale.few} -> {scale.many} sockets"
    size = len(payload.encode())
    delivery = Figure(f"(a) CPU per delivery, {span}, {size} B", "µs", ours.delivery, 12)
    by_stock = Figure("    the same by send_text on stock uvicorn", "µs", stock.delivery)
    by_pipes = Figure("    the same bytes to plain asyncio connections", "µs", floor.delivery)
    for figure in (delivery, by_stock, by_pipes):
        yield figure
    yield ratio("    send_text / ours", by_stock, delivery)
    yield ratio("    ours / plain connections", delivery, by_pipes)
    yield Figure("    CPU of a socket to which nothing happens, each second", "µs", ours.idle)
    weighed = [*ours.memory]
    for _ in range(scale.weighings):
        weighed += await fanout.weigh(scale)
    yield Figure(f"(d) memory of an idle socket, {span}", "KiB", weighed, 30)
    yield Figure("    the same on stock uvicorn", "KiB", stock.memory)


async def of_changes(scale: Scale) -> AsyncIterator[Figure]:
    """Measure (b)."""
    base: Figure | None = None
    frames = []
    async for pending, cost in change.changes(scale):
        name = f"(b) CPU of a change, command to frame, {pending} rows pending"
        figure = Figure(name, "ms", cost.cpu, 4)
        yield figure
        if base is not None:
            yield ratio(f"    {pending} rows / {scale.pending[0]} rows", figure, base)
        base = base or figure
        frames.append(cost.frames)
    yield Figure("    frames for each change", "", frames)
    alone, elapsed = await change.transaction(scale)
    yield Figure("    CPU of the transaction alone", "ms", alone, 1.5)
    yield Figure("    elapsed time of the transaction alone, disk included", "ms", elapsed)


async def of_waiting(scale: Scale) -> AsyncIterator[Figure]:
    """Measure (c)."""
    p50, p99 = await latency.latencies(scale)
    timed = f"{scale.watchers} sockets, {scale.timed_per_second:g} changes/s"
    yield Figure(f"(c) commit to socket, p50, {timed}", "ms", p50)
    yield Figure(f"    commit to socket, p99, {timed}", "ms", p99, 60)


async def measure(scale: Scale) -> None:
    """Print each figure as soon as it is known."""
    yardsticks = [machine.yardstick()]
    for part in (of_sockets, of_changes, of_waiting):
        async for figure in part(scale):
            print(figure, flush=True)
        yardsticks.append(machine.yardstick())
    print(Figure("    yardstick: CPU of a million additions, now and then", "ms", yardsticks))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small; shows only that it runs")
    is_quick = parser.parse_args().quick
    scale = QUICK if is_quick else FULL
    raise_limit_of_files()
    began = time.monotonic()
    print(machine.described())
    if is_quick:
        print("Quick: far too small to mean anything. It shows that the bench runs.")
    print(f"\n{HEADING}", flush=True)
    asyncio.run(measure(scale))
    print(f"\n{time.monotonic() - began:.0f} s; load at the end {machine.load()}")


if __name__ == "__main__":
    main()
