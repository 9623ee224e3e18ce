"""``python -m bench [--quick]``: measures, and prints one table."""

import argparse
import asyncio
import time
from collections.abc import Iterator

from bench import change, fanout, latency, machine
from bench.crowd import payload_of, raise_limit_of_files
from bench.figures import HEADING, Figure, ratio
from bench.scale import FULL, QUICK, Scale


async def measured(scale: Scale) -> Iterator[Figure]:
    """Measure everything; yield the figures in the order of the table."""
    ours = await fanout.console(scale)
    payload = payload_of(ours.frame)
    stock = await fanout.baseline(scale, payload)
    floor = await fanout.floor(scale, payload)
    weighed = [*ours.memory]
    for _ in range(scale.weighings):
        weighed += await fanout.weigh(scale)
    p50, p99 = await latency.latencies(scale)
    alone, elapsed = await change.transaction(scale)
    costs = {pending: await change.change(scale, pending) for pending in scale.pending}
    size = len(payload.encode())

    def figures() -> Iterator[Figure]:
        span = f"{scale.few} -> {scale.many} sockets"
        delivery = Figure(f"(a) CPU per delivery, {span}, {size} B", "µs", ours.delivery, 12)
        by_stock = Figure("    the same by send_text on stock uvicorn", "µs", stock.delivery)
        by_pipes = Figure("    the same bytes to plain asyncio connections", "µs", floor.delivery)
        yield delivery
        yield by_stock
        yield by_pipes
        yield ratio("    send_text / ours", by_stock, delivery)
        yield ratio("    ours / plain connections", delivery, by_pipes)
        yield Figure("    CPU of a socket to which nothing happens, each second", "µs", ours.idle)
        first, *more = scale.pending
        of_few = Figure(f"(b) CPU of a change, command to frame, {first} rows", "ms", costs[first].cpu, 4)
        yield of_few
        for pending in more:
            cost = Figure(f"    with {pending} rows pending", "ms", costs[pending].cpu, 4)
            yield cost
            yield ratio(f"    {pending} rows / {first} rows", cost, of_few)
        yield Figure("    frames for each change", "", [cost.frames for cost in costs.values()])
        yield Figure("    CPU of the transaction alone", "ms", alone, 1.5)
        yield Figure("    elapsed, disk included", "ms", elapsed)
        timed = f"{scale.watchers} sockets, {scale.timed_per_second:g} changes/s"
        yield Figure(f"(c) commit to socket, p50, {timed}", "ms", p50)
        yield Figure(f"    commit to socket, p99, {timed}", "ms", p99, 60)
        yield Figure(f"(d) memory of an idle socket, {span}", "KiB", weighed, 30)
        yield Figure("    the same on stock uvicorn", "KiB", stock.memory)

    return figures()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small; shows only that it runs")
    scale = QUICK if parser.parse_args().quick else FULL
    raise_limit_of_files()
    began = time.monotonic()
    print(machine.described(), flush=True)
    figures = asyncio.run(measured(scale))
    print(f"\n{HEADING}")
    for figure in figures:
        print(figure)
    print(f"\n{time.monotonic() - began:.0f} s; load at the end {machine.load()}")


if __name__ == "__main__":
    main()
