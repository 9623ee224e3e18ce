"""Which tests keep which promise: ``python -m tests.house.coverage`` writes docs/coverage.md anew.

A test says what it proves by number, in a comment or its docstring: ``# S43``. A number on a class
of tests counts for the class; anywhere else it proves nothing.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.house.checklist import NOT_BUILT, PROMISES
from tests.house.checkout import ROOT, our_files, spoken, syntax

DOCUMENT = ROOT / "docs" / "coverage.md"
_NUMBER = re.compile(r"\b[SV][1-9]\d?\b")
_HEAD = """# What is promised, and the tests that keep it

Made by `python -m tests.house.coverage` from the numbers in the tests; do not edit. S1 to S92 are what the source and
the design card say or imply, V1 to V12 what the source's sister pages add. A number without a test fails the build.
"""


def proofs() -> dict[str, list[str]]:
    """Return the tests that name each number, as ``path::test``."""
    found: dict[str, set[str]] = {number: set() for number in PROMISES}
    for path in our_files(".py", under=("tests",)):
        if path.parent.name == "house" and path.stem in {"checklist", "coverage"}:
            continue
        for number, test in _named_in(path):
            if number in found:
                found[number].add(f"{spoken(path).removeprefix('tests/')}::{test}")
    return {number: sorted(tests) for number, tests in found.items()}


def unproven(found: Mapping[str, list[str]]) -> list[str]:
    """Return the numbers that no test names."""
    return [number for number, tests in found.items() if not tests]


def document(found: Mapping[str, list[str]]) -> str:
    """Return docs/coverage.md."""
    lines = [_HEAD, "| | promise | kept by |", "|---|---|---|"]
    for number, promise in PROMISES.items():
        tests = "<br>".join(f"`{_brief(test)}`" for test in found[number])
        lines.append(f"| **{number}** | {promise} | {tests} |")
    lines += ["", "## Not built, and why", ""]
    lines += [f"* **{number}**: {reason}." for number, reason in NOT_BUILT.items()]
    return "\n".join(lines) + "\n"


def _brief(test: str) -> str:
    return test.replace(".py::test_", ": ").replace(".py::", ": ").replace("_", " ")


def _named_in(path: Path) -> Iterator[tuple[str, str]]:
    spans = list(_spans(syntax(path)))
    source = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        is_docstring = token.type == tokenize.STRING and token.line.lstrip().startswith('"""')
        if token.type == tokenize.COMMENT or is_docstring:
            numbers = _NUMBER.findall(token.string)
            inside = [
                (end - start, name) for start, end, name in spans if start <= token.start[0] <= end
            ]
            if numbers and inside:
                yield from ((number, min(inside)[1]) for number in numbers)


def _spans(tree: ast.Module) -> Iterator[tuple[int, int, str]]:
    """Yield the lines of each test, with its decorators and a comment line above them."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if node.name.startswith("Test" if isinstance(node, ast.ClassDef) else "test_"):
            above = min([node.lineno, *(each.lineno for each in node.decorator_list)]) - 1
            yield above, node.end_lineno or node.lineno, node.name


if __name__ == "__main__":
    DOCUMENT.write_text(document(proofs()), encoding="utf-8")
