"""The record becomes a table between two marks, and what people wrote around it stays."""

import json
from pathlib import Path

import pytest

from bench import results
from bench.figures import Figure

WRITTEN = f"# The bench\n\nBefore.\n\n{results.BEGIN}\nold\n{results.END}\n\nAfter.\n"


@pytest.fixture
def readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    page = tmp_path / "README.md"
    page.write_text(WRITTEN, encoding="utf-8")
    monkeypatch.setattr(results, "README", page)
    monkeypatch.setattr(results, "RESULTS", tmp_path / "results.json")
    return page


def test_a_part_that_was_measured_replaces_its_own_table_only(readme: Path) -> None:
    results.write({"intake": [Figure("requests", "", [40.0, 44.0, 42.0])]}, "one machine")
    results.write({"waiting": [Figure("p99", "ms", [70.0], aim=60)]}, "another")
    results.write({"intake": [Figure("requests", "", [50.0])]}, "a third")
    said = readme.read_text(encoding="utf-8")
    assert "| requests | 50.0 |" in said
    assert "42.0" not in said
    assert "| p99 | 70.0 | ms |  | 60 | **not met** |" in said
    assert "Measured on a third." in said
    assert said.startswith("# The bench\n\nBefore.\n")
    assert said.endswith("\n\nAfter.\n")
    assert "old" not in said
    assert set(json.loads(results.RESULTS.read_text(encoding="utf-8"))) == {"intake", "waiting"}


def test_contestants_stand_side_by_side(readme: Path) -> None:
    figures = [
        Figure("CPU", "µs", [8.0, 9.0], who="ours"),
        Figure("CPU", "µs", [12.0, 12.5], who="starlette"),
    ]
    results.show({"boards": {"machine": "m", "figures": [each.said() for each in figures]}})
    lines = readme.read_text(encoding="utf-8").splitlines()
    assert "| figure, median |  | this server | (c) Starlette, send_text |" in lines
    assert "| CPU | µs | 8.50<br><sub>8.00..9.00</sub> | 12.2<br><sub>12.0..12.5</sub> |" in lines
