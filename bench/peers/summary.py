"""What the visits come to: figures for each contestant, and the aims of ours."""

from collections.abc import Callable, Iterator, Sequence

from bench.figures import Figure, ratio
from bench.peers.contestants import ALL, FLOOR, OURS, SIGNED, STARLETTE
from bench.peers.figures import slope
from bench.peers.rounds import Visited
from bench.peers.visit import Standing, Told

PACED, BURST = "CPU per delivery, paced", "CPU per delivery, burst"
_AIMS = {  # of ours, relative to others
    (PACED, "starlette"): 0.65,
    (BURST, "starlette"): 0.4,
    (PACED, "socketio"): 0.2,
    (BURST, "socketio"): 0.2,
    (PACED, "channels"): 0.07,
    (BURST, "channels"): 0.07,
}
Windows = Callable[[Standing], Told | None]
TITLES = {who.name: who.title for who in ALL}


def summary(visits: Sequence[Visited]) -> Iterator[Figure]:
    """Yield every figure, each contestant's beside the others'."""
    by_name: dict[str, list[Visited]] = {}
    for visit in visits:
        by_name.setdefault(visit.name, []).append(visit)
    told = {name: found for name, found in by_name.items() if name != SIGNED.name}
    slopes: dict[tuple[str, str], Figure] = {}
    for name, window in ((PACED, _paced), (BURST, _burst)):
        for who, found in told.items():
            samples = [_delivery(visit.standings, window) for visit in found]
            slopes[name, who] = figure = Figure(name, "µs", samples, who=who)
            yield figure
    yield from _relations(slopes)
    yield from _changes(told)
    yield from _waits(told)
    yield from _sockets(by_name)
    yield from _losses(told)


def _relations(slopes: dict[tuple[str, str], Figure]) -> Iterator[Figure]:
    for name in (PACED, BURST):
        base = slopes.get((name, STARLETTE.name))
        for (kind, who), figure in slopes.items():
            if kind == name and base is not None:
                yield ratio(f"{name}, relative to (c)", figure, base, who=who)
        for (kind, other), aim in _AIMS.items():
            if kind == name and (name, other) in slopes and other != STARLETTE.name:
                title = f"{name}, ours relative to {TITLES[other]}"
                yield ratio(title, slopes[name, OURS.name], slopes[name, other], aim)
        if base is not None:
            aim = _AIMS[name, STARLETTE.name]
            title = f"{name}, ours relative to {TITLES[STARLETTE.name]}"
            yield ratio(title, slopes[name, OURS.name], base, aim)


def _changes(told: dict[str, list[Visited]]) -> Iterator[Figure]:
    costs: dict[tuple[str, int, str], Figure] = {}
    for kind, window in (("paced", _paced), ("burst", _burst)):
        for place, standing in enumerate(_of_ours(told)):
            sockets = standing.sockets
            for who, found in told.items():
                samples = [
                    seen.cpu * 1e3
                    for visit in found
                    if (seen := window(visit.standings[place])) is not None
                ]
                name = f"CPU of a change in all workers, {kind}, {sockets} sockets"
                costs[kind, sockets, who] = figure = Figure(name, "ms", samples, who=who)
                yield figure
    for standing in _of_ours(told):
        ours = costs.get(("burst", standing.sockets, OURS.name))
        floor = costs.get(("burst", standing.sockets, FLOOR.name))
        if ours and floor:
            title = f"CPU of a change in a burst, ours relative to the floor, {standing.sockets}"
            yield ratio(f"{title} sockets", ours, floor, aim=1)
    for who, found in told.items():
        samples = [
            seen.telling * 1e3
            for visit in found
            for standing in visit.standings
            if (seen := standing.paced) is not None
        ]
        yield Figure("CPU of making a change, beside the workers", "ms", samples, who=who)


def _waits(told: dict[str, list[Visited]]) -> Iterator[Figure]:
    for kind, window in (("paced", _paced), ("burst", _burst)):
        for place, standing in enumerate(_of_ours(told)):
            for percent in ("p50", "p99"):
                for who, found in told.items():
                    samples = [
                        getattr(seen, percent)
                        for visit in found
                        if (seen := window(visit.standings[place])) is not None
                    ]
                    name = f"change to socket {percent}, {kind}, {standing.sockets} sockets"
                    yield Figure(name, "ms", samples, who=who)


def _sockets(by_name: dict[str, list[Visited]]) -> Iterator[Figure]:
    opening: dict[str, Figure] = {}
    for who, found in by_name.items():
        ends = [(visit.standings[0], visit.standings[-1]) for visit in found]
        span = [many.sockets - few.sockets for few, many in ends]
        memory = [
            (many.resident - few.warmed) / more / 1024
            for (few, many), more in zip(ends, span, strict=True)
        ]
        yield Figure("memory of an idle socket", "KiB", memory, _aim(who, 25), who)
        idle = [
            (many.idle - few.idle) / more * 1e6
            for (few, many), more in zip(ends, span, strict=True)
        ]
        yield Figure("CPU of an idle socket, each second", "µs", idle, who=who)
        opened = [many.opening * 1e3 for _, many in ends]
        opening[who] = Figure("CPU of a connection", "ms", opened, who=who)
        yield opening[who]
    if OURS.name in opening and SIGNED.name in opening:
        title = "CPU of a connection, ours relative to (c) with the same sign-in"
        yield ratio(title, opening[OURS.name], opening[SIGNED.name], 1.2)


def _losses(told: dict[str, list[Visited]]) -> Iterator[Figure]:
    for who, found in told.items():
        seen = [window for visit in found for window in _windows(visit)]
        missing = float(sum(window.missing + window.breaks for window in seen))
        yield Figure("messages lost or out of order", "", [missing], _aim(who, 0), who)
    for who, found in told.items():
        share = [max(window.generator for window in _windows(visit)) * 100 for visit in found]
        yield Figure("load generator, most of one core", "%", share, who=who)


def _windows(visit: Visited) -> Iterator[Told]:
    for standing in visit.standings:
        for window in (standing.paced, standing.burst):
            if window is not None:
                yield window


def _delivery(standings: Sequence[Standing], window: Windows) -> float:
    """Return µs of CPU for one change at one more socket."""
    few, many = standings[0], standings[-1]
    least, most = window(few), window(many)
    assert least is not None
    assert most is not None
    return slope((few.sockets, least.cpu), (many.sockets, most.cpu)) * 1e6


def _of_ours(told: dict[str, list[Visited]]) -> Sequence[Standing]:
    return told[OURS.name][0].standings


def _aim(who: str, most: float) -> float | None:
    return most if who == OURS.name else None


def _paced(standing: Standing) -> Told | None:
    return standing.paced


def _burst(standing: Standing) -> Told | None:
    return standing.burst
