"""How long after the commit a change is at the sockets, by the clock that processes share."""

from statistics import quantiles

from bench.scale import Scale
from bench.visited import visited_console

_PENDING = 10  # rows on the board


async def latencies(scale: Scale) -> tuple[list[float], list[float]]:
    """Return p50 and p99 of every window, in ms."""
    halves, tails = [], []
    async with visited_console(scale.watchers, _PENDING) as (process, crowd):
        await crowd.grow(scale.watchers)
        crowd.is_timing = True
        await process.ask("tell", count=2, per_second=scale.timed_per_second)  # warm
        for _ in range(scale.windows):
            crowd.forget()
            told = await process.ask(
                "tell", count=scale.timed_changes, per_second=scale.timed_per_second
            )
            committed = {int(seq): at for seq, at in told["committed"].items()}
            waits = [
                (at - committed[seq]) / 1e6
                for at, after, last in crowd.heard
                for seq in range(after + 1, last + 1)
            ]
            cuts = quantiles(waits, n=100)
            halves.append(cuts[49])
            tails.append(cuts[98])
    return halves, tails
