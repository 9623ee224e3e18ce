"""What was measured, kept: ``results.json`` is the record; table and plot are made of it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import table
from bench.figures import Figure

_HERE = Path(__file__).parent
RESULTS, PLOT, README = _HERE / "results.json", _HERE / "peers.svg", _HERE / "README.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def write(found: Mapping[str, Sequence[Figure]], machine: str) -> None:
    """Keep the figures of these parts; those of the others stay, with their machine."""
    kept: dict[str, Any] = {}
    if RESULTS.exists():
        kept = json.loads(RESULTS.read_text(encoding="utf-8"))
    for name, figures in found.items():
        kept[name] = {"machine": machine, "figures": [figure.said() for figure in figures]}
    RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    show(kept)


def show(kept: Mapping[str, Any]) -> None:
    """Write the table into the README, and draw the plot."""
    parts = {name: [Figure(**figure) for figure in part["figures"]] for name, part in kept.items()}
    machines = {name: part["machine"] for name, part in kept.items()}
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    written = f"{before}{BEGIN}\n\n{table.tables(parts, machines)}\n{END}{after}"
    README.write_text(written, encoding="utf-8")
    if "peers" in parts:
        from bench.plot import draw  # matplotlib takes a second, and only this needs it

        draw(parts["peers"], PLOT)
