"""The picture of the bench side by side: what a delivery costs, and what a change costs."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Sheet

from bench.figures import Figure, short
from bench.peers.contestants import ALL, OURS
from bench.peers.summary import BURST, PACED

_OURS, _OTHERS, _PALE = "#0b6b5d", "#6b7280", 0.45
_SIZE = re.compile(r"CPU of a change in all workers, burst, (\d+) sockets")


def draw(figures: Sequence[Figure], to: Path) -> None:
    """Draw it as SVG; the same figures make the same bytes."""
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "bench", "font.size": 9})
    sheet = Sheet(figsize=(10, 3.9), layout="constrained")
    left, right = sheet.subplots(1, 2, width_ratios=(1.25, 1))
    _deliveries(left, figures)
    _changes(right, figures)
    sheet.savefig(to, metadata={"Date": None})


def _deliveries(axes: Axes, figures: Sequence[Figure]) -> None:
    paced, burst = (_by_who(figures, name) for name in (PACED, BURST))
    shown = [who for who in ALL if who.name in paced]
    shown.sort(key=lambda who: paced[who.name].median, reverse=True)
    for place, who in enumerate(shown):
        colour = _OURS if who is OURS else _OTHERS
        for offset, figure, alpha in ((0.2, paced[who.name], 1), (-0.2, burst[who.name], _PALE)):
            middle = max(figure.median, 0.01)
            axes.barh(place + offset, middle, 0.36, color=colour, alpha=alpha)
            axes.text(middle * 1.08, place + offset, short(figure.median), va="center", fontsize=8)
    axes.set_xscale("log")
    axes.set_xlim(right=axes.get_xlim()[1] * 2)
    axes.set_yticks(range(len(shown)), [who.title for who in shown])
    axes.set_title("CPU of one delivery, µs: dark paced, pale in a burst")
    _plain(axes)


def _changes(axes: Axes, figures: Sequence[Figure]) -> None:
    sizes = {
        int(found[1]): figure.name for figure in figures if (found := _SIZE.match(figure.name))
    }
    by_size = {size: _by_who(figures, name) for size, name in sorted(sizes.items())}
    for who in ALL:
        points = [(n, cells[who.name].median) for n, cells in by_size.items() if who.name in cells]
        if not points:
            continue
        is_ours = who is OURS
        colour, width = (_OURS, 2.2) if is_ours else (_OTHERS, 1)
        counts, costs = zip(*points, strict=True)
        axes.plot(counts, costs, marker="o", markersize=3, color=colour, linewidth=width)
        axes.annotate(who.title, points[-1], (4, 0), textcoords="offset points", fontsize=7)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks([*by_size], [str(size) for size in by_size])
    axes.minorticks_off()
    axes.set_xlim(right=axes.get_xlim()[1] * 5)
    axes.set_xlabel("sockets")
    axes.set_title("CPU of one change in a burst, ms, all workers")
    _plain(axes)


def _by_who(figures: Sequence[Figure], name: str) -> Mapping[str, Figure]:
    return {figure.who: figure for figure in figures if figure.name == name and figure.who}


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, axis="both", alpha=0.2)
    axes.set_axisbelow(True)
