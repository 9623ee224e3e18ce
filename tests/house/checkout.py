"""Knows which files are ours and how to read their syntax; judges none of them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUR_FOLDERS = ("dispatch", "server", "templates", "static", "tests", "bench", "docs")
THEIRS = "vendor"  # code of others, kept as it came


def our_files(*suffixes: str, under: tuple[str, ...] = OUR_FOLDERS) -> list[Path]:
    """List our files with these suffixes, sorted, without what others wrote or Python cached."""
    return sorted(
        path
        for folder in under
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes
        and not {THEIRS, "__pycache__"} & set(path.relative_to(ROOT).parts)
    )


def spoken(path: Path) -> str:
    """Name a file as a person would: from the root of the checkout."""
    return path.relative_to(ROOT).as_posix()


def syntax(path: Path) -> ast.Module:
    """Parse a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported_modules(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and name of every module that the tree imports, at any depth."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.lineno, node.module


def calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of every call, with what the file imported under another name undone."""
    full_names = _names_from_imports(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            first, dot, rest = ast.unparse(node.func).partition(".")
            yield node.lineno, full_names.get(first, first) + dot + rest


def _names_from_imports(tree: ast.Module) -> dict[str, str]:
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return names
