"""The parts of the bench by name; each yields its figures as soon as they are known."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from bench import change, fanout, latency
from bench.comeback import of_comeback
from bench.figures import Figure, ratio
from bench.intake import of_intake
from bench.page import payload_of
from bench.peers.contestants import ALL, OURS
from bench.peers.rounds import Course, Visited, rounds
from bench.peers.summary import summary
from bench.scale import Scale

Part = Callable[[Scale], AsyncIterator[Figure]]


async def of_peers(scale: Scale) -> AsyncIterator[Figure]:
    """Measure this server and the others side by side: two workers each, and Redis."""
    course = Course(ALL, scale.peers_sizes, scale.peers_rounds, scale.peers_shrink)
    visits: list[Visited] = []
    size = 0
    async for visited, payload in rounds(course):
        visits.append(visited)
        size = len(payload.framed()[0])
    yield Figure("bytes of a message, framed", "B", [size])
    for figure in summary(visits):
        yield figure


async def of_boards(scale: Scale) -> AsyncIterator[Figure]:
    """Measure how a change grows with the boards that show it, on two workers."""
    course = Course((replace(OURS, ticks=0),), scale.boards, 1, scale.peers_shrink)
    async for visited, _ in rounds(course):
        for standing in visited.standings:
            assert standing.paced is not None
            name = f"CPU of a change in two workers, {standing.sockets} boards open"
            yield Figure(name, "ms", [standing.paced.cpu * 1e3])
            yield Figure("    change to socket, p99", "ms", [standing.paced.p99])


async def of_sockets(scale: Scale) -> AsyncIterator[Figure]:
    """Measure one process on SQLite: (a), and what a socket weighs: (d)."""
    ours = await fanout.console(scale)
    payload = payload_of(ours.frame).decode()
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
    yield Figure(f"(d) memory of an idle socket, {span}", "KiB", weighed, 25)
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


PARTS: dict[str, Part] = {
    "peers": of_peers,
    "boards": of_boards,
    "comeback": of_comeback,
    "intake": of_intake,
    "sockets": of_sockets,
    "changes": of_changes,
    "waiting": of_waiting,
}
