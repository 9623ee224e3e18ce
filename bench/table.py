"""Figures as tables in Markdown: contestants side by side, everything else line by line."""

from collections.abc import Iterator, Mapping, Sequence

from bench.figures import Figure, short
from bench.peers.contestants import ALL

_TITLES = {
    "peers": "Side by side: two workers each, one Redis",
    "boards": "A change, and the boards that show it",
    "comeback": "A thousand pages come back",
    "intake": "Intake",
    "sockets": "One process: what a delivery and a socket cost",
    "changes": "One process: what a change costs",
    "waiting": "One process: how long a change is on its way",
}


def tables(parts: Mapping[str, Sequence[Figure]], machines: Mapping[str, str]) -> str:
    """Return all tables, each under the machine that it was measured on."""
    return "\n".join(_pieces(parts, machines))


def _pieces(parts: Mapping[str, Sequence[Figure]], machines: Mapping[str, str]) -> Iterator[str]:
    said = ""
    for name in (name for name in _TITLES if name in parts):
        yield f"### {_TITLES[name]}\n"
        if machines[name] != said:
            said = machines[name]
            yield f"Measured on {said.replace(chr(10), '. ')}.\n"
        beside = [figure for figure in parts[name] if figure.who]
        if beside:
            yield from _grid(beside)
        yield from _lines([figure for figure in parts[name] if not figure.who])


def _grid(figures: Sequence[Figure]) -> Iterator[str]:
    columns = [who for who in ALL if any(figure.who == who.name for figure in figures)]
    yield "| " + " | ".join(["figure, median", "", *(who.title for who in columns)]) + " |"
    yield "|---|---|" + "--:|" * len(columns)
    rows: dict[tuple[str, str], dict[str, Figure]] = {}
    for figure in figures:
        rows.setdefault((figure.name, figure.unit), {})[figure.who] = figure
    for (name, unit), cells in rows.items():
        said = [_cell(cells[who.name]) if who.name in cells else "" for who in columns]
        yield "| " + " | ".join([name, unit, *said]) + " |"
    yield ""


def _cell(figure: Figure) -> str:
    if len(figure.samples) == 1 or figure.unit == "x":
        return short(figure.median)
    return f"{short(figure.median)}<br><sub>{figure.span}</sub>"


def _lines(figures: Sequence[Figure]) -> Iterator[str]:
    if not figures:
        return
    yield "| figure | median | | min..max | aim | |"
    yield "|---|--:|---|--:|--:|---|"
    for figure in figures:
        name = figure.name
        if name.startswith(" "):
            name = "… " + name.strip()
        aim = "" if figure.aim is None else f"{figure.aim:g}"
        verdict = "**not met**" if figure.verdict == "NOT MET" else figure.verdict
        span = figure.span if len(figure.samples) > 1 else ""
        cells = (name, short(figure.median), figure.unit, span, aim, verdict)
        yield "| " + " | ".join(cells) + " |"
    yield ""
