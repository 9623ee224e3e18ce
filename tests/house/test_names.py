"""A name that could stand over anything says nothing."""

import ast
import re
from collections.abc import Iterator

from tests.house.checkout import ROOT, our_files, spoken, syntax

_BANNED_ROOTS = ("util", "helper", "common", "misc", "manager", "handler", "data", "info")
BANNED = {*_BANNED_ROOTS, *(f"{word}s" for word in _BANNED_ROOTS)}


def test_no_module_has_an_empty_name() -> None:
    found = {
        spoken(path)
        for path in our_files(".py", ".js")
        for part in path.relative_to(ROOT).with_suffix("").parts
        if _empty_words(part)
    }
    assert not found, f"name these after what they know: {', '.join(sorted(found))}"


def test_no_class_has_an_empty_name() -> None:
    found = [
        f"{spoken(path)}:{node.lineno} {node.name}"
        for path in our_files(".py", under=("dispatch", "server"))
        for node in _classes(syntax(path))
        if _empty_words(node.name)
    ]
    assert not found, f"name these after what they know: {', '.join(found)}"


def _classes(tree: ast.Module) -> Iterator[ast.ClassDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def _empty_words(name: str) -> set[str]:
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    return BANNED & {word.lower() for word in words}
